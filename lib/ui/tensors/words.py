"""What the pages about tensors say alike."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.tensors.errors import Problem
from lib.core.tensors.refusals import Meaning
from lib.ui.lang import Lang


@dataclass(frozen=True)
class TensorWords:
    """The picture's labels and the wording of what can be wrong with a typed text."""

    axis: str
    """Slots, filled in the browser: axis, value, size."""
    play: str
    hint: str
    edit_allowed: str
    last_good: str
    """Slots: text."""
    input_help: str
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


TENSOR_WORDS: dict[Lang, TensorWords] = {
    Lang.EN: TensorWords(
        axis="axis {axis}: {value} / {size}",
        play="Play",
        hint="Point at a cell, or walk there with Tab and the arrow keys.",
        edit_allowed="A whole number from -999 to 999, please.",
        last_good="Shown below: `{text}`, the last one that worked.",
        input_help="A shape such as `2, 3`, a nested list such as `[[1, 2], [3, 4]]`, a call such as "
        "`randn(2, 3, seed=1)`, or the name of a tensor on your shelf.",
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
            Problem.NOT_A_NUMBER: "{place} is `{value}`: a tensor holds numbers and booleans only.",
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
            Meaning.NO_GRADIENT: "A gradient asks what a small change would do; only floating and complex dtypes can "
            "change a little.",
            Meaning.STEP_ZERO: "With a `step` of 0 the numbers would never reach `end`.",
            Meaning.STEP_SIGN: "`step` leads away from `end`: change its sign, or swap `start` and `end`.",
            Meaning.LOW_HIGH: "The numbers run from `low` to `high - 1`: `high` has to be larger than `low`.",
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
        axis="轴 {axis}：{value} / {size}",
        play="播放",
        hint="把指针移到格子上，或用 Tab 和方向键移过去。",
        edit_allowed="请输入 -999 到 999 的整数。",
        last_good="下面显示的是上一个可用的输入：`{text}`。",
        input_help="可以输入形状（如 `2, 3`）、嵌套列表（如 `[[1, 2], [3, 4]]`）、"
        "函数调用（如 `randn(2, 3, seed=1)`），或暂存区中某个张量的名字。",
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
            "张量必须是规整的，请让它们一样长。",
            Problem.MIXED_DEPTH: "{place} 与 {first} 的嵌套层数不同：数字和列表不能并排放。",
            Problem.NOT_A_NUMBER: "{place} 是 `{value}`：张量只能存放数字和布尔值。",
            Problem.ASSIGNMENT: "`{text}` 是赋值，会修改 x。这里的索引只用来选取。",
            Problem.UNSUPPORTED: "`{text}` 是 torch 能接受的写法，但这里不支持。",
            Problem.NOT_AN_INDEX_DTYPE: "这些数是 {dtype} 类型。嵌入层的索引必须是整数（Long 或 Int）："
            "把 `1.0` 写成 `1`，或者用 `.long()` 转换张量。",
            Problem.TRUTH_VALUE: "`{text}` 需要整个张量的一个真假值，而张量没有。逐格比较要用 `&`、`|`、`~`，并加括号："
            "`(x > 3) & (x < 9)`。",
        },
        meanings={
            Meaning.FLOAT_ONLY: "结果是小数，而 `{dtype}` 存不了小数：请选浮点 dtype（如 `float32`），"
            "或用 `.float()` 转换。",
            Meaning.NOT_FOR_DTYPE: "PyTorch 的这个函数不支持 `{dtype}`：请换一个 dtype。",
            Meaning.OVERFLOW: "`{dtype}` 只能存放 {low} 到 {high} 的数。",
            Meaning.NO_GRADIENT: "梯度描述微小变化的影响，而只有浮点和复数 dtype 才能有微小变化。",
            Meaning.STEP_ZERO: "`step` 为 0，永远到不了 `end`。",
            Meaning.STEP_SIGN: "`step` 的方向背离 `end`：请改变它的符号，或交换 `start` 和 `end`。",
            Meaning.LOW_HIGH: "取值从 `low` 到 `high - 1`：`high` 必须大于 `low`。",
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
            Meaning.GATHER_AXES: "`gather` 的 index 要与 x 有同样多的轴：它为每个结果指定一个格子。",
            Meaning.SIZES_DIFFER: "`stack` 像叠纸一样把张量叠起来：形状必须都相同。",
        },
        view="视图：与输入共享内存",
        copy="副本：有自己的内存",
        contiguous="连续",
        not_contiguous="不连续",
        reading="{name} 的形状是 {shape}，dtype 是 {dtype}。数值：{values}。",
    ),
}
