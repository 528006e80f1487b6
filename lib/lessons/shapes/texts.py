"""Labels of /shapes."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.tensors.explain import Reason
from lib.core.tensors.ops import StepKind
from lib.ui.lang import Lang


@dataclass(frozen=True)
class ShapesTexts:
    """Labels of /shapes."""

    title: str
    examples: str
    example_names: dict[str, str]
    first: str
    second: str
    steps: str
    operation: str
    add: str
    remove: str
    rules: dict[StepKind, str]
    use_dim: str
    sizes_help: str
    order_help: str
    piece: str
    result: str
    stretched: str
    """Slots: name."""
    nothing_squeezed: str
    """Slots: shape."""
    contrast: dict[StepKind, str]
    reading: str
    """Slots: code, before, after."""
    failed_reading: str
    """Slots: code, before, message."""
    reasons: dict[Reason, str]
    """Slots: those of ``explain.REASON_SLOTS``."""
    fix: str
    fix_steps: str
    """Slots: steps."""
    fix_other: str
    """Slots: shape."""
    fix_remove: str
    unreached: str


SHAPES_TEXTS: dict[Lang, ShapesTexts] = {
    Lang.EN: ShapesTexts(
        title="Join and reshape",
        examples="Examples",
        example_names={
            "join": "stack and cat",
            "squeeze": "squeeze",
            "transpose": "why view fails",
            "broadcast": "broadcasting",
            "permute": "image to batch",
            "split": "split and join",
        },
        first="Tensor a",
        second="Tensor b",
        steps="Steps",
        operation="Operation",
        add="Add",
        remove="Remove",
        rules={
            StepKind.STACK: "puts equal shapes side by side along a **new** axis, dim 0 unless told",
            StepKind.CAT: "joins along an axis that is **there already**, dim 0 unless told; other sizes must match",
            StepKind.SQUEEZE: "removes axes of size 1: those that dim names, or all without dim",
            StepKind.UNSQUEEZE: "adds an axis of size 1",
            StepKind.RESHAPE: "same elements in the same order, new shape; copies only if it must",
            StepKind.VIEW: "like reshape, but never copies: fails where a copy would be needed",
            StepKind.FLATTEN: "merges the axes from start_dim to end_dim into one",
            StepKind.TRANSPOSE: "swaps two axes: their sizes and their strides",
            StepKind.T: "transposes a matrix: at most two axes",
            StepKind.PERMUTE: "puts the axes in a new order",
            StepKind.EXPAND: "repeats axes of size 1 without copying: their stride becomes 0",
            StepKind.ADD: "broadcasts: sizes are compared from the right, and 1 stretches",
            StepKind.REPEAT: "copies the whole tensor that many times along each axis",
            StepKind.CHUNK: "cuts into at most that many pieces, all of one size but perhaps the last",
            StepKind.SPLIT: "cuts into pieces of that size, the last one perhaps smaller",
            StepKind.CONTIGUOUS: "copies into row-major order where it is not so yet",
        },
        use_dim="give a dim",
        sizes_help="Whole numbers with commas; -1 where torch may work it out.",
        order_help="Each axis once, in the new order: `2, 0, 1`.",
        piece="Go on with piece",
        result="result",
        stretched="{name}, stretched",
        nothing_squeezed="Nothing to remove there: squeeze takes axes of size 1 only, and leaves {shape} as it is.",
        contrast={
            StepKind.STACK: "The same two tensors with `cat`: no new axis, the sizes add up.",
            StepKind.CAT: "The same two tensors with `stack`: a new axis.",
        },
        reading="{code} turns shape {before} into shape {after}.",
        failed_reading="{code} on shape {before} fails: {message}",
        reasons={
            Reason.DIM_RANGE: "dim = {value} does not exist here: it goes from {low} to {high}. "
            "Negative numbers count from the end.",
            Reason.DIM_TWICE: "Each dim may be named once; dim {value} is there twice.",
            Reason.DIM_ORDER: "start_dim = {start} comes after end_dim = {end}.",
            Reason.SIZES_DIFFER: "The framed sizes clash: {axes} in {a} and {b}.",
            Reason.DIMS_DIFFER: "Dimensions: {a} in a, {b} in b. Both need the same number.",
            Reason.ZERO_DIM: "A 0-D tensor has no axis to work along.",
            Reason.TOO_FEW_ELEMENTS: "{wanted} has {places} places: {elements} elements do not fill them.",
            Reason.TOO_MANY_ELEMENTS: "{wanted} has only {places} places: {elements} elements do not fit into them.",
            Reason.NO_WHOLE_REST: "-1 stands for what is left, but {elements} elements cannot be divided by {known}.",
            Reason.ONE_UNKNOWN: "Only one size may be -1: two unknowns have many answers.",
            Reason.NOT_CONTIGUOUS: "Shape {shape} has strides {stride}: the framed axes do not follow each other "
            "in memory, so no view can merge them. Only a copy can.",
            Reason.TOO_MANY_AXES: "t() is for matrices; this tensor has {ndim} axes.",
            Reason.NOT_A_PERMUTATION: "Each of the {ndim} axes must be named exactly once.",
            Reason.EXPAND_SIZE: "Only axes of size 1 can be expanded, and a new axis needs a size: {axes}.",
            Reason.TOO_FEW_SIZES: "The tensor has {ndim} axes, but only {given} sizes are given.",
            Reason.BAD_COUNT: "{value} is not a possible number here.",
            Reason.DTYPE: "The dtypes do not go together.",
        },
        fix="Smallest fix",
        fix_steps="use {steps}",
        fix_other="give b the shape {shape}",
        fix_remove="leave the step out",
        unreached="Not reached: an earlier step fails.",
    ),
    Lang.ZH: ShapesTexts(
        title="拼接与变形",
        examples="例子",
        example_names={
            "join": "stack 与 cat",
            "squeeze": "squeeze",
            "transpose": "view 为什么失败",
            "broadcast": "广播",
            "permute": "图像变批次",
            "split": "切开再拼",
        },
        first="张量 a",
        second="张量 b",
        steps="步骤",
        operation="操作",
        add="添加",
        remove="删除",
        rules={
            StepKind.STACK: "把形状相同的张量沿一个**新的**轴并排放，不指定 dim 就是第 0 维",
            StepKind.CAT: "沿一个**已有的**轴拼接，不指定 dim 就是第 0 维；其他尺寸必须相同",
            StepKind.SQUEEZE: "去掉大小为 1 的轴：给 dim 就只去掉指定的，不给就全部去掉",
            StepKind.UNSQUEEZE: "加一个大小为 1 的轴",
            StepKind.RESHAPE: "元素和顺序不变，换个形状；必要时才复制",
            StepKind.VIEW: "和 reshape 一样，但从不复制：需要复制时就失败",
            StepKind.FLATTEN: "把 start_dim 到 end_dim 的轴合并成一个",
            StepKind.TRANSPOSE: "交换两个轴，也就是交换它们的尺寸和步长",
            StepKind.T: "转置矩阵：最多两个轴",
            StepKind.PERMUTE: "按新的顺序排列各轴",
            StepKind.EXPAND: "把大小为 1 的轴重复多次而不复制：它的步长变成 0",
            StepKind.ADD: "广播：从右往左比较尺寸，1 会被拉伸",
            StepKind.REPEAT: "沿每个轴把整个张量复制若干次",
            StepKind.CHUNK: "切成至多这么多块，每块一样大，只有最后一块可能小一些",
            StepKind.SPLIT: "切成指定大小的块，最后一块可能小一些",
            StepKind.CONTIGUOUS: "如果还不是行优先顺序，就复制成行优先",
        },
        use_dim="指定 dim",
        sizes_help="用逗号分隔的整数；-1 表示由 torch 推算。",
        order_help="按新顺序把每个轴写一次：`2, 0, 1`。",
        piece="接着使用第几块",
        result="结果",
        stretched="拉伸后的 {name}",
        nothing_squeezed="那里没有可去掉的轴：squeeze 只去掉大小为 1 的轴，{shape} 保持不变。",
        contrast={
            StepKind.STACK: "同样两个张量用 `cat`：没有新轴，尺寸相加。",
            StepKind.CAT: "同样两个张量用 `stack`：多出一个新轴。",
        },
        reading="{code} 把形状 {before} 变成 {after}。",
        failed_reading="{code} 作用于形状 {before} 时失败：{message}",
        reasons={
            Reason.DIM_RANGE: "这里没有 dim = {value}：范围是 {low} 到 {high}，负数从末尾数起。",
            Reason.DIM_TWICE: "每个 dim 只能写一次，dim {value} 写了两次。",
            Reason.DIM_ORDER: "start_dim = {start} 在 end_dim = {end} 之后。",
            Reason.SIZES_DIFFER: "加框的尺寸冲突：{a} 与 {b} 中的 {axes}。",
            Reason.DIMS_DIFFER: "a 有 {a} 个维度，b 有 {b} 个：两者必须相同。",
            Reason.ZERO_DIM: "0 维张量没有可以操作的轴。",
            Reason.TOO_FEW_ELEMENTS: "{wanted} 有 {places} 个位置：{elements} 个元素填不满。",
            Reason.TOO_MANY_ELEMENTS: "{wanted} 只有 {places} 个位置：{elements} 个元素放不下。",
            Reason.NO_WHOLE_REST: "-1 表示“剩下多少就是多少”，但 {elements} 个元素不能被 {known} 整除。",
            Reason.ONE_UNKNOWN: "只能有一个尺寸是 -1：两个未知数有很多解。",
            Reason.NOT_CONTIGUOUS: "形状 {shape} 的步长是 {stride}：加框的轴在内存里不相接，"
            "视图无法合并它们，只有复制可以。",
            Reason.TOO_MANY_AXES: "t() 只用于矩阵，这个张量有 {ndim} 个轴。",
            Reason.NOT_A_PERMUTATION: "{ndim} 个轴必须各写一次。",
            Reason.EXPAND_SIZE: "只有大小为 1 的轴可以扩展，新轴也必须给出尺寸：{axes}。",
            Reason.TOO_FEW_SIZES: "张量有 {ndim} 个轴，只给了 {given} 个尺寸。",
            Reason.BAD_COUNT: "{value} 在这里不可用。",
            Reason.DTYPE: "这两种 dtype 不能一起用。",
        },
        fix="最小的修改",
        fix_steps="改用 {steps}",
        fix_other="把 b 的形状改成 {shape}",
        fix_remove="去掉这一步",
        unreached="没有执行到：前面有一步失败了。",
    ),
}
