"""Labels of /tensors, and the words that all tensor pages share."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.tensors.create import CreationKind
from lib.core.tensors.errors import Problem
from lib.core.tensors.refusals import Meaning
from lib.core.tensors.surprises import Surprise
from lib.ui.lang import Lang


@dataclass(frozen=True)
class TensorWords:
    """The picture's labels and the wording of what can be wrong with a typed text."""

    axis: str
    play: str
    hint: str
    edit_allowed: str
    last_good: str
    """Slots: text."""
    input_help: str
    from_shelf: str
    problems: dict[Problem, str]
    """Slots: those of `errors.SLOTS`."""
    meanings: dict[Meaning, str]
    """Slots: those of `refusals.SLOTS`."""
    view: str
    copy: str
    contiguous: str
    not_contiguous: str
    reading: str
    """Slots: name, shape, dtype, values."""


@dataclass(frozen=True)
class TensorsTexts:
    """Labels of /tensors."""

    title: str
    kind: str
    kinds: dict[CreationKind, str]
    shape: str
    shape_help: str
    dtype: str
    dtype_inferred: str
    device: str
    device_help: str
    seed: str
    requires_grad: str
    fill: str
    low: str
    high: str
    start: str
    end: str
    step: str
    count: str
    rows: str
    columns: str
    data: str
    data_help: str
    like: str
    parts: str
    dim: str
    stats: str
    """Slots: mean, std."""
    theory: str
    """Slots: mean, std."""
    bars_reading: str
    """Slots: count, low, high."""
    torch_says: str
    empty_before: str
    empty_after: str
    empty_last: str
    keep_name: str
    keep: str
    bad_name: str
    shelf: str
    shelf_empty: str
    surprises: dict[Surprise, str]
    remove: str
    """Slots: name."""
    facts: dict[str, str]
    yes: str
    no: str
    summary: dict[str, tuple[str, str]]
    """Parts of the one-line summary, for one and for several. Slots: count or value."""
    ragged_reason: str


TENSOR_WORDS: dict[Lang, TensorWords] = {
    Lang.EN: TensorWords(
        axis="axis",
        play="Play",
        hint="Point at a cell, or walk there with Tab and the arrow keys.",
        edit_allowed="A whole number from -999 to 999, please.",
        last_good="Shown below: `{text}`, the last one that worked.",
        input_help="A shape such as `2, 3`, a nested list such as `[[1, 2], [3, 4]]`, a call such as "
        "`randn(2, 3, seed=1)`, or the name of a tensor on your shelf.",
        from_shelf="On your shelf: {names}",
        problems={
            Problem.EMPTY: "The field is empty.",
            Problem.SYNTAX: "`{text}` is not complete Python: look near character {column}.",
            Problem.TOO_LONG: "That is {length} characters long; at most {limit} are read.",
            Problem.NOT_ALLOWED: "`{text}` is not allowed here. Nothing that you type is run: only numbers, "
            "lists and the calls named in the help are read.",
            Problem.BAD_VALUE: "`{name}` = `{value}` is not possible. Allowed: {allowed}.",
            Problem.UNKNOWN_NAME: "There is no `{name}` here. Known: {known}.",
            Problem.NEGATIVE_SIZE: "A size cannot be negative: {size}.",
            Problem.TOO_MANY_DIMS: "That has {dims} dimensions; at most {limit} are drawn here.",
            Problem.TOO_MANY_ELEMENTS: "That would hold {elements} elements; the limit here is {limit}. "
            "Nothing was allocated.",
            Problem.RAGGED: "The list is ragged: {place} has {length} entries, but {first} has {expected}. "
            "A tensor is a full box: give both the same length.",
            Problem.MIXED_DEPTH: "{place} is nested to another depth than {first}: "
            "numbers and lists cannot stand side by side.",
            Problem.NOT_A_NUMBER: "{place} is {value}: a tensor holds numbers and booleans only.",
            Problem.ASSIGNMENT: "`{text}` is an assignment: it would change x. Here an index only selects.",
            Problem.UNSUPPORTED: "`{text}` is Python that torch takes, but it is not supported here.",
            Problem.NOT_AN_INDEX_DTYPE: "These are {dtype} numbers. An embedding takes whole numbers as indices "
            "(Long or Int): write `1` for `1.0`, or convert a tensor with `.long()`.",
            Problem.TRUTH_VALUE: "`{text}` asks a whole tensor for one truth value, which it has not. Cell by cell it "
            "is `&`, `|` and `~`, with brackets: `(x > 3) & (x < 9)`.",
        },
        meanings={
            Meaning.FLOAT_ONLY: "This gives fractions, and `{dtype}` holds none: choose a floating dtype, such as "
            "`float32`, or convert with `.float()`.",
            Meaning.NOT_FOR_DTYPE: "PyTorch has no version of this function for `{dtype}`: choose another dtype.",
            Meaning.OVERFLOW: "`{dtype}` holds numbers from {low} to {high} only.",
            Meaning.NO_GRADIENT: "A gradient asks what a small change would do; only floating dtypes can change a "
            "little.",
            Meaning.STEP_ZERO: "With a step of 0 the numbers would never reach the end.",
            Meaning.STEP_SIGN: "The step leads away from the end: change its sign, or swap start and end.",
            Meaning.LOW_HIGH: "The numbers run from low to high − 1: high has to be larger than low.",
            Meaning.NOTHING_TO_REDUCE: "Among no elements there is no largest one.",
            Meaning.BOOL_ORDER: "True and False have no order here: convert with `.int()` first.",
            Meaning.DIM_RANGE: "This tensor's dims are {low} to {high}.",
            Meaning.INDEX_RANGE: "Axis {dim} has {size} places: 0 to {last}, or −{size} to −1 from its end.",
            Meaning.NO_PLACES: "Axis {dim} has size 0: there is no place on it, so no index is legal.",
            Meaning.LISTS_DIFFER: "Lists side by side go in step, place by place, so they need one common length "
            "(or length 1); {shapes} have none. A grid of all pairs needs the first as a column.",
            Meaning.TOO_MANY_INDICES: "Axes of this tensor: {ndim}. No more places than that can be named.",
            Meaning.NOT_AN_INDEX: "A place is a whole number.",
            Meaning.NEGATIVE_STEP: "PyTorch has no negative strides, so a slice cannot run backwards: `flip` copies.",
            Meaning.MASK_SHAPE: "A mask has a flag for each cell of the axes that it covers: its shape is {mask}, "
            "that of x {tensor}.",
            Meaning.GATHER_AXES: "The index of `gather` needs as many axes as x: it names one cell for each result.",
            Meaning.SIZES_DIFFER: "`stack` lays tensors on each other like sheets: all need the same shape.",
        },
        view="view: shares the memory of its input",
        copy="copy: has memory of its own",
        contiguous="contiguous",
        not_contiguous="not contiguous",
        reading="{name} has shape {shape} and dtype {dtype}. Values: {values}.",
    ),
    Lang.ZH: TensorWords(
        axis="轴",
        play="播放",
        hint="把指针移到格子上，或用 Tab 和方向键走过去。",
        edit_allowed="请输入 -999 到 999 的整数。",
        last_good="下面显示的是上一个可用的输入：`{text}`。",
        input_help="可以输入形状（如 `2, 3`）、嵌套列表（如 `[[1, 2], [3, 4]]`）、"
        "函数调用（如 `randn(2, 3, seed=1)`），或你的架子上某个张量的名字。",
        from_shelf="架子上有：{names}",
        problems={
            Problem.EMPTY: "输入框是空的。",
            Problem.SYNTAX: "`{text}` 不是完整的 Python 表达式：请检查第 {column} 个字符附近。",
            Problem.TOO_LONG: "长度为 {length} 个字符，最多只读取 {limit} 个。",
            Problem.NOT_ALLOWED: "这里不允许 `{text}`。你输入的内容不会被执行，"
            "只会读取数字、列表和帮助里列出的函数调用。",
            Problem.BAD_VALUE: "`{name}` = `{value}` 不可用。允许：{allowed}。",
            Problem.UNKNOWN_NAME: "这里没有 `{name}`。已知的名字：{known}。",
            Problem.NEGATIVE_SIZE: "尺寸不能是负数：{size}。",
            Problem.TOO_MANY_DIMS: "这有 {dims} 个维度，这里最多画 {limit} 个。",
            Problem.TOO_MANY_ELEMENTS: "这会有 {elements} 个元素，这里的上限是 {limit}。没有分配任何内存。",
            Problem.RAGGED: "列表不整齐：{place} 有 {length} 项，而 {first} 有 {expected} 项。"
            "张量是一个填满的盒子，请让它们一样长。",
            Problem.MIXED_DEPTH: "{place} 与 {first} 的嵌套层数不同：数字和列表不能并排放。",
            Problem.NOT_A_NUMBER: "{place} 是 {value}：张量只能存放数字和布尔值。",
            Problem.ASSIGNMENT: "`{text}` 是赋值，会修改 x。这里的索引只用来选取。",
            Problem.UNSUPPORTED: "`{text}` 是 torch 能接受的写法，但这里不支持。",
            Problem.NOT_AN_INDEX_DTYPE: "这些数是 {dtype} 类型。嵌入层的索引必须是整数（Long 或 Int）："
            "把 `1.0` 写成 `1`，或者用 `.long()` 转换张量。",
            Problem.TRUTH_VALUE: "`{text}` 要整个张量给出一个真假值，而它没有。逐格比较要用 `&`、`|`、`~`，并加括号："
            "`(x > 3) & (x < 9)`。",
        },
        meanings={
            Meaning.FLOAT_ONLY: "结果是小数，而 `{dtype}` 存不了小数：请选浮点 dtype（如 `float32`），"
            "或用 `.float()` 转换。",
            Meaning.NOT_FOR_DTYPE: "PyTorch 的这个函数不支持 `{dtype}`：请换一个 dtype。",
            Meaning.OVERFLOW: "`{dtype}` 只能存放 {low} 到 {high} 的数。",
            Meaning.NO_GRADIENT: "梯度问的是“变一点点会怎样”，只有浮点 dtype 才能变一点点。",
            Meaning.STEP_ZERO: "步长为 0，永远到不了终点。",
            Meaning.STEP_SIGN: "步长的方向背离终点：请改变它的符号，或交换 start 和 end。",
            Meaning.LOW_HIGH: "取值从 low 到 high − 1：high 必须大于 low。",
            Meaning.NOTHING_TO_REDUCE: "没有元素，就没有最大的一个。",
            Meaning.BOOL_ORDER: "True 和 False 在这里不分大小：先用 `.int()` 转换。",
            Meaning.DIM_RANGE: "这个张量的 dim 只能是 {low} 到 {high}。",
            Meaning.INDEX_RANGE: "轴 {dim} 有 {size} 个位置：0 到 {last}，或从末尾数 −{size} 到 −1。",
            Meaning.NO_PLACES: "轴 {dim} 的大小是 0：上面没有任何位置，所以没有合法的索引。",
            Meaning.LISTS_DIFFER: "并排的列表逐个配对，所以长度必须相同（或为 1）；{shapes} 做不到。"
            "要取所有组合构成的网格，第一个列表要写成一列。",
            Meaning.TOO_MANY_INDICES: "只有 {ndim} 个轴，最多只能指定 {ndim} 个位置。",
            Meaning.NOT_AN_INDEX: "位置必须是整数。",
            Meaning.NEGATIVE_STEP: "PyTorch 没有负的步长，切片不能倒着走：请用 `flip`，它会复制。",
            Meaning.MASK_SHAPE: "掩码要为它覆盖的轴上的每一格给出真假：它的形状是 {mask}，x 的形状是 {tensor}。",
            Meaning.GATHER_AXES: "`gather` 的 index 要与 x 有同样多的轴：每个结果对应一个格子。",
            Meaning.SIZES_DIFFER: "`stack` 像叠纸一样把张量叠起来：形状必须都相同。",
        },
        view="视图：与输入共享内存",
        copy="副本：有自己的内存",
        contiguous="连续",
        not_contiguous="不连续",
        reading="{name} 的形状是 {shape}，dtype 是 {dtype}。数值：{values}。",
    ),
}

TENSORS_TEXTS: dict[Lang, TensorsTexts] = {
    Lang.EN: TensorsTexts(
        title="Create tensors",
        kind="Function",
        kinds={
            CreationKind.ZEROS: "every element 0",
            CreationKind.ONES: "every element 1",
            CreationKind.FULL: "every element the same number",
            CreationKind.EMPTY: "memory as it is found",
            CreationKind.RAND: "uniform on [0, 1)",
            CreationKind.RANDN: "normal, mean 0, deviation 1",
            CreationKind.RANDN_LIKE: "normal, in another tensor's shape",
            CreationKind.RANDINT: "whole numbers from low to high - 1",
            CreationKind.TENSOR: "your own numbers",
            CreationKind.EYE: "ones on the diagonal",
            CreationKind.ARANGE: "start, start + step, …, `ceil((end - start) / step)` numbers: "
            "without end, unless rounding lets it in",
            CreationKind.LINSPACE: "evenly spaced, both ends included",
            CreationKind.STACK: "earlier tensors, along a new dim",
            CreationKind.FROM_NUMPY: "a NumPy array's memory",
        },
        shape="Shape",
        shape_help="Sizes with commas: `2, 3, 4`. Up to 5 dimensions and 10,000 elements.",
        dtype="dtype",
        dtype_inferred="inferred",
        device="device",
        device_help="Where the numbers lie. Only devices of this server can be chosen.",
        seed="Seed",
        requires_grad="requires_grad",
        fill="fill_value",
        low="low",
        high="high (not included)",
        start="start",
        end="end",
        step="step",
        count="steps",
        rows="n (rows)",
        columns="m (columns)",
        data="Nested list",
        data_help="Numbers and booleans in square brackets, such as `[[1, 2], [3, 4]]`.",
        like="input (whose shape it takes)",
        parts="tensors, with semicolons between them",
        dim="dim",
        stats="measured: mean {mean}, deviation {std}",
        theory="theory: mean {mean}, deviation {std}",
        bars_reading="Histogram of {count} values from {low} to {high}.",
        torch_says="`torch.tensor` itself says:",
        empty_before="x = empty: what the last owner left",
        empty_after="after x.fill_",
        empty_last="the memory's last owner (float32)",
        keep_name="Name",
        keep="Put on the shelf",
        bad_name="A name is a letter, then letters, digits or _; not a, b, x, torch, np or nn.",
        shelf="Your shelf",
        shelf_empty="Tensors that you keep can be used by name on the other tensor pages.",
        surprises={
            Surprise.STEP_CUT: "With a whole dtype, `arange` cuts start, end and step to whole numbers: "
            "in {dtype}, {step} becomes {cut}. The number of elements is {count}: only int64 counts with the cut "
            "numbers, every other dtype counts `ceil((end - start) / step)` with the numbers as typed.",
            Surprise.END_REACHED: "{end} itself is among the values: the quotient `(end - start) / step` is {quotient} "
            "in floating point, and the number of elements is rounded up to {count}. `linspace` takes the number "
            "of elements instead.",
            Surprise.WRAPPED: "{dtype} cannot hold {typed}: it wraps around to {stored}, without a message.",
            Surprise.FRACTION_CUT: "{dtype} holds whole numbers: {typed} is cut to {stored}, without a message.",
            Surprise.TO_INFINITY: "{typed} is beyond the range of {dtype}: it becomes {stored}.",
        },
        remove="Remove {name}",
        facts={
            "shape": "shape",
            "dtype": "dtype",
            "device": "device",
            "bytes": "bytes",
            "stride": "stride()",
            "contiguous": "contiguous",
            "requires_grad": "requires_grad",
        },
        yes="yes",
        no="no",
        summary={
            "tensor": ("tensor", "tensor"),
            "sep": (", ", ", "),
            "elements": ("{count} element", "{count} elements"),
            "bytes": ("{count} byte", "{count} bytes"),
            "low": ("min {value}", "min {value}"),
            "high": ("max {value}", "max {value}"),
            "mean": ("mean {value}", "mean {value}"),
            "std": ("std {value}", "std {value}"),
            "not_finite": ("{count} not finite", "{count} not finite"),
        },
        ragged_reason="`torch.tensor` says: `{message}`",
    ),
    Lang.ZH: TensorsTexts(
        title="创建张量",
        kind="函数",
        kinds={
            CreationKind.ZEROS: "每个元素都是 0",
            CreationKind.ONES: "每个元素都是 1",
            CreationKind.FULL: "每个元素都是同一个数",
            CreationKind.EMPTY: "内存里原来有什么就是什么",
            CreationKind.RAND: "[0, 1) 上的均匀分布",
            CreationKind.RANDN: "正态分布，均值 0，标准差 1",
            CreationKind.RANDN_LIKE: "正态分布，形状取自另一个张量",
            CreationKind.RANDINT: "从 low 到 high - 1 的整数",
            CreationKind.TENSOR: "你自己的数",
            CreationKind.EYE: "对角线上是 1",
            CreationKind.ARANGE: "start、start + step、……，共 `ceil((end - start) / step)` 个数："
            "不含 end，除非舍入误差使它也落进来",
            CreationKind.LINSPACE: "等间距，包含两端",
            CreationKind.STACK: "把已有张量沿新的维度叠起来",
            CreationKind.FROM_NUMPY: "使用 NumPy 数组的内存",
        },
        shape="形状",
        shape_help="用逗号分隔的尺寸：`2, 3, 4`。最多 5 个维度、10,000 个元素。",
        dtype="dtype",
        dtype_inferred="自动推断",
        device="device",
        device_help="数值存放的地方。只能选择这台服务器上的设备。",
        seed="随机种子",
        requires_grad="requires_grad",
        fill="fill_value",
        low="low",
        high="high（不含）",
        start="start",
        end="end",
        step="step",
        count="steps",
        rows="n（行）",
        columns="m（列）",
        data="嵌套列表",
        data_help="方括号里的数字和布尔值，如 `[[1, 2], [3, 4]]`。",
        like="input（取它的形状）",
        parts="张量，用分号分隔",
        dim="dim",
        stats="实测：均值 {mean}，标准差 {std}",
        theory="理论：均值 {mean}，标准差 {std}",
        bars_reading="{count} 个数值的直方图，从 {low} 到 {high}。",
        torch_says="`torch.tensor` 自己的说法：",
        empty_before="x = empty：上一个主人留下的内容",
        empty_after="x.fill_ 之后",
        empty_last="这块内存的上一个主人（float32）",
        keep_name="名字",
        keep="放到架子上",
        bad_name="名字以字母开头，后接字母、数字或 _；不能是 a、b、x、torch、np、nn。",
        shelf="你的架子",
        shelf_empty="保存下来的张量可以在其他张量页面上按名字使用。",
        surprises={
            Surprise.STEP_CUT: "dtype 为整数时，`arange` 先把 start、end 和 step 截断为整数："
            "在 {dtype} 中，{step} 变成 {cut}。元素个数是 {count}："
            "只有 int64 用截断后的数计算，其他 dtype 用输入的数计算 `ceil((end - start) / step)`。",
            Surprise.END_REACHED: "结果中包含 {end} 本身：在浮点运算中，`(end - start) / step` 的值是 {quotient}，"
            "元素个数向上取整为 {count}。`linspace` 则直接指定元素个数。",
            Surprise.WRAPPED: "{dtype} 存不下 {typed}：它回绕成 {stored}，而且没有任何提示。",
            Surprise.FRACTION_CUT: "{dtype} 只能存整数：{typed} 被截断为 {stored}，而且没有任何提示。",
            Surprise.TO_INFINITY: "{typed} 超出了 {dtype} 的范围：它变成 {stored}。",
        },
        remove="移除 {name}",
        facts={
            "shape": "shape",
            "dtype": "dtype",
            "device": "device",
            "bytes": "字节数",
            "stride": "stride()",
            "contiguous": "连续",
            "requires_grad": "requires_grad",
        },
        yes="是",
        no="否",
        summary={
            "tensor": ("张量", "张量"),
            "sep": ("，", "，"),
            "elements": ("{count} 个元素", "{count} 个元素"),
            "bytes": ("{count} 字节", "{count} 字节"),
            "low": ("最小 {value}", "最小 {value}"),
            "high": ("最大 {value}", "最大 {value}"),
            "mean": ("均值 {value}", "均值 {value}"),
            "std": ("标准差 {value}", "标准差 {value}"),
            "not_finite": ("{count} 个不是有限数", "{count} 个不是有限数"),
        },
        ragged_reason="`torch.tensor` 的说法：`{message}`",
    ),
}
