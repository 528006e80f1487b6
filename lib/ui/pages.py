"""The pages of the explorer: addresses, files, groups and names. The menu and the home page read this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lib.ui.lang import Lang

ROOT = Path(__file__).resolve().parents[2]


class Group(StrEnum):
    """A heading of the menu."""

    CNN = "cnn"
    TENSORS = "tensors"
    TRAINING = "training"
    CHECK = "check"


GROUP_NAMES: dict[Lang, dict[Group, str]] = {
    Lang.EN: {
        Group.CNN: "Convolution",
        Group.TENSORS: "Tensors",
        Group.TRAINING: "Training",
        Group.CHECK: "Check",
    },
    Lang.ZH: {
        Group.CNN: "卷积",
        Group.TENSORS: "张量",
        Group.TRAINING: "训练",
        Group.CHECK: "检验",
    },
}


@dataclass(frozen=True)
class PageName:
    """What a page is called in one language and the question it answers (one line, for the home page)."""

    title: str
    question: str


@dataclass(frozen=True)
class PageInfo:
    """One page: ``key`` is its address (``/convolution``); the home page has the address ``/``."""

    key: str
    icon: str
    group: Group | None
    names: dict[Lang, PageName]

    @property
    def file(self) -> str:
        """Path from the repository's root, as ``st.page_link`` takes it.

        >>> page_info("train").file
        'pages/train.py'
        """
        return "streamlit_app.py" if self.key == "home" else f"pages/{self.key}.py"


def _page(
    key: str, icon: str, group: Group | None, en: tuple[str, str], zh: tuple[str, str]
) -> tuple[str, PageInfo]:
    names = {Lang.EN: PageName(*en), Lang.ZH: PageName(*zh)}
    return key, PageInfo(key, f":material/{icon}:", group, names)


PAGES: dict[str, PageInfo] = dict(
    [
        _page("home", "home", None, ("Home", ""), ("首页", "")),
        _page(
            "convolution",
            "grid_on",
            Group.CNN,
            ("Convolution", "Which output shape do W, F, P and S give, and why?"),
            ("卷积", "W、F、P、S 会得到怎样的输出形状？为什么？"),
        ),
        _page(
            "cnn",
            "layers",
            Group.CNN,
            ("CNN architectures", "What happens to the shape on the way through a whole network?"),
            ("CNN 结构", "数据穿过整个网络时，形状怎样变化？"),
        ),
        _page(
            "tensors",
            "dataset",
            Group.TENSORS,
            ("Create tensors", "What do zeros, randn, arange and the others make?"),
            ("创建张量", "zeros、randn、arange 等函数会生成什么？"),
        ),
        _page(
            "shapes",
            "view_in_ar",
            Group.TENSORS,
            ("Join and reshape", "Where does each element go in squeeze, cat or permute?"),
            ("拼接与变形", "经过 squeeze、cat、permute 后，每个元素去了哪里？"),
        ),
        _page(
            "indexing",
            "filter_center_focus",
            Group.TENSORS,
            ("Index and reduce", "Which cells does an index select, and which one wins an argmax?"),
            ("索引与归约", "一个索引选中哪些格子？argmax 选出哪一个？"),
        ),
        _page(
            "memory",
            "memory",
            Group.TENSORS,
            ("Memory and dtypes", "Who shares memory with whom, and what does a cast lose?"),
            ("内存与 dtype", "谁和谁共享内存？类型转换会丢失什么？"),
        ),
        _page(
            "embedding",
            "table_rows",
            Group.TENSORS,
            ("Embedding", "What does a lookup return, and which rows get a gradient?"),
            ("嵌入", "查表返回什么？哪些行有梯度？"),
        ),
        _page(
            "train",
            "model_training",
            Group.TRAINING,
            ("Train on MNIST", "How does a network learn to read digits, step by step?"),
            ("MNIST 训练", "一个网络怎样一步步学会认数字？"),
        ),
        _page(
            "draw",
            "draw",
            Group.TRAINING,
            ("Draw a digit", "What does the network see in your handwriting?"),
            ("手写数字", "网络在你的笔迹里看到了什么？"),
        ),
        _page(
            "optimizers",
            "trending_down",
            Group.TRAINING,
            ("Optimizers", "How do SGD, momentum, Adam and AdamW walk downhill?"),
            ("优化器", "SGD、动量、Adam、AdamW 怎样下山？"),
        ),
        _page(
            "autograd",
            "account_tree",
            Group.TRAINING,
            ("Autograd", "What do backward, step and zero_grad do to a gradient?"),
            ("自动求导", "backward、step、zero_grad 对梯度做了什么？"),
        ),
        _page(
            "finetune",
            "tune",
            Group.TRAINING,
            ("Fine-tuning", "Which weights move when layers are frozen?"),
            ("微调", "冻结一些层之后，哪些权重还会动？"),
        ),
        _page(
            "workflow",
            "conversion_path",
            Group.TRAINING,
            (
                "From data to an answer",
                "What happens to a sentence on its way through tokenizer, loader and model?",
            ),
            ("从数据到答案", "一句话怎样经过分词器、加载器和模型？"),
        ),
        _page(
            "quiz",
            "quiz",
            Group.CHECK,
            ("What does it print?", "Can you tell what PyTorch will answer?"),
            ("会打印什么？", "你能说出 PyTorch 的答案吗？"),
        ),
        _page(
            "notes",
            "fact_check",
            Group.CHECK,
            ("Notes and PyTorch", "Which sentences of the usual notes does PyTorch contradict?"),
            ("笔记与 PyTorch", "笔记里常见的哪些说法与 PyTorch 不符？"),
        ),
    ]
)


def page_info(key: str) -> PageInfo:
    """The page with that key.

    >>> page_info("home").file
    'streamlit_app.py'

    Raises: KeyError where there is no such page.
    """
    return PAGES[key]


def pages_in(group: Group) -> list[PageInfo]:
    """The pages of a group, in teaching order."""
    return [page for page in PAGES.values() if page.group is group]
