"""The graph of an expression with its values, and backward through it, one edge a step.

float64 throughout. The arithmetic of each operation is PyTorch's own (derivatives.yaml and FunctionsManual.cpp of
torch 2.13), its results equal ``torch.autograd``'s: the tests compare them over random expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lib.core.autograd.expression import Expression, Node, Op
from lib.core.autograd.problems import ExpressionError, Problem
from lib.core.autograd.values import Array, Values


class Cut(StrEnum):
    """Why no gradient flows along an edge."""

    DETACH = "detach"
    NO_GRAD = "no_grad"
    ABOVE = "above"
    """What lies behind it needs no gradient: it was cut further back."""


@dataclass(frozen=True)
class Edge:
    """From an input to the node that uses it; ``slot`` is the input's position there."""

    source: int
    target: int
    slot: int
    cut: Cut | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """What one edge carries back.

    ``upstream`` has the target's shape. ``local`` is the derivative of the target by the source where the
    operation works on each element, None for ``@``. ``full`` is their product (0 where ReLU lets nothing through)
    before broadcasting is summed back (None where nothing was broadcast), ``product`` has the source's shape.
    """

    edge: int
    rule: str
    upstream: Array
    local: Array | None
    full: Array | None
    product: Array


@dataclass(frozen=True, eq=False)
class Graph:
    """Values on the nodes, edges in order of the nodes that use them; ``tracked`` is ``requires_grad``."""

    expression: Expression
    values: tuple[Array, ...]
    tracked: tuple[bool, ...]
    edges: tuple[Edge, ...]

    @property
    def output(self) -> Array:
        """Value of the whole expression."""
        return self.values[self.expression.output]

    @property
    def refusal(self) -> Refusal | None:
        """Why PyTorch refuses ``backward()`` here, None where it does not."""
        if not self.tracked[self.expression.output]:
            return Refusal.NO_GRAD
        return Refusal.NOT_SCALAR if self.output.size != 1 else None


class Refusal(StrEnum):
    """PyTorch's own words, at the end of ``RuntimeError``."""

    NOT_SCALAR = "grad can be implicitly created only for scalar outputs"
    NO_GRAD = "element 0 of tensors does not require grad and does not have a grad_fn"


def build_graph(expression: Expression, values: Values) -> Graph:
    """Forward: each node's value.

    >>> from lib.core.autograd.expression import parse_expression
    >>> graph = build_graph(parse_expression("a*b + a"), {"a": np.array(2.0), "b": np.array(-3.0)})
    >>> float(graph.output)
    -4.0

    Raises: ExpressionError where a name has no value, or shapes do not fit.
    """
    computed: list[Array] = []
    tracked: list[bool] = []
    edges: list[Edge] = []
    for index, node in enumerate(expression.nodes):
        if node.op is Op.LEAF:
            if node.name not in values:
                details = {"name": node.name, "known": ", ".join(values) or "-"}
                raise ExpressionError(Problem.UNKNOWN_NAME, expression.text, node.start, node.end, details)
            computed.append(values[node.name])
            tracked.append(True)
            continue
        operands = [node.constant_array if at is None else computed[at] for at in node.inputs]
        if node.dims is not None:
            _check_dims(expression, node, node.dims, operands[0])
        computed.append(_forward(expression, node, operands))
        is_cut = node.untracked or node.op is Op.DETACH
        tracked.append(not is_cut and any(at is not None and tracked[at] for at in node.inputs))
        for slot, at in enumerate(node.inputs):
            if at is not None:
                edges.append(Edge(at, index, slot, _cut(node, tracked[at])))
    return Graph(expression, tuple(computed), tuple(tracked), tuple(edges))


def _cut(node: Node, source_is_tracked: bool) -> Cut | None:
    if not source_is_tracked:
        return Cut.ABOVE
    if node.untracked:
        return Cut.NO_GRAD
    return Cut.DETACH if node.op is Op.DETACH else None


def _forward(expression: Expression, node: Node, operands: list[Array]) -> Array:
    if node.dims is not None:
        reduce = np.sum if node.op is Op.SUM else np.mean
        axes = node.dims if operands[0].ndim else None  # a number has no dim; torch lets 0 and -1 pass
        return np.asarray(reduce(operands[0], axis=axes, keepdims=node.keepdim), dtype=np.float64)
    try:
        with np.errstate(all="ignore"):
            return np.asarray(_FORWARD[node.op](*operands), dtype=np.float64)
    except ValueError:
        problem = Problem.MATMUL if node.op is Op.MATMUL else Problem.SHAPES
        left, right = (_shape(each) for each in operands)
        details = {"left": left, "right": right}
        raise ExpressionError(problem, expression.text, node.start, node.end, details) from None


def _check_dims(expression: Expression, node: Node, dims: tuple[int, ...], operand: Array) -> None:
    """Raise ExpressionError for a dim that the operand has not, or one that comes twice."""
    rank = max(operand.ndim, 1)
    for number, dim in enumerate(dims):
        details: dict[str, str | int] = {"dim": dim}
        if not -rank <= dim < rank:
            details |= {"low": -rank, "high": rank - 1, "shape": _shape(operand)}
            raise ExpressionError(Problem.DIM, expression.text, node.start, node.end, details)
        if any((dim - other) % rank == 0 for other in dims[:number]):
            raise ExpressionError(Problem.DIM_TWICE, expression.text, node.start, node.end, details)


def _shape(value: Array) -> str:
    """As torch writes it: ``(2, 3)``."""
    return str(tuple(value.shape))


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


_FORWARD: dict[Op, Callable[..., Array]] = {
    Op.ADD: np.add,
    Op.SUB: np.subtract,
    Op.MUL: np.multiply,
    Op.DIV: np.divide,
    Op.POW: np.power,
    Op.MATMUL: np.matmul,
    Op.NEG: np.negative,
    Op.RELU: lambda x: np.where(x > 0, x, np.where(np.isnan(x), x, 0.0)),
    Op.TANH: np.tanh,
    Op.SIGMOID: _sigmoid,
    Op.EXP: np.exp,
    Op.LOG: np.log,
    Op.SQRT: np.sqrt,
    Op.SUM: np.sum,
    Op.MEAN: np.mean,
    Op.DETACH: lambda x: x,
}


def backward(graph: Graph) -> tuple[Step, ...]:
    """What ``output.backward()`` does, edge by edge, in the order in which PyTorch's engine visits the nodes.

    The engine takes the node that was made last among those whose gradient is complete, so it is the reverse
    order of making. Empty where :attr:`Graph.refusal` says so.

    >>> from lib.core.autograd.expression import parse_expression
    >>> graph = build_graph(parse_expression("a*b"), {"a": np.array(2.0), "b": np.array(-3.0)})
    >>> [float(step.product) for step in backward(graph)]
    [-3.0, 2.0]
    """
    if graph.refusal is not None:
        return ()
    nodes, output = graph.expression.nodes, graph.expression.output
    arrived: dict[int, Array] = {output: np.ones_like(graph.output)}
    steps: list[Step] = []
    by_target: dict[int, list[tuple[int, Edge]]] = {}
    for number, edge in enumerate(graph.edges):
        by_target.setdefault(edge.target, []).append((number, edge))
    for index in range(output, -1, -1):
        if index not in arrived or nodes[index].op is Op.LEAF:
            continue
        for number, edge in by_target.get(index, []):
            if edge.cut is None:
                step = _step(graph, number, edge, arrived[index])
                steps.append(step)
                before = arrived.get(edge.source)
                arrived[edge.source] = step.product if before is None else before + step.product
    return tuple(steps)


def gradients(graph: Graph, presses: int = 1) -> dict[str, Array | None]:
    """``.grad`` of every leaf after so many ``backward()`` without a ``zero_grad()`` between them; None: no grad.

    >>> from lib.core.autograd.expression import parse_expression
    >>> graph = build_graph(parse_expression("a*b"), {"a": np.array(2.0), "b": np.array(-3.0)})
    >>> {name: float(grad) for name, grad in gradients(graph, presses=2).items()}
    {'a': -6.0, 'b': 4.0}
    """
    nodes = graph.expression.nodes
    grads: dict[str, Array | None] = dict.fromkeys(graph.expression.leaves)
    once: dict[str, Array] = {}
    for step in backward(graph) if presses else ():
        name = nodes[graph.edges[step.edge].source].name
        if nodes[graph.edges[step.edge].source].op is Op.LEAF:
            once[name] = once[name] + step.product if name in once else step.product
    if presses and graph.refusal is None and nodes[graph.expression.output].op is Op.LEAF:
        once[nodes[graph.expression.output].name] = np.ones_like(graph.output)
    for name, grad in once.items():
        total = grad
        for _ in range(presses - 1):
            total = total + grad
        grads[name] = total
    return grads


def _step(graph: Graph, number: int, edge: Edge, upstream: Array) -> Step:
    node = graph.expression.nodes[edge.target]
    operands = [node.constant_array if at is None else graph.values[at] for at in node.inputs]
    result, source = graph.values[edge.target], graph.values[edge.source]
    with np.errstate(all="ignore"):
        if node.op is Op.MATMUL:
            rule, product = _matmul_back(edge.slot, upstream, operands)
            return Step(number, rule, upstream, None, None, product)
        rule, local = _LOCAL[node.op](edge.slot, operands, result)
        flowing = upstream
        if node.dims is not None and not node.keepdim and source.ndim:
            flowing = np.expand_dims(upstream, node.dims)
        full = np.where(_blocks(node, edge.slot, operands), 0.0, flowing * local)
    product = _sum_back(full, source.shape)
    was_broadcast = full.shape != source.shape
    local = np.broadcast_to(np.asarray(local, np.float64), full.shape)
    return Step(number, rule, upstream, local, full if was_broadcast else None, product)


def _blocks(node: Node, slot: int, operands: list[Array]) -> Array:
    """Where PyTorch lets nothing through, not even an infinite gradient: 0 there is no factor."""
    if node.op is Op.RELU:
        return np.asarray(operands[0] <= 0)
    return np.asarray(operands[1] == 0 if node.op is Op.POW and slot == 0 else False)


def _sum_back(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: sums over axes that the source did not have, or had with size 1."""
    extra = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(extra)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[axis] != 1)
    return np.asarray(gradient.sum(axis=stretched, keepdims=True))


def _matmul_back(slot: int, upstream: Array, operands: list[Array]) -> tuple[str, Array]:
    """(rule, gradient) of ``left @ right``; vectors take part as a row on the left, as a column on the right."""
    left, right = operands
    rows = left[None, :] if left.ndim == 1 else left
    columns = right[:, None] if right.ndim == 1 else right
    grad = upstream.reshape(rows.shape[0], columns.shape[1])
    if slot == 0:
        return "G @ vᵀ", np.asarray((grad @ columns.T).reshape(left.shape))
    return "uᵀ @ G", np.asarray((rows.T @ grad).reshape(right.shape))


Rule = tuple[str, Array | float]


def _add_back(slot: int, operands: list[Array], result: Array) -> Rule:  # noqa: ARG001
    return "1", 1.0


def _sub_back(slot: int, operands: list[Array], result: Array) -> Rule:  # noqa: ARG001
    return ("1", 1.0) if slot == 0 else ("-1", -1.0)


def _mul_back(slot: int, operands: list[Array], result: Array) -> Rule:  # noqa: ARG001
    return ("v", operands[1]) if slot == 0 else ("u", operands[0])


def _div_back(slot: int, operands: list[Array], result: Array) -> Rule:  # noqa: ARG001
    u, v = operands
    return ("1 / v", np.asarray(1 / v)) if slot == 0 else ("-u / v²", np.asarray(-((u / v) / v)))


def _pow_back(slot: int, operands: list[Array], result: Array) -> Rule:
    u, v = operands
    if slot == 0:
        return "v · u^(v-1)", np.where(v == 0, 0.0, v * np.power(u, v - 1))
    return "u^v · ln u", np.where((u == 0) & (v >= 0), 0.0, result * np.log(u))


def _unary(text: str, derivative: Callable[[Array, Array], Array | float]) -> Callable[..., Rule]:
    def rule(slot: int, operands: list[Array], result: Array) -> Rule:  # noqa: ARG001
        return text, derivative(operands[0], result)

    return rule


_LOCAL: dict[Op, Callable[[int, list[Array], Array], Rule]] = {
    Op.ADD: _add_back,
    Op.SUB: _sub_back,
    Op.MUL: _mul_back,
    Op.DIV: _div_back,
    Op.POW: _pow_back,
    Op.NEG: _unary("-1", lambda _u, _y: -1.0),
    Op.RELU: _unary("[u > 0]", lambda u, _y: np.asarray(u > 0, np.float64)),
    Op.TANH: _unary("1 - y²", lambda _u, y: 1 - y * y),
    Op.SIGMOID: _unary("y · (1 - y)", lambda _u, y: (1 - y) * y),
    Op.EXP: _unary("y", lambda _u, y: y),
    Op.LOG: _unary("1 / u", lambda u, _y: 1 / u),
    Op.SQRT: _unary("1 / (2y)", lambda _u, y: 1 / (2 * y)),
    Op.SUM: _unary("1", lambda u, _y: np.ones_like(u)),
    Op.MEAN: _unary("1 / n", lambda u, y: np.full_like(u, y.size / u.size)),
}
