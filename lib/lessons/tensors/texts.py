"""Labels of /tensors."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.tensors.create import CreationKind
from lib.core.tensors.surprises import Surprise
from lib.ui.lang import Lang


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
    fact: str
    """Slots: name, value."""
    yes: str
    no: str
    summary: dict[str, tuple[str, str]]
    """Parts of the one-line summary, for one and for several. Slots: count or value."""
    ragged_reason: str


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
            CreationKind.LINSPACE: "evenly spaced, both ends included (one step: the start alone; a "
            "whole dtype cuts each "
            "value, and the gaps differ)",
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
        fact="{name}\u00a0{value}",
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
            CreationKind.LINSPACE: "等间距，包含两端（steps 为 1 时只有 start；整数 dtype "
            "会截去每个值的小数，间隔便不再相等）",
            CreationKind.STACK: "把已有张量沿新的维度叠起来",
            CreationKind.FROM_NUMPY: "直接使用 NumPy 数组的内存",
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
        empty_before="x = empty：上一个使用者留下的内容",
        empty_after="x.fill_ 之后",
        empty_last="这块内存的上一个使用者（float32）",
        keep_name="名字",
        keep="放入暂存区",
        bad_name="名字以字母开头，后接字母、数字或 _；不能是 a、b、x、torch、np、nn。",
        shelf="你的暂存区",
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
        fact="{name}：{value}",
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
        ragged_reason="`torch.tensor` 的报错：`{message}`",
    ),
}
