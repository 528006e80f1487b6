"""Labels of /memory."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.tensors.dtypes import Loss, Promotion
from lib.core.tensors.sharing import Refusal
from lib.core.tensors.strides import Preset
from lib.ui.lang import Lang


@dataclass(frozen=True)
class MemoryTexts:
    """Labels of /memory."""

    title: str
    topic: str
    topics: dict[str, str]
    presets: dict[Preset, str]
    axes: str
    size: str
    stride: str
    offset: str
    storage: str
    storage_of: str
    flip_toggle: str
    flip_storage: str
    pointers_of: str
    """Slots: v, f."""
    view: str
    place: str
    """Slots: index, terms, place."""
    fitted: str
    both_shapes_why: str
    flip: str
    """Slots: stride."""
    strides_reading: str
    """Slots: size, stride, offset, values."""
    way: str
    original: str
    made: str
    dtype: str
    requires_grad: str
    device: str
    edit_hint: str
    reset: str
    shares: str
    apart: str
    pointers: str
    """Slots: left, right."""
    changed_both: str
    changed_one: str
    refusals: dict[Refusal, str]
    refused_reading: str
    """Slots: code, message."""
    sharing_reading: str
    """Slots: code, verdict."""
    empty_storage: str
    table: tuple[str, ...]
    cast: str
    value: str
    source: str
    target: str
    cast_presets: dict[str, str]
    stored: str
    becomes: str
    stored_otherwise: str
    """Slots: typed, source, stored."""
    bits: str
    cut_bits: str
    bit_names: tuple[str, str, str]
    losses: dict[Loss, str]
    promote: str
    promotions: dict[Promotion, str]
    division: str
    left: str
    right: str
    zero_division: str
    """Slots: a, true."""
    shown_instead: str
    """Slots: value."""
    array_dtype: str
    all_dtypes: str


MEMORY_TEXTS: dict[Lang, MemoryTexts] = {
    Lang.EN: MemoryTexts(
        title="Memory and dtypes",
        topic="Topic",
        topics={"strides": "Storage and view", "sharing": "Who shares", "dtypes": "dtypes and casts"},
        presets={
            Preset.ROWS: "rows",
            Preset.TRANSPOSE: "transpose",
            Preset.DIAGONAL: "diagonal",
            Preset.COLUMN: "column",
            Preset.WINDOW: "sliding window",
            Preset.BROADCAST: "broadcast (stride 0)",
            Preset.BLOCKS: "3-D",
            Preset.FLIP: "flip",
        },
        axes="Dimensions",
        size="size {axis}",
        stride="stride {axis}",
        offset="storage_offset",
        storage="storage",
        storage_of="Storage: the elements of this tensor, in a row",
        flip_toggle="flip(0): read axis 0 backwards",
        flip_storage="storage of f: a new one",
        pointers_of="`v.data_ptr()` = `{v}` · `f.data_ptr()` = `{f}`",
        view="v",
        place="`v[{index}]` reads storage place {terms} = **{place}**",
        fitted="The view would leave the storage, so it was cut to fit.",
        both_shapes_why="equal; one is a method, the other an attribute. A `torch.Size` is a tuple.",
        flip="PyTorch has no negative strides, so `flip` copies. NumPy has: its flip is a view, with strides "
        "{stride} in bytes.",
        strides_reading="A view of size {size}, stride {stride} and offset {offset}: {values}.",
        way="How b is made from a",
        original="a: the original",
        made="b: made from a",
        dtype="dtype of a",
        requires_grad="a.requires_grad",
        device="device of a",
        edit_hint="Click a cell in one box, type a number, press Enter, and watch the other box.",
        reset="Undo all edits",
        shares="They share memory: a change in one shows in the other.",
        apart="They have memory of their own: a change in one leaves the other as it is.",
        pointers="data_ptr: a `{left}`, b `{right}`",
        changed_both="Your edit shows in both.",
        changed_one="Your edit shows in one box only.",
        refusals={
            Refusal.REQUIRES_GRAD: "A NumPy array cannot record gradients. Detach first: `a.detach().numpy()`, from "
            "bfloat16 `a.detach().float().numpy()`.",
            Refusal.DTYPE: "The other library has no such dtype. Convert first: `a.float().numpy()`.",
            Refusal.DEVICE: "NumPy reads main memory only. From a GPU one copies: `a.cpu().numpy()`. "
            "The meta device has no values at all, so nothing can be copied from it.",
            Refusal.GRAD_OF_WHOLE: "Only floating (and complex) numbers have gradients: use a floating dtype.",
            Refusal.OTHER: "This way is not open for this tensor.",
        },
        refused_reading="{code} fails: {message}",
        sharing_reading="{code}. {verdict}",
        empty_storage="A storage here needs at least one element.",
        table=("torch", "other names", "NumPy", "bytes", "lowest", "highest", "gap after 1", "safe digits"),
        cast="Cast a value",
        value="Value",
        source="from",
        target="to",
        cast_presets={
            "300|int64|int8": "300 to int8",
            "0.1|float64|float16": "0.1 to float16",
            "0.1|float64|bfloat16": "0.1 to bfloat16",
            "70000|float32|float16": "70000 to float16",
            "-1|int64|uint8": "-1 to uint8",
            "2.9|float32|int64": "2.9 to int64",
            "16777217|int64|float32": "2²⁴ + 1 to float32",
        },
        stored="stored as {source}",
        becomes="as {target}",
        stored_otherwise="Storing changed it already: `{source}` cannot hold {typed} and keeps {stored}.",
        bits="bits of the result",
        cut_bits="cut off",
        bit_names=("sign", "exponent", "fraction"),
        losses={
            Loss.NOTHING: "The cast loses nothing.",
            Loss.ROUNDED: "Rounded to the nearest number that the format has.",
            Loss.WRAPPED: "Overflow: only the lowest bits are kept, so the number wraps around.",
            Loss.FRACTION_CUT: "The part after the point is cut off, towards zero.",
            Loss.TO_INFINITY: "Too large for the format: it becomes infinite.",
            Loss.TO_ZERO: "Too small for the format: it becomes zero.",
            Loss.TO_BOOL: "Everything but zero is True.",
            Loss.UNDEFINED: "Outside the range: C++ leaves the result open, another machine may give another one.",
        },
        promote="`{left}` + `{right}` → **{result}**. {rule}",
        promotions={
            Promotion.SAME: "Equal dtypes stay as they are.",
            Promotion.CATEGORY: "The higher category wins, whatever the widths: floating over integer, integer over "
            "bool. The winner need not hold every number of the other.",
            Promotion.WIDER: "Within one category, the wider one wins.",
            Promotion.NEXT: "Neither holds all numbers of the other, so the result is the next wider dtype that "
            "holds both.",
        },
        division="Dividing tensors of whole numbers: `a / b` = `{true}`, `a // b` = `{floor}` (down), "
        '`torch.div(a, b, rounding_mode="trunc")` = `{trunc}` (towards zero).',
        left="a",
        right="b",
        zero_division="`{a} / 0` = `{true}`: `/` makes floats, which know infinity and nan. Whole numbers "
        'do not: torch refuses `{a} // 0` and `rounding_mode="trunc"` (`RuntimeError: ZeroDivisionError`).',
        shown_instead="Shown below instead: `{value}`.",
        array_dtype="torch has no dtype for text. Make numbers of it first: `a.astype(np.float32)`.",
        all_dtypes="All dtypes",
    ),
    Lang.ZH: MemoryTexts(
        title="内存与 dtype",
        topic="主题",
        topics={"strides": "存储与视图", "sharing": "谁与谁共享", "dtypes": "dtype 与转换"},
        presets={
            Preset.ROWS: "按行",
            Preset.TRANSPOSE: "转置",
            Preset.DIAGONAL: "对角线",
            Preset.COLUMN: "一列",
            Preset.WINDOW: "滑动窗口",
            Preset.BROADCAST: "广播（步长 0）",
            Preset.BLOCKS: "3 维",
            Preset.FLIP: "翻转",
        },
        axes="维数",
        size="size {axis}",
        stride="stride {axis}",
        offset="storage_offset",
        storage="存储",
        storage_of="存储：这个张量的元素排成一行",
        flip_toggle="flip(0)：把轴 0 反过来读",
        flip_storage="f 的存储：一块新的",
        pointers_of="`v.data_ptr()` = `{v}` · `f.data_ptr()` = `{f}`",
        view="v",
        place="`v[{index}]` 读取存储位置 {terms} = **{place}**",
        fitted="这个视图会超出存储，已裁剪到合适大小。",
        both_shapes_why="两者相等；一个是方法，一个是属性。`torch.Size` 是元组。",
        flip="PyTorch 没有负步长，所以 `flip` 只能复制。NumPy 有：它的 flip 是视图，步长（字节）为 {stride}。",
        strides_reading="视图的 size 是 {size}，stride 是 {stride}，offset 是 {offset}：{values}。",
        way="怎样由 a 得到 b",
        original="a：原来的",
        made="b：由 a 得到",
        dtype="a 的 dtype",
        requires_grad="a.requires_grad",
        device="a 的 device",
        edit_hint="点一个方框里的格子，输入数字，按 Enter，看另一个方框变不变。",
        reset="撤销全部修改",
        shares="它们共享内存：改一个，另一个也变。",
        apart="它们各有内存：改一个，另一个不变。",
        pointers="data_ptr：a `{left}`，b `{right}`",
        changed_both="你的修改在两边都能看到。",
        changed_one="你的修改只在一边能看到。",
        refusals={
            Refusal.REQUIRES_GRAD: "NumPy 数组不能记录梯度。先断开：`a.detach().numpy()`，bfloat16 则用 "
            "`a.detach().float().numpy()`。",
            Refusal.DTYPE: "对方没有这种 dtype。先转换：`a.float().numpy()`。",
            Refusal.DEVICE: "NumPy 只能读主内存。GPU 上的张量先复制：`a.cpu().numpy()`。"
            "meta 设备上根本没有数值，也就无从复制。",
            Refusal.GRAD_OF_WHOLE: "只有浮点数（和复数）才有梯度：请使用浮点 dtype。",
            Refusal.OTHER: "这个张量不能用这种方法。",
        },
        refused_reading="{code} 失败：{message}",
        sharing_reading="{code}。{verdict}",
        empty_storage="这里的存储至少要有一个元素。",
        table=(
            "torch",
            "其他名字",
            "NumPy",
            "字节",
            "最小",
            "最大",
            "1 到下一个数的间隔",
            "必能保留的十进制位数",
        ),
        cast="转换一个数",
        value="数值",
        source="从",
        target="到",
        cast_presets={
            "300|int64|int8": "300 转 int8",
            "0.1|float64|float16": "0.1 转 float16",
            "0.1|float64|bfloat16": "0.1 转 bfloat16",
            "70000|float32|float16": "70000 转 float16",
            "-1|int64|uint8": "-1 转 uint8",
            "2.9|float32|int64": "2.9 转 int64",
            "16777217|int64|float32": "2²⁴ + 1 转 float32",
        },
        stored="以 {source} 存储",
        becomes="变成 {target}",
        stored_otherwise="存储时就已经变了：`{source}` 存不下 {typed}，只存了 {stored}。",
        bits="结果的各个位",
        cut_bits="被截掉的位",
        bit_names=("符号", "指数", "尾数"),
        losses={
            Loss.NOTHING: "转换没有丢失什么。",
            Loss.ROUNDED: "舍入到这种格式里最近的数。",
            Loss.WRAPPED: "溢出：只保留低位，数值发生回绕。",
            Loss.FRACTION_CUT: "小数部分被截掉，朝零取整。",
            Loss.TO_INFINITY: "超出格式的范围：变成无穷大。",
            Loss.TO_ZERO: "小到格式表示不了：变成零。",
            Loss.TO_BOOL: "除了零以外都是 True。",
            Loss.UNDEFINED: "超出范围：C++ 没有规定结果，换一台机器可能不同。",
        },
        promote="`{left}` + `{right}` → **{result}**。{rule}",
        promotions={
            Promotion.SAME: "dtype 相同，结果仍是这种 dtype。",
            Promotion.CATEGORY: "取类别较高的一方，与位宽无关：浮点高于整数，整数高于布尔。"
            "它不一定能表示对方的每个数。",
            Promotion.WIDER: "同一类别中，取位宽较大的一方。",
            Promotion.NEXT: "任何一方都不能表示对方的所有数，所以取能容纳两者的下一个更宽的 dtype。",
        },
        division="整数张量相除：`a / b` = `{true}`，`a // b` = `{floor}`（向下），"
        '`torch.div(a, b, rounding_mode="trunc")` = `{trunc}`（朝零）。',
        left="a",
        right="b",
        zero_division="`{a} / 0` = `{true}`：`/` 得到浮点数，浮点数里有无穷大和 nan。整数没有：torch 拒绝 `{a} // 0` "
        '和 `rounding_mode="trunc"`（`RuntimeError: ZeroDivisionError`）。',
        shown_instead="下面改为显示 `{value}`。",
        array_dtype="torch 没有存放文字的 dtype。先把它变成数字：`a.astype(np.float32)`。",
        all_dtypes="所有 dtype",
    ),
}
