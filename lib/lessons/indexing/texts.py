"""Labels of /indexing."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.tensors.reduce import Reduction
from lib.core.tensors.selection import Effect
from lib.ui.lang import Lang


@dataclass(frozen=True)
class IndexingTexts:
    """Labels of /indexing."""

    title: str
    topic: str
    topics: dict[str, str]
    tensor: str
    index: str
    index_help: str
    mask_help: str
    read_as_x: str
    presets: dict[str, str]
    result: str
    part: str
    axis: str
    """Slots: name."""
    effect: str
    becomes: str
    effects: dict[Effect, str]
    """Slots: sizes, result."""
    gone: str
    moved: str
    stage: str
    """Slots: code, before, after."""
    gather: str
    """Slots: rule, name, dim, shape."""
    flip: str
    """Slots: axes."""
    reorder: str
    """Slots: before, after."""
    selected: str
    """Slots: chosen, total, shape."""
    reading: str
    """Slots: code, shape, values."""
    failed_reading: str
    """Slots: code, message."""
    try_instead: str
    """Slots: code."""
    write: str
    write_help: str
    expanded: str
    write_presets: dict[str, str]
    x_before: str
    x_after: str
    written: str
    """Slots: named, changed, total."""
    repeated: str
    """Slots: place, count."""
    counted: str
    """Slots: code."""
    lost: str
    shared_rows: str
    """Slots: size."""
    write_reading: str
    """Slots: code, before, after."""
    function: str
    functions: dict[Reduction, str]
    along: str
    dim: str
    """Slots: low, high."""
    keepdim: str
    guessing: str
    guess: str
    """Slots: code."""
    guess_help: str
    guess_count: str
    """Slots: total, shape, typed."""
    guess_right: str
    """Slots: right, total."""
    lane: str
    """Slots: place, code, values, result."""
    ties: str
    list_heading: str
    list_why: str
    """Slots: dim."""
    mean_why: str


INDEXING_TEXTS: dict[Lang, IndexingTexts] = {
    Lang.EN: IndexingTexts(
        title="Index and reduce",
        topic="Topic",
        topics={
            "select": "Select with an index",
            "write": "Write through an index",
            "reduce": "Reduce along a dim",
        },
        tensor="Tensor x",
        index="Index",
        index_help="Python's own: whole numbers, `1:3`, `::2`, `...`, `None`, lists such as `[0, 2]`, "
        "masks such as `x > 5` or `mask`, `x.T`, `x.transpose(0, 1)`, `x.permute(1, 0)`, `x.flip(0)`, and "
        "`x.gather(dim, torch.tensor([[...]]))`.",
        read_as_x="{typed} is read as `x`, the tensor on this page: `{code}`.",
        mask_help="x compared with numbers: `x > 5`, `(x > 3) & (x % 2 == 0)`, `~(x == 0)`; or booleans such as "
        "`[True, False]`.",
        presets={
            "first": "first axis",
            "row": "row",
            "column": "column",
            "diagonal": "diagonal",
            "step": "step",
            "transpose": "transpose",
            "comparison": "comparison",
            "mask": "mask",
            "new_axis": "new axis",
            "gather": "gather",
        },
        result="result",
        part="index",
        axis="axis of `{name}`",
        effect="what it does",
        becomes="in the result",
        effects={
            Effect.PICKED: "one place of {sizes}: the axis disappears",
            Effect.SLICED: "a slice: {result} of {sizes}",
            Effect.LISTED: "a list of places out of {sizes}",
            Effect.MASKED: "a mask over {sizes}: where it is True",
            Effect.KEPT: "kept whole",
            Effect.NEW: "a new axis of size 1",
            Effect.PAIRED: "goes in step with the list before: they name one cell together",
        },
        gone="gone",
        moved="Lists with a slice between them: their common axis comes first in the result.",
        stage="`{code}`: `{before}` → `{after}`",
        gather="`{rule}`: the index says which cell to take along axis {dim} of `{name}`. The result has the "
        "shape of the index, `{shape}`; along the other axes places stay what they are.",
        flip="Axis {axes} read backwards. PyTorch has no negative strides, so it is a copy.",
        reorder="The axes in another order, `{before}` → `{after}`: the elements stay where they are in memory, "
        "only the strides change places. A view.",
        selected="{chosen} of {total} elements, shape `{shape}`",
        reading="{code} has shape {shape}: {values}",
        failed_reading="{code} fails: {message}",
        try_instead="This works: `{code}`",
        write="Assignment",
        write_help="One line that writes a number into x: `x[...] = 5`, or `+=`, `-=`, `*=`, `/=`.",
        expanded="x is an expanded view: `x = x[:1].expand(x.shape)`",
        write_presets={
            "twice": "a row named twice",
            "cell": "one cell",
            "mask": "mask",
            "view": "through a view",
            "copy": "into a copy",
            "expanded": "expanded x",
        },
        x_before="x before",
        x_after="x after",
        written="The index names {named} of {total} elements; **{changed}** have another value now.",
        repeated="Place {place} is named {count} times and changed once: Python reads `x[...]`, changes each of the "
        "{count} copies alike, then stores them all at the same place.",
        counted="To count each time: `{code}`",
        lost="x is what it was: a list, a mask, `flip` and `gather` make a copy, and the line wrote into that copy.",
        shared_rows="All {size} places along axis 0 are one piece of memory (stride 0): a value written into one shows "
        "in all. What would write several values into one piece of memory, torch refuses, or warns that it will.",
        write_reading="{code}: x was {before}, x is {after}",
        function="Function",
        functions={
            Reduction.ARGMAX: "the place of the largest",
            Reduction.MAX: "the largest",
            Reduction.SUM: "the sum",
            Reduction.MEAN: "the mean",
            Reduction.SOFTMAX: "shares that add up to 1",
        },
        along="along one dim",
        dim="dim ({low} … {high}): the axis along which cells belong together",
        keepdim="keepdim: keep it, size 1",
        guessing="Guess first",
        guess="Your guess for {code}",
        guess_help="A list such as `[1, 0, 2]`; two decimal places are enough. The result shows once you have guessed.",
        guess_count="The result holds {total} numbers, shape `{shape}`; here are {typed}.",
        guess_right="{right} of {total} right.",
        lane="Cell `{place}`: {code}({values}) = **{result}**",
        ties="Where several are largest, the first one wins.",
        list_heading="A nested list is not a tensor",
        list_why="`torch.argmax` takes a tensor. Wrap the list: `torch.argmax(torch.tensor(scores){dim})`.",
        mean_why="A mean of whole numbers need not be whole: convert first, with `.float()`.",
    ),
    Lang.ZH: IndexingTexts(
        title="索引与归约",
        topic="主题",
        topics={"select": "用索引选取", "write": "通过索引写入", "reduce": "沿一个 dim 归约"},
        tensor="张量 x",
        index="索引",
        index_help="就是 Python 的写法：整数、`1:3`、`::2`、`...`、`None`、列表（如 `[0, 2]`）、"
        "掩码（如 `x > 5`、`mask`）、`x.T`、`x.transpose(0, 1)`、`x.permute(1, 0)`、`x.flip(0)`，"
        "以及 `x.gather(dim, torch.tensor([[...]]))`。",
        read_as_x="{typed} 按本页的张量 `x` 来读：`{code}`。",
        mask_help="把 x 与数比较：`x > 5`、`(x > 3) & (x % 2 == 0)`、`~(x == 0)`；或布尔列表，如 `[True, False]`。",
        presets={
            "first": "第一个轴",
            "row": "行",
            "column": "列",
            "diagonal": "对角线",
            "step": "间隔选取",
            "transpose": "转置",
            "comparison": "比较",
            "mask": "掩码",
            "new_axis": "新轴",
            "gather": "gather",
        },
        result="结果",
        part="索引",
        axis="`{name}` 的轴",
        effect="作用",
        becomes="在结果里",
        effects={
            Effect.PICKED: "{sizes} 个位置里取一个：这个轴消失",
            Effect.SLICED: "切片：{sizes} 个位置里取 {result} 个",
            Effect.LISTED: "按列表从 {sizes} 个位置里选取",
            Effect.MASKED: "掩码覆盖 {sizes} 个位置：取其中为 True 的",
            Effect.KEPT: "整个保留",
            Effect.NEW: "大小为 1 的新轴",
            Effect.PAIRED: "与前面的列表逐个配对：合起来指定一格",
        },
        gone="消失",
        moved="列表之间隔着切片：它们共同的轴在结果里排到最前。",
        stage="`{code}`：`{before}` → `{after}`",
        gather="`{rule}`：index 说明沿 `{name}` 的轴 {dim} 取哪一格。结果的形状就是 index 的形状 `{shape}`；"
        "其余轴上的位置不变。",
        flip="轴 {axes} 反过来读。PyTorch 没有负的步长，所以这是副本。",
        reorder="轴换了次序，`{before}` → `{after}`：元素在内存里的位置不变，只有步长互换。这是视图。",
        selected="{total} 个元素中的 {chosen} 个，形状 `{shape}`",
        reading="{code} 的形状是 {shape}：{values}",
        failed_reading="{code} 失败：{message}",
        try_instead="这样可以：`{code}`",
        write="赋值语句",
        write_help="把一个数写进 x 的一行代码：`x[...] = 5`，或 `+=`、`-=`、`*=`、`/=`。",
        expanded="x 是扩展出来的视图：`x = x[:1].expand(x.shape)`",
        write_presets={
            "twice": "同一行写两遍",
            "cell": "一格",
            "mask": "掩码",
            "view": "通过视图",
            "copy": "写进副本",
            "expanded": "扩展的 x",
        },
        x_before="写入前的 x",
        x_after="写入后的 x",
        written="索引指到 {total} 个元素中的 {named} 个；现在有 **{changed}** 个元素的值变了。",
        repeated="位置 {place} 被指到 {count} 次，却只改变一次：Python 先读出 `x[...]`，"
        "对这 {count} 份副本做同样的修改，再把它们都存回同一个位置。",
        counted="想每次都计入：`{code}`",
        lost="x 没有变：列表、掩码、`flip`、`gather` 都会产生副本，这一行写进的是那个副本。",
        shared_rows="沿轴 0 的 {size} 个位置是同一块内存（步长 0）：写进其中一个，其余全都跟着变。"
        "要把多个值写进同一块内存的操作，torch 会拒绝，或者警告将来会拒绝。",
        write_reading="{code}：x 原来是 {before}，现在是 {after}",
        function="函数",
        functions={
            Reduction.ARGMAX: "最大值的位置",
            Reduction.MAX: "最大值",
            Reduction.SUM: "总和",
            Reduction.MEAN: "均值",
            Reduction.SOFTMAX: "加起来等于 1 的概率",
        },
        along="沿一个 dim",
        dim="dim（{low} … {high}）：沿这个轴的格子归为一组",
        keepdim="keepdim：保留这个轴，大小为 1",
        guessing="先猜一猜",
        guess="猜猜 {code} 的结果",
        guess_help="写成列表，如 `[1, 0, 2]`；两位小数就够。猜过之后显示结果。",
        guess_count="结果有 {total} 个数，形状为 `{shape}`；这里写了 {typed} 个。",
        guess_right="{total} 个中对了 {right} 个。",
        lane="格子 `{place}`：{code}({values}) = **{result}**",
        ties="有几个同为最大时，取第一个。",
        list_heading="嵌套列表不是张量",
        list_why="`torch.argmax` 需要张量。把列表包起来：`torch.argmax(torch.tensor(scores){dim})`。",
        mean_why="整数的均值不一定是整数：先用 `.float()` 转换。",
    ),
}
