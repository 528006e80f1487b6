"""Labels of /workflow."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.workflow.metrics import Metric
from lib.core.workflow.path import Pooling, Transform
from lib.core.workflow.text import TokenizerKind
from lib.lessons.workflow.state import Block, Data, Track
from lib.ui.lang import Lang


@dataclass(frozen=True)
class StageTexts:
    """Titles and notes of the picture."""

    raw: str
    tokens: str
    batch: str
    vectors: str
    pooled: str
    answer: str
    picture: str
    transformed: str
    pictures: str
    hidden: str
    logits: str
    characters: str
    """Slots: count."""
    count: str
    """Slots: tokens, unknown."""
    padded: str
    """Slots: neighbours, size, percent."""
    drawn: str
    """Slots: drawn, size."""
    looked_up: str
    kept: str
    """Slots: kept, length."""
    value_range: str
    """Slots: low, high."""
    untrained: str


@dataclass(frozen=True)
class WorkflowTexts:
    """Labels of /workflow."""

    title: str
    track: str
    tracks: dict[Track, str]
    sentence: str
    sentence_help: str
    """Slots: limit."""
    data: str
    datas: dict[Data, str]
    digit: str
    compare: str
    paths: tuple[str, str]
    of_path: str
    """Slots: path, name."""
    blocks_label: str
    blocks: dict[Block, str]
    transform_block: str
    picture_labels: dict[str, str]
    """play, pause, step (slots: step, steps), open (slot: block)."""
    stages: StageTexts
    labels: tuple[str, str]
    """Praise and complaint."""
    tokenizer: str
    tokenizers: dict[TokenizerKind, str]
    in_bytes: str
    vocabulary: str
    pooling: str
    poolings: dict[Pooling, str]
    transform: str
    transforms: dict[Transform, str]
    hidden: str
    batch: str
    metric: str
    metrics: dict[Metric, str]
    score: str
    """Slots: metric, value, samples."""
    not_trained: str
    no_tokens: str
    share: str
    table_head: tuple[str, str]
    counts: str
    """Slots: train, complaints, test, test_complaints."""
    download: str
    clean: str
    sample: str
    dataset_line: str
    """Slots: index, ids, label, length."""
    leak: str
    """Slots: leaked, total."""
    no_leak: str
    """Slots: total."""
    leak_scores: str
    """Slots: path, seen, unseen."""
    token_head: tuple[str, str, str]
    knows: str
    """Slots: path, tokens, unknown."""
    merges: str
    """Slots: path, count."""
    no_merges: str
    new_words: str
    """Slots: path, new, rest."""
    loader_line: str
    """Slots: path, samples, size, batches, last."""
    parameters: str
    """Slots: path, total, parts."""
    loss: str
    step: str
    loss_reading: str
    """Slots: path, steps, first, last."""
    pipeline_head: tuple[str, str, str]
    confusion_head: str
    """Slots: path."""
    true: str
    answered: str
    undefined: str
    baseline: str
    """Slots: percent."""
    macro: str
    code_path: str
    """Slots: path."""
    reading: str
    """Slots: path, tokens, ids."""
    picture_reading: str
    """Slots: path, digit, answer, percent."""


WORKFLOW_TEXTS: dict[Lang, WorkflowTexts] = {
    Lang.EN: WorkflowTexts(
        title="From raw data to an answer",
        track="What goes through",
        tracks={Track.TEXT: "A sentence", Track.PICTURE: "A picture"},
        sentence="Your sentence",
        sentence_help="At most {limit} characters. The model learned from short reviews: is this praise or a "
        "complaint?",
        data="Sentences in",
        datas={Data.EN: "English", Data.ZH: "Chinese"},
        digit="Test image",
        compare="Compare two paths",
        paths=("Path A", "Path B"),
        of_path="{path}: {name}",
        blocks_label="Open a block",
        blocks={
            Block.DATA: "Raw data",
            Block.DATASET: "Dataset",
            Block.TOKENIZER: "Tokenizer",
            Block.LOADER: "Loader",
            Block.MODEL: "Model",
            Block.PIPELINE: "Pipeline",
            Block.EVALUATION: "Evaluation",
        },
        transform_block="Transform",
        picture_labels={
            "play": "Play",
            "pause": "Pause",
            "step": "Block {step} of {steps}",
            "open": "Open this block below: {block}",
        },
        stages=StageTexts(
            raw="Raw text",
            tokens="Tokenizer",
            batch="Loader",
            vectors="Embedding",
            pooled="Pool, linear",
            answer="Answer",
            picture="Raw picture",
            transformed="Transform",
            pictures="Loader",
            hidden="Hidden layer",
            logits="Logits",
            characters="{count} characters",
            count="{tokens} tokens, {unknown} unknown",
            padded="{neighbours} neighbours (training: {size} a batch), {percent} % padding",
            drawn="{drawn} of {size} drawn",
            looked_up="one row a token",
            kept="{kept} of {length} vectors pooled",
            value_range="values {low} to {high}",
            untrained="not trained yet",
        ),
        labels=("praise", "complaint"),
        tokenizer="Tokenizer",
        tokenizers={
            TokenizerKind.WORD: "words",
            TokenizerKind.CHAR: "characters",
            TokenizerKind.BPE: "byte-pair encoding",
        },
        in_bytes="start from bytes",
        vocabulary="Vocabulary size",
        pooling="Pooling",
        poolings={
            Pooling.MEAN: "mean, padding masked",
            Pooling.MEAN_UNMASKED: "mean, padding counted",
            Pooling.MAX: "maximum",
        },
        transform="Transform",
        transforms={
            Transform.TO_TENSOR: "ToTensor: 0 to 1",
            Transform.NORMALIZE: "ToTensor, Normalize",
            Transform.BYTES: "bytes as they are: 0 to 255",
        },
        hidden="hidden layer of 32",
        batch="Batch size",
        metric="Metric",
        metrics={
            Metric.ACCURACY: "accuracy",
            Metric.PRECISION: "precision",
            Metric.RECALL: "recall",
            Metric.F1: "F1",
            Metric.BALANCED: "balanced accuracy",
        },
        score="{metric} {value} on {samples} test samples",
        not_trained="not trained yet: press Train",
        no_tokens="This sentence has no tokens: type a word.",
        share="Complaints among the sentences (%)",
        table_head=("label", "text"),
        counts="{train} sentences to train on, {complaints} % of them complaints; {test} to test on, "
        "{test_complaints} %.",
        download="Download the sentences",
        clean="Leave test sentences out of the training set",
        sample="index",
        dataset_line="`dataset[{index}]` → `({ids}, {label})`, and `len(dataset)` → `{length}`",
        leak="**{leaked} of {total} test sentences stand in the training set, too.** That is leakage: a model can know "
        "them by heart.",
        no_leak="None of the {total} test sentences stands in the training set: what is right was not known by heart.",
        leak_scores="{path}: {seen} of those right, {unseen} of the others",
        token_head=("token", "id", "text[start:end]"),
        knows="**{path}** knows {tokens} tokens; {unknown} of this sentence are unknown.",
        merges="{path}: the first {count} merges, the most frequent pair each time",
        no_merges="This vocabulary is so small that it holds the single characters and no merge.",
        new_words="**{path}**: {new} right on test sentences with a word that training has not, {rest} on the rest.",
        loader_line="**{path}**: {samples} samples in batches of {size} are {batches} batches; the last "
        "one has {last}.",
        parameters="**{path}**: {total} parameters = {parts}",
        loss="cross-entropy",
        step="step",
        loss_reading="Loss of {path} over {steps} steps: from {first} to {last}.",
        pipeline_head=("call", "shape", "value"),
        confusion_head="{path}: rows are true, columns are answered",
        true="true",
        answered="answered",
        undefined="undefined",
        baseline="A model that always answers “praise” would reach {percent} % accuracy here, and find no complaint.",
        macro="Precision, recall and F1 are means over the ten digits, each counting the same (macro).",
        code_path="The whole of {path}",
        reading="{path}: tokens {tokens}; ids {ids}.",
        picture_reading="{path}: test image {digit} is read as {answer}, {percent} %.",
    ),
    Lang.ZH: WorkflowTexts(
        title="从原始数据到答案",
        track="输入",
        tracks={Track.TEXT: "一句话", Track.PICTURE: "一张图像"},
        sentence="你的句子",
        sentence_help="最多 {limit} 个字符。模型用简短的评价训练：这句话是好评还是差评？",
        data="句子的语言",
        datas={Data.EN: "英文", Data.ZH: "中文"},
        digit="测试图像",
        compare="比较两条路径",
        paths=("路径 A", "路径 B"),
        of_path="{path}：{name}",
        blocks_label="打开一个模块",
        blocks={
            Block.DATA: "原始数据",
            Block.DATASET: "数据集",
            Block.TOKENIZER: "分词器",
            Block.LOADER: "加载器",
            Block.MODEL: "模型",
            Block.PIPELINE: "流水线",
            Block.EVALUATION: "评估",
        },
        transform_block="变换",
        picture_labels={
            "play": "播放",
            "pause": "暂停",
            "step": "第 {step} 个模块，共 {steps} 个",
            "open": "在下方打开：{block}",
        },
        stages=StageTexts(
            raw="原始文本",
            tokens="分词器",
            batch="加载器",
            vectors="嵌入",
            pooled="池化、线性层",
            answer="答案",
            picture="原始图像",
            transformed="变换",
            pictures="加载器",
            hidden="隐藏层",
            logits="logits",
            characters="{count} 个字符",
            count="{tokens} 个词元，其中 {unknown} 个未知",
            padded="同批另有 {neighbours} 句（训练时每批 {size} 句），填充占 {percent} %",
            drawn="画出 {size} 张中的 {drawn} 张",
            looked_up="每个词元一行",
            kept="池化 {length} 个向量中的 {kept} 个",
            value_range="数值从 {low} 到 {high}",
            untrained="尚未训练",
        ),
        labels=("好评", "差评"),
        tokenizer="分词器",
        tokenizers={
            TokenizerKind.WORD: "按词",
            TokenizerKind.CHAR: "按字符",
            TokenizerKind.BPE: "字节对编码（BPE）",
        },
        in_bytes="从字节开始",
        vocabulary="词表大小",
        pooling="池化方式",
        poolings={
            Pooling.MEAN: "平均，屏蔽填充",
            Pooling.MEAN_UNMASKED: "平均，填充也算",
            Pooling.MAX: "最大值",
        },
        transform="变换",
        transforms={
            Transform.TO_TENSOR: "ToTensor：0 到 1",
            Transform.NORMALIZE: "ToTensor、Normalize",
            Transform.BYTES: "原样的字节：0 到 255",
        },
        hidden="32 个单元的隐藏层",
        batch="批大小",
        metric="指标",
        metrics={
            Metric.ACCURACY: "准确率",
            Metric.PRECISION: "精确率",
            Metric.RECALL: "召回率",
            Metric.F1: "F1",
            Metric.BALANCED: "平衡准确率",
        },
        score="{metric}（{samples} 个测试样本）：{value}",
        not_trained="尚未训练：请按“训练”",
        no_tokens="这句话没有词元：请输入文字。",
        share="差评在句子中所占的比例（%）",
        table_head=("标签", "文本"),
        counts="训练用 {train} 句，其中差评占 {complaints} %；测试用 {test} 句，其中差评占 {test_complaints} %。",
        download="下载这些句子",
        clean="把测试句从训练集中去掉",
        sample="索引",
        dataset_line="`dataset[{index}]` → `({ids}, {label})`，`len(dataset)` → `{length}`",
        leak="**{total} 个测试句中有 {leaked} 个也出现在训练集里**：这就是数据泄漏，模型可能只是背下了它们。",
        no_leak="{total} 个测试句都不在训练集里：答对的不是背下来的。",
        leak_scores="{path}：这些句子答对 {seen}，其余句子答对 {unseen}",
        token_head=("词元", "编号", "text[start:end]"),
        knows="**{path}** 的词表有 {tokens} 个词元；这句话里有 {unknown} 个未知词元。",
        merges="{path}：最先的 {count} 次合并，每次合并最常见的一对",
        no_merges="这个词表太小，只放得下单个字符，没有任何合并。",
        new_words="**{path}**：含有训练中没有的词的测试句答对 {new}，其余答对 {rest}。",
        loader_line="**{path}**：{samples} 个样本，每批 {size} 个，共 {batches} 批；最后一批有 {last} 个。",
        parameters="**{path}**：{total} 个参数 = {parts}",
        loss="交叉熵",
        step="步",
        loss_reading="{path} 在 {steps} 步中的损失：从 {first} 到 {last}。",
        pipeline_head=("调用", "形状", "值"),
        confusion_head="{path}：行是真实类别，列是预测类别",
        true="真实",
        answered="预测",
        undefined="无定义",
        baseline="一个永远回答“好评”的模型在这里也有 {percent} % 的准确率，却找不出任何差评。",
        macro="精确率、召回率和 F1 是十个数字的平均，每个数字权重相同（宏平均）。",
        code_path="{path} 的全部代码",
        reading="{path}：词元 {tokens}；编号 {ids}。",
        picture_reading="{path}：测试图像 {digit} 读作 {answer}，{percent} %。",
    ),
}


@dataclass(frozen=True)
class LoaderTexts:
    """Words of the loader at work."""

    title: str
    """Slots: samples, size."""
    epoch: str
    prepare: str
    step: str
    takes: str
    rules: str
    """Slots: prefetch."""
    prints: str
    picture: dict[str, str]
    """What ``assets/components/loader`` says; its slots are filled there."""


LOADER_TEXTS: dict[Lang, LoaderTexts] = {
    Lang.EN: LoaderTexts(
        title="A loader at work: the first {samples} samples in batches of {size}",
        epoch="Epoch",
        prepare="One batch takes to assemble (ms)",
        step="One training step takes (ms)",
        takes="one epoch takes",
        rules="`shuffle=True` draws a new order each epoch: this one is PyTorch's, from a generator with seed 0. "
        "`drop_last=True` leaves a smaller last batch out. With `num_workers=0` the training process assembles each "
        "batch itself and the step waits. Workers are processes that assemble ahead, batch by batch in turn, at most "
        "`prefetch_factor={prefetch}` each; the batches are used in order. More workers help until the step, not the "
        "data, is what one waits for. Starting them costs time, too, each epoch unless `persistent_workers=True`: it "
        "is left out here, and for data as small as these `num_workers=0` is faster.",
        prints="It prints:",
        picture={
            "order": "Samples in the order in which they are drawn",
            "batch": "batch {number}",
            "worker": "worker {number}",
            "main": "training process",
            "assembles": "{who} assembles batch {number}: samples {samples}.",
            "steps": "The training step uses batch {number}.",
            "over": "The epoch is over after {milliseconds} ms.",
            "at": "{milliseconds} ms",
            "play": "Play",
            "pause": "Pause",
        },
    ),
    Lang.ZH: LoaderTexts(
        title="加载器的工作过程：前 {samples} 个样本，每批 {size} 个",
        epoch="第几轮（epoch）",
        prepare="组装一批要多久（毫秒）",
        step="训练一步要多久（毫秒）",
        takes="一轮用时",
        rules="`shuffle=True` 每轮都重新抽取顺序：这里就是 PyTorch 的顺序，生成器的种子为 0。"
        "`drop_last=True` 丢掉较小的最后一批。`num_workers=0` 时训练进程自己组装每一批，训练步只能等待。"
        "工作进程轮流提前组装，每个最多提前 `prefetch_factor={prefetch}` 批；使用时仍按顺序。"
        "工作进程越多越快，直到要等的是训练步而不是数据。启动它们也要时间，而且每一轮都要重来，除非设 "
        "`persistent_workers=True`：这里没有计入；对这样小的数据，`num_workers=0` 更快。",
        prints="运行结果：",
        picture={
            "order": "按抽取顺序排列的样本",
            "batch": "第 {number} 批",
            "worker": "工作进程 {number}",
            "main": "训练进程",
            "assembles": "{who}：正在组装第 {number} 批（样本 {samples}）。",
            "steps": "训练步正在使用第 {number} 批。",
            "over": "这一轮用了 {milliseconds} 毫秒。",
            "at": "{milliseconds} 毫秒",
            "play": "播放",
            "pause": "暂停",
        },
    ),
}
