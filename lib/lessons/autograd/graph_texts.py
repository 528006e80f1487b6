"""Words of the graph: the picture's, and what is said about typed expressions."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.autograd.expression import ALLOWED_FUNCTIONS
from lib.core.autograd.problems import MAX_DIMS, Problem
from lib.ui.lang import Lang

_FUNCTIONS = ", ".join(f"`{name}`" for name in ALLOWED_FUNCTIONS)
_FUNCTIONS_ZH = "、".join(f"`{name}`" for name in ALLOWED_FUNCTIONS)


@dataclass(frozen=True)
class PictureTexts:
    """Labels of the moving graph; slots in braces are filled in the browser."""

    reading: str
    """Slots: expression, count; filled here."""
    backward_help: str
    zero_help: str
    reset: str
    back: str
    forth: str
    play: str
    pause: str
    scrub: str
    grads: str
    start: str
    refused: str
    """Slots: name, message."""
    zeroed: str
    seed: str
    """Slots: press, name."""
    step: str
    """Slots: press, number, total, upstream, rule, local, product, source, grad."""
    summed: str
    """The same, and: from, to."""
    matmul: str
    again: str
    doubled: str
    """Slots: times."""


@dataclass(frozen=True)
class GraphTexts:
    """What stands around the picture."""

    expression: str
    expression_help: str
    values: str
    values_help: str
    examples: str
    example_names: dict[str, str]
    bad_expression: str
    bad_values: str
    allowed: str
    last_good: str
    """Slots: expression, values."""
    problems: dict[Problem, str]
    not_scalar: str
    """Slots: shape, name."""
    no_grad: str
    """Slots: name."""
    sum_up: str
    give_value: str
    """Slots: name."""
    not_finite: str
    retain: str
    picture: PictureTexts


GRAPH_TEXTS: dict[Lang, GraphTexts] = {
    Lang.EN: GraphTexts(
        expression="Expression",
        expression_help=f"`+ - * / ** @`, {_FUNCTIONS}; `sum` and `mean` with `dim=0, keepdim=True`; parentheses; "
        f"`h = a*b; h + c` gives a part a name.",
        values="Values",
        values_help="`a=2; b=-3; W=[[1,2],[3,4]]`",
        examples="Examples",
        example_names={
            "meet": "Branches meet",
            "neuron": "A neuron",
            "dead": "A dead ReLU",
            "broadcast": "Broadcasting",
            "dim": "Mean over a dim",
            "matmul": "W @ x + b",
            "detach": "detach",
            "no_grad": "no_grad",
        },
        bad_expression="This expression cannot be read:",
        bad_values="These values cannot be read:",
        allowed=f"Allowed: names, numbers, `+ - * / ** @`, {_FUNCTIONS} (`sum` and `mean` with `dim` and "
        f"`keepdim`), and `name = ...;` before the last part.",
        last_good="The picture still shows {expression} with {values}.",
        problems={
            Problem.EMPTY: "There is nothing here.",
            Problem.TOO_LONG: "{length} characters; at most {limit} are allowed.",
            Problem.SYNTAX: "Python's grammar breaks off at the mark.",
            Problem.NOT_ALLOWED: "`{part}` is not allowed here.",
            Problem.USE_POWER: "In Python a power is written `**`; `^` means something else.",
            Problem.UNKNOWN_FUNCTION: "There is no function `{name}` here.",
            Problem.ARGUMENTS: "`{name}` takes exactly one argument here.",
            Problem.DIMS: "After its tensor `{name}` takes `dim`, a whole number or several as in `dim=(0, 1)`, "
            "and `keepdim=True`.",
            Problem.DIM: "Dimension out of range: a tensor of shape {shape} has the dims {low} to {high}, "
            "not {dim}.",
            Problem.DIM_TWICE: "dim {dim} appears multiple times in the list of dims.",
            Problem.UNKNOWN_NAME: "`{name}` has no value. Known: {known}.",
            Problem.NAME_TAKEN: "`{name}` already stands for something.",
            Problem.BAD_NAME: "`{name}` cannot be a name: letters a to z, digits and `_`, at most "
            "{limit} of them, "
            "and not a function's name.",
            Problem.NO_NAME: "This is only a number: nothing in it could have a gradient.",
            Problem.TOO_MANY_OPERATIONS: "At most {limit} operations are drawn.",
            Problem.BAD_NUMBER: "`{number}` is not a number from -{limit} to {limit}.",
            Problem.BAD_VALUE: "The value of `{name}` must be a number or nested lists of numbers.",
            Problem.RAGGED: "The rows of `{name}` differ in length.",
            Problem.TOO_MANY_ELEMENTS: f"`{{name}}` may have 1 to {{limit}} elements in at most "
            f"{MAX_DIMS} dimensions.",
            Problem.SHAPES: "Shapes {left} and {right} do not broadcast: each size must match or be 1.",
            Problem.MATMUL: "`@` cannot join shapes {left} and {right}: the last size on the left "
            "must equal the "
            "second to last on the right (a vector's only size), and neither may be a single number.",
            Problem.LAST_IS_ASSIGNMENT: "After the last `;` an expression is expected, not `{name} = ...`.",
            Problem.NO_GRAD_OF_NAME: "`no_grad` keeps operations from being recorded; the name "
            "`{name}` alone is none. "
            "`detach({name})` cuts here.",
        },
        not_scalar="{name} has shape {shape}. `backward()` by itself starts from a single number.",
        no_grad="Every way from {name} to a leaf is cut, so there is nothing to send back.",
        sum_up="Take the sum",
        give_value="{name} = 1",
        not_finite="Some values are not finite numbers, and gradients that pass them may not be either: PyTorch "
        "computes the same.",
        retain="Inner nodes and the result show the `.grad` that `retain_grad()` would keep for them;"
        " without it only "
        "leaves keep theirs. `retain_graph=True` keeps what the graph has saved, so that `backward()` can be "
        "called again; a graph that saved nothing, such as that of `a + b`, needs none.",
        picture=PictureTexts(
            reading="Graph of {expression}: {count} nodes. Arrow keys step, space plays.",
            backward_help="backward(): send a gradient back through the graph; it is added to every .grad",
            zero_help="zero_grad(): set every .grad to None",
            reset="Start over",
            back="One step back",
            forth="One step on",
            play="Play",
            pause="Pause",
            scrub="Moment",
            grads="Gradients of the leaves",
            start="Forward: every node has its value, no node has a gradient. Press backward().",
            refused="{name}.backward() raises RuntimeError: {message}",
            zeroed="zero_grad(): every .grad is None again.",
            seed="backward() number {press} starts at the result: d{name}/d{name} = 1 is added to its .grad.",
            step="Edge {number} of {total}: {upstream} from above × local derivative {rule} = {local}"
            " gives {product} "
            "for {source}; its .grad is now {grad}.",
            summed="Edge {number} of {total}: {upstream} × {rule} has shape {from}; summed back to {to}, "
            "{product} for {source}; its .grad is now {grad}.",
            matmul="Edge {number} of {total}: G = {upstream} from above, {rule} gives {product} for "
            "{source}; "
            "its .grad is now {grad}.",
            again="Now press backward() once more, without zero_grad().",
            doubled="backward() number {times} without zero_grad(): every .grad is {times} times its "
            "gradient.",
        ),
    ),
    Lang.ZH: GraphTexts(
        expression="表达式",
        expression_help=f"`+ - * / ** @`，{_FUNCTIONS_ZH}；`sum` 和 `mean` 可带 `dim=0, keepdim=True`；括号；"
        f"`h = a*b; h + c` 可以给一部分起名字。",
        values="取值",
        values_help="`a=2; b=-3; W=[[1,2],[3,4]]`",
        examples="例子",
        example_names={
            "meet": "分支汇合",
            "neuron": "一个神经元",
            "dead": "失活的 ReLU",
            "broadcast": "广播",
            "dim": "沿一维求平均",
            "matmul": "W @ x + b",
            "detach": "detach",
            "no_grad": "no_grad",
        },
        bad_expression="无法解析这个表达式：",
        bad_values="无法解析这些取值：",
        allowed=f"可以用：名字、数、`+ - * / ** @`、{_FUNCTIONS_ZH}（`sum` 和 `mean` 可带 `dim`、`keepdim`），"
        f"以及写在最后一部分之前的 `名字 = ...;`。",
        last_good="图中仍是 {expression}，取值为 {values}。",
        problems={
            Problem.EMPTY: "这里是空的。",
            Problem.TOO_LONG: "共 {length} 个字符，最多允许 {limit} 个。",
            Problem.SYNTAX: "从标记处起，不符合 Python 语法。",
            Problem.NOT_ALLOWED: "这里不能用 `{part}`。",
            Problem.USE_POWER: "Python 里乘方写作 `**`，`^` 是另一种运算。",
            Problem.UNKNOWN_FUNCTION: "这里没有函数 `{name}`。",
            Problem.ARGUMENTS: "`{name}` 在这里只接受一个参数。",
            Problem.DIMS: "`{name}` 在张量之后可以带 `dim`（一个整数，或如 `dim=(0, 1)` 的几个）和 `keepdim=True`。",
            Problem.DIM: "dim 超出范围：形状为 {shape} 的张量只有 dim {low} 到 {high}，没有 {dim}。",
            Problem.DIM_TWICE: "dim {dim} 重复出现。",
            Problem.UNKNOWN_NAME: "`{name}` 没有取值。已有：{known}。",
            Problem.NAME_TAKEN: "`{name}` 已被占用。",
            Problem.BAD_NAME: "`{name}` 不能作名字：只能用字母 a 到 z、数字和 `_`，最多 {limit} 个，"
            "且不能是函数名。",
            Problem.NO_NAME: "这里只有数，没有什么可以求梯度。",
            Problem.TOO_MANY_OPERATIONS: "最多画 {limit} 个运算。",
            Problem.BAD_NUMBER: "`{number}` 不在 -{limit} 到 {limit} 之间。",
            Problem.BAD_VALUE: "`{name}` 的值必须是一个数，或由数组成的嵌套列表。",
            Problem.RAGGED: "`{name}` 各行长度不一。",
            Problem.TOO_MANY_ELEMENTS: f"`{{name}}` 可以有 1 到 {{limit}} 个元素，最多 {MAX_DIMS} 维。",
            Problem.SHAPES: "形状 {left} 与 {right} 不能广播：每一维要么相等，要么是 1。",
            Problem.MATMUL: "`@` 不能连接形状 {left} 与 {right}：左边最后一维必须等于右边倒数第二维"
            "（右边是向量时，就是它唯一的一维），而且两边都不能是单个数。",
            Problem.LAST_IS_ASSIGNMENT: "最后一个 `;` 之后应是表达式，而不是 `{name} = ...`。",
            Problem.NO_GRAD_OF_NAME: "`no_grad` 让运算不被记录；单独一个名字 `{name}` 不是运算。要在"
            "这里切断，请用 `detach({name})`。",
        },
        not_scalar="{name} 的形状是 {shape}。单独的 `backward()` 只能从一个数出发。",
        no_grad="从 {name} 到叶子的每条路都被切断了，没有什么可以往回传。",
        sum_up="改为求和",
        give_value="{name} = 1",
        not_finite="有些值不是有限的数，经过它们的梯度也可能不是：PyTorch 算出来也是这样。",
        retain="中间节点和结果显示的 `.grad` 是调用 `retain_grad()` 后会留下的；不调用时只有叶子保留自己的。"
        "`retain_graph=True` 保留图里存下的值，才能再次调用 `backward()`；像 `a + b` 这样什么都没存的图则不需要。",
        picture=PictureTexts(
            reading="{expression} 的计算图：{count} 个节点。方向键单步，空格键播放。",
            backward_help="backward()：让梯度沿图往回传；结果加到每个 .grad 上",
            zero_help="zero_grad()：把每个 .grad 设为 None",
            reset="重新开始",
            back="后退一步",
            forth="前进一步",
            play="播放",
            pause="暂停",
            scrub="时刻",
            grads="叶子的梯度",
            start="前向：每个节点都有了值，还没有梯度。请按 backward()。",
            refused="{name}.backward() 抛出 RuntimeError: {message}",
            zeroed="zero_grad()：每个 .grad 又是 None。",
            seed="第 {press} 次 backward() 从结果出发：d{name}/d{name} = 1 加到它的 .grad 上。",
            step="第 {number} 条边（共 {total} 条）：上游的 {upstream} × 局部导数 {rule} = {local}，"
            "得到 {product}，传给 {source}；它的 .grad 现在是 {grad}。",
            summed="第 {number} 条边（共 {total} 条）：{upstream} × {rule} 的形状是 {from}，求和还原"
            "为 {to}，把 {product} 传给 {source}；它的 .grad 现在是 {grad}。",
            matmul="第 {number} 条边（共 {total} 条）：上游 G = {upstream}，{rule} 得到 {product}，传"
            "给 {source}；它的 .grad 现在是 {grad}。",
            again="现在再按一次 backward()，不要按 zero_grad()。",
            doubled="第 {times} 次 backward()，中间没有 zero_grad()：每个 .grad 都是其梯度的 {times} 倍。",
        ),
    ),
}
