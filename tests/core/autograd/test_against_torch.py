"""Random expressions over random scalars and tensors: values, gradients, refusals and programs against torch."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lib.core.autograd.code import Action, expression_code, forward_lines, output_name
from lib.core.autograd.expression import Op, parse_expression
from lib.core.autograd.graph import Cut, Graph, backward, build_graph, gradients
from lib.core.autograd.numbers import written
from lib.core.autograd.problems import ExpressionError, Problem
from lib.core.autograd.values import literal, parse_values

SHAPES: dict[str, tuple[int, ...]] = {
    "a": (),
    "b": (),
    "u": (3,),
    "v": (2,),
    "W": (2, 3),
    "M": (3, 2),
    "r": (2, 1),
}
UNARY = ("relu", "tanh", "sigmoid", "exp", "log", "sqrt", "sum", "mean", "detach")
REDUCED = ("0", "dim=1", "-1, True", "dim=0, keepdim=True", "dim=(0, 1)", "(1, -2), keepdim=False", "dim=-2")
numbers = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 2.0, -3.0, 0.5]), st.floats(-3, 3, allow_nan=False, width=32)
)


def _texts() -> st.SearchStrategy[str]:
    leaf = st.sampled_from([*SHAPES, "2", "0.5", "-1", "3"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        binary = st.builds(
            lambda x, op, y: f"({x} {op} {y})", inner, st.sampled_from(["+", "-", "*", "/", "**", "@"]), inner
        )
        unary = st.builds(lambda name, x: f"{name}({x})", st.sampled_from(UNARY), inner)
        method = st.builds(lambda x, name: f"({x}).{name}()", inner, st.sampled_from(UNARY))
        over = st.builds(
            lambda name, x, how: f"{name}({x}, {how})" if name[0] != "." else f"({x}){name}({how})",
            st.sampled_from(["sum", "mean", ".sum", ".mean", "torch.sum"]),
            inner,
            st.sampled_from(REDUCED),
        )
        cut = st.builds(lambda x: f"no_grad({x} * 1)", inner)
        return st.one_of(binary, unary, method, over, st.builds(lambda x: f"-({x})", inner), cut)

    return st.recursive(leaf, larger, max_leaves=7)


@dataclass(frozen=True)
class Case:
    """A text with a value for each of its names."""

    text: str
    values: dict[str, np.ndarray[Any, np.dtype[np.float64]]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    first, second = draw(_texts()), draw(_texts())
    text = draw(st.sampled_from([first, f"sum({first})", f"h = {first}; sum(h * {second} + h)"]))
    values = {}
    for name, shape in SHAPES.items():
        count = int(np.prod(shape))
        values[name] = np.array(draw(st.lists(numbers, min_size=count, max_size=count))).reshape(shape)
    return Case(text, values)


def torch_space(case: Case, leaves: tuple[str, ...]) -> dict[str, Any]:
    space: dict[str, Any] = {"torch": torch}
    for name in leaves:
        space[name] = torch.tensor(case.values[name], dtype=torch.float64, requires_grad=True)
    return space


def built(case: Case) -> Graph | None:
    """The graph; None where the text is refused, which torch must refuse as well where it is about shapes."""
    try:
        expression = parse_expression(case.text)
    except ExpressionError as refused:
        problem = refused.problem
        expression = None
    if expression is None:
        allowed = {
            Problem.TOO_LONG,
            Problem.NO_NAME,
            Problem.TOO_MANY_OPERATIONS,
            Problem.BAD_NUMBER,
            Problem.MATMUL,
        }
        assert problem in allowed
        return None
    try:
        return build_graph(expression, case.values)
    except ExpressionError as refused:
        problem = refused.problem
    assert problem in (Problem.SHAPES, Problem.MATMUL, Problem.DIM, Problem.DIM_TWICE)
    with pytest.raises((RuntimeError, IndexError)):
        run_forward(torch_space(case, expression.leaves), forward_lines(expression))
    return None


def run_forward(space: dict[str, Any], lines: list[str]) -> None:
    exec("\n".join(lines), space)  # noqa: S102, a program of our own making


def close(ours: Any, theirs: torch.Tensor) -> None:
    """Equal numbers where torch's are finite; where they are not, ours are not (a zero's sign may differ)."""
    expected = theirs.detach().numpy()
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(ours), finite)
    np.testing.assert_allclose(
        np.where(finite, ours, 0.0), np.where(finite, expected, 0.0), rtol=1e-9, atol=1e-9
    )


QUICKLY: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    # Explaining a failure of a deep expression takes minutes, and says little.
    "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
}


@settings(max_examples=250, **QUICKLY)
@given(cases())
def test_values_and_gradients_are_torchs(case: Case) -> None:
    graph = built(case)
    if graph is None:
        return
    expression = graph.expression
    space = torch_space(case, expression.leaves)
    run_forward(space, forward_lines(expression))
    result = space[output_name(expression)]
    close(graph.output, result)
    if graph.refusal is not None:
        with pytest.raises(RuntimeError) as caught:
            result.backward()
        assert str(caught.value) == graph.refusal.value
        return
    result.backward(retain_graph=True)
    result.backward()
    for name, grad in gradients(graph, presses=2).items():
        theirs = space[name].grad
        assert (grad is None) == (theirs is None), name
        if grad is not None:
            close(grad, theirs)


@settings(max_examples=100, **QUICKLY)
@given(cases())
def test_each_step_is_upstream_times_local(case: Case) -> None:
    graph = built(case)
    if graph is None:
        return
    arrived: dict[int, Any] = {graph.expression.output: np.ones_like(graph.output)}
    for step in backward(graph):
        edge = graph.edges[step.edge]
        source = graph.values[edge.source]
        np.testing.assert_array_equal(step.upstream, arrived[edge.target])
        assert step.product.shape == source.shape
        if step.local is not None:
            node, upstream = graph.expression.nodes[edge.target], step.upstream
            if node.dims is not None and not node.keepdim and source.ndim:
                upstream = np.expand_dims(upstream, node.dims)
            with np.errstate(all="ignore"):
                product = upstream * step.local
            assert (step.full is not None) == (product.shape != source.shape)
            if np.isfinite(product).all():
                np.testing.assert_array_equal(product if step.full is None else step.full, product)
                np.testing.assert_allclose(product.sum(), step.product.sum(), rtol=1e-9, atol=1e-9)
        else:
            assert graph.expression.nodes[edge.target].op is Op.MATMUL
        arrived[edge.source] = arrived.get(edge.source, 0.0) + step.product


@settings(max_examples=60, **QUICKLY)
@given(cases(), st.lists(st.sampled_from(["b", "z"]), max_size=5))
def test_the_program_prints_what_the_page_says(case: Case, actions: list[Action]) -> None:
    graph = built(case)
    if graph is None or not all(np.isfinite(value).all() for value in graph.values):
        return
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(expression_code(graph, case.values, actions), {})  # noqa: S102, a program of our own making
    presses = len(actions) - 1 - actions[::-1].index("z") if "z" in actions else -1
    since = sum(action == "b" for action in actions[presses + 1 :])
    ours = {f"{name}.grad": written(grad) for name, grad in gradients(graph, since).items()}
    theirs = dict(line.split(" = ") for line in printed.getvalue().splitlines())
    for name, text in ours.items():
        if text == "None" or theirs[name] == "None":
            assert text == theirs[name]
        else:
            np.testing.assert_allclose(
                np.array(parse_nested(text)), np.array(parse_nested(theirs[name])), rtol=2e-5, atol=1e-9
            )


def parse_nested(text: str) -> Any:
    return eval(text, {"nan": np.nan, "inf": np.inf})  # noqa: S307, a list of floats of our own printing


@pytest.mark.parametrize(
    ("text", "cut"),
    [("detach(a) * b", Cut.DETACH), ("no_grad(a * b) + b", Cut.NO_GRAD), ("sum(detach(a)) * b", Cut.ABOVE)],
)
def test_cuts_are_on_their_edges(text: str, cut: Cut) -> None:
    graph = build_graph(parse_expression(text), parse_values("a=2;b=-3"))
    assert cut in {edge.cut for edge in graph.edges}
    assert gradients(graph)["a"] is None


def test_the_engine_visits_nodes_in_this_order() -> None:
    """Torch's own order, seen by hooks: the node made last of those that are complete."""
    graph = build_graph(parse_expression("h = a*b; k = h+a; tanh(k) * h"), parse_values("a=2;b=-3"))
    seen: list[str] = []
    space = torch_space(Case("", {"a": np.array(2.0), "b": np.array(-3.0)}), ("a", "b"))
    a, b = space["a"], space["b"]
    h = a * b
    k = h + a
    t = torch.tanh(k)
    y = t * h
    for name, tensor in {"*": h, "+": k, "tanh": t}.items():
        tensor.grad_fn.register_prehook(lambda _grads, name=name: seen.append(name))
    y.backward()
    targets = [graph.edges[step.edge].target for step in backward(graph)]
    order = list(dict.fromkeys(targets))
    assert [graph.expression.nodes[index].sign for index in order[1:]] == seen


def test_a_mean_over_a_dim_shares_the_gradient_along_it() -> None:
    values = parse_values("W=[[1,2,3],[5,2,9]]")
    graph = build_graph(parse_expression("d = W - W.mean(dim=0, keepdim=True); sum(d*d, 1).sum()"), values)
    assert [graph.values[n].shape for n, node in enumerate(graph.expression.nodes) if node.dims] == [
        (1, 3),
        (2,),
    ]
    weights = torch.tensor(values["W"], requires_grad=True)
    d = weights - weights.mean(dim=0, keepdim=True)
    (d * d).sum(1).sum().backward()  # type: ignore[no-untyped-call]
    close(gradients(graph)["W"], weights.grad)  # type: ignore[arg-type]


def test_values_survive_their_text() -> None:
    values = parse_values("a=2, b = -0.5; W=[[1,2],[3,4]]")
    text = ";".join(f"{name}={literal(value)}" for name, value in values.items())
    assert text == "a=2;b=-0.5;W=[[1,2],[3,4]]"
    again = parse_values(text)
    assert list(again) == list(values)
    assert all(np.array_equal(again[name], value) for name, value in values.items())


def test_inner_nodes_keep_what_retain_grad_keeps_and_double_too() -> None:
    graph = build_graph(parse_expression("h = a*b + c; k = h**2; k + a"), parse_values("a=2;b=-3;c=10"))
    a, b, c = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (2.0, -3.0, 10.0))
    h = a * b + c
    k = h**2
    y = k + a
    for tensor in (h, k, y):
        tensor.retain_grad()
    arrived: dict[str, Any] = {}
    for step in backward(graph):
        name = graph.expression.nodes[graph.edges[step.edge].source].name
        arrived[name] = arrived.get(name, 0.0) + step.product
    for presses in (1, 2):
        y.backward(retain_graph=True)  # type: ignore[no-untyped-call]
        for name, tensor in {"h": h, "k": k, "a": a, "b": b, "c": c}.items():
            assert tensor.grad is not None
            assert tensor.grad.item() == presses * arrived[name]
        assert y.grad is not None
        assert y.grad.item() == presses
