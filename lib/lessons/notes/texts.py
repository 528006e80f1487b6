"""Labels of /notes."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.notes.note import Note, Verdict, Way
from lib.ui.lang import Lang


@dataclass(frozen=True)
class NotesTexts:
    """Labels of /notes; dictionaries are keyed by sentence, verdict or the name of a control."""

    title: str
    back: str
    on: str
    notes_say: str
    pytorch_does: str
    values: dict[Note, str]
    """What the two values are."""
    verdicts: dict[Verdict, str]
    controls: dict[str, str]
    ways: dict[str, str]
    pictures: dict[str, str]
    reading: str
    """Slots: notes, pytorch."""
    curves: dict[str, str]
    step: str
    length: str
    distance: str
    curve_reading: str
    """Slots: steps, notes, pytorch."""
    more: str
    """Slots: page."""
    all_heading: str


NOTES_TEXTS: dict[Lang, NotesTexts] = {
    Lang.EN: NotesTexts(
        title="The notes say, PyTorch does",
        back="Previous",
        on="Next",
        notes_say="The notes say",
        pytorch_does="PyTorch does:",
        values={
            Note.FLOOR: "Output size",
            Note.PADDED: "First row of the output",
            Note.FIELD: "Receptive field, in cells",
            Note.CHANNELS: "Shape of the weight",
            Note.PAIR: "Height and width of the output",
            Note.MODE: "The row 1 to 5, padded",
            Note.GROUPS: "Shape of the weight",
            Note.SQUEEZE: "Shape after squeeze(dim); after squeeze()",
            Note.CAT: "Shape of the result, a being (2, 3)",
            Note.SHARED: "x[0] after array[0] = 7",
            Note.EMBEDDING: "Operation in the graph; same values?",
            Note.ADAM: "Weight after the steps, from 0, gradient 1",
            Note.ADAMW: "Weight after the steps, from 1, gradient 1",
            Note.ARGMAX: "Result",
            Note.PRETRAINED: "Warning",
            Note.RATES: "Learning rates: old layers, new layers",
            Note.PARALLEL: "Class to use",
        },
        verdicts={
            Verdict.SAME: "With these numbers both agree.",
            Verdict.DIFFERS: "They differ.",
            Verdict.REFUSED: "PyTorch refuses.",
            Verdict.UNUSUAL: "It runs, and is not what is advised.",
        },
        controls={
            "W": "Input size W",
            "F": "Kernel F",
            "P": "Padding P",
            "S": "Stride S",
            "D": "Dilation D",
            "size": "Input size W",
            "kernel": "Kernel F",
            "by": "Padding P",
            "layers": "Layers",
            "fk": "Kernel F",
            "fs": "Stride S",
            "fd": "Dilation D",
            "c": "in_channels",
            "above": "padding[0]",
            "left": "padding[1]",
            "mode": "padding_mode",
            "mp": "Padding P",
            "in": "in_channels",
            "out": "out_channels",
            "groups": "groups",
            "dim": "dim",
            "along": "dim",
            "rows": "Rows of b",
            "cols": "Columns of b",
            "way": "From one to the other",
            "row": "Index",
            "steps": "Steps",
            "lr": "Learning rate",
            "wd": "weight_decay",
            "adim": "dim",
            "old": "Learning rate, old layers",
            "new": "Learning rate, new layers",
        },
        ways={
            Way.NUMPY: "x.numpy()",
            Way.FROM_NUMPY: "torch.from_numpy(array)",
            Way.TENSOR: "torch.tensor(array)",
            Way.GRAD: "x.numpy(), requires_grad=True",
        },
        pictures={
            "reads": "how often each cell is read",
            "padded_output": "the notes: output, then padded",
            "pytorch_output": "PyTorch: padded, then output",
            "gradient": "gradient of one output by each input cell",
            "joined": "rows: outputs, columns: inputs; 1 where a weight joins them",
            "array": "array, after array[0] = 7",
            "tensor": "tensor",
            "looked_up": "looked up",
        },
        reading="The notes: {notes}. PyTorch: {pytorch}.",
        curves={"notes": "The notes", "pytorch": "PyTorch"},
        step="Step",
        length="Length of the step",
        distance="Distance from the start",
        curve_reading="After {steps} steps with a gradient of 1, by the notes {notes}, by PyTorch {pytorch}.",
        more="More of it: {page}",
        all_heading="All seventeen",
    ),
    Lang.ZH: NotesTexts(
        title="笔记怎么说，PyTorch 怎么做",
        back="上一句",
        on="下一句",
        notes_say="笔记说",
        pytorch_does="PyTorch 的实际做法：",
        values={
            Note.FLOOR: "输出大小",
            Note.PADDED: "输出的第一行",
            Note.FIELD: "感受野（格）",
            Note.CHANNELS: "权重的形状",
            Note.PAIR: "输出的高和宽",
            Note.MODE: "填充之后的一行（原为 1 到 5）",
            Note.GROUPS: "权重的形状",
            Note.SQUEEZE: "squeeze(dim) 之后的形状；squeeze() 之后的形状",
            Note.CAT: "结果的形状，a 为 (2, 3)",
            Note.SHARED: "执行 array[0] = 7 之后的 x[0]",
            Note.EMBEDDING: "计算图中的运算；值是否相同",
            Note.ADAM: "这些步之后的权重（从 0 开始，梯度为 1）",
            Note.ADAMW: "这些步之后的权重（从 1 开始，梯度为 1）",
            Note.ARGMAX: "结果",
            Note.PRETRAINED: "警告",
            Note.RATES: "学习率：旧层、新层",
            Note.PARALLEL: "应当使用的类",
        },
        verdicts={
            Verdict.SAME: "取这些数时，两者一致。",
            Verdict.DIFFERS: "两者不同。",
            Verdict.REFUSED: "PyTorch 拒绝执行。",
            Verdict.UNUSUAL: "可以运行，但不是推荐的做法。",
        },
        controls={
            "W": "输入大小 W",
            "F": "核大小 F",
            "P": "填充 P",
            "S": "步幅 S",
            "D": "膨胀率 D",
            "size": "输入大小 W",
            "kernel": "核大小 F",
            "by": "填充 P",
            "layers": "层数",
            "fk": "核大小 F",
            "fs": "步幅 S",
            "fd": "膨胀率 D",
            "c": "in_channels",
            "above": "padding[0]",
            "left": "padding[1]",
            "mode": "padding_mode",
            "mp": "填充 P",
            "in": "in_channels",
            "out": "out_channels",
            "groups": "groups",
            "dim": "dim",
            "along": "dim",
            "rows": "b 的行数",
            "cols": "b 的列数",
            "way": "怎样得到另一个",
            "row": "索引",
            "steps": "步数",
            "lr": "学习率",
            "wd": "weight_decay",
            "adim": "dim",
            "old": "学习率（旧层）",
            "new": "学习率（新层）",
        },
        ways={
            Way.NUMPY: "x.numpy()",
            Way.FROM_NUMPY: "torch.from_numpy(array)",
            Way.TENSOR: "torch.tensor(array)",
            Way.GRAD: "x.numpy(), requires_grad=True",
        },
        pictures={
            "reads": "每一格被读的次数",
            "padded_output": "笔记：先算输出，再填充",
            "pytorch_output": "PyTorch：先填充，再算输出",
            "gradient": "一个输出对每个输入格的梯度",
            "joined": "行是输出通道，列是输入通道；有权重相连处为 1",
            "array": "数组，执行 array[0] = 7 之后",
            "tensor": "张量",
            "looked_up": "查到的行",
        },
        reading="笔记：{notes}。PyTorch：{pytorch}。",
        curves={"notes": "笔记", "pytorch": "PyTorch"},
        step="步",
        length="步长",
        distance="离起点的距离",
        curve_reading="梯度恒为 1，{steps} 步之后：按笔记是 {notes}，按 PyTorch 是 {pytorch}。",
        more="详见：{page}",
        all_heading="全部十七句",
    ),
}
