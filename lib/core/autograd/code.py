"""The program for an expression: PyTorch itself, printing what the page shows."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Literal

from lib.core.autograd.expression import ALLOWED_FUNCTIONS, NO_GRAD, Expression
from lib.core.autograd.graph import Graph, Refusal
from lib.core.autograd.numbers import SHORT
from lib.core.autograd.values import Values, literal

Action = Literal["b", "z"]
"""``backward()``, ``zero_grad()``."""


def output_name(expression: Expression) -> str:
    """What the result is called: ``y``, or the first of some others that the learner does not use.

    >>> from lib.core.autograd.expression import parse_expression
    >>> output_name(parse_expression("y * 2"))
    'out'
    """
    used = {node.name for node in expression.nodes}
    return next(name for name in ("y", "out", "result", "loss") if name not in used)


class _ForTorch(ast.NodeTransformer):
    """Functions become torch's; what stands in ``no_grad(...)`` becomes a statement of its own, made before."""

    def __init__(self, used: set[str]) -> None:
        self.before: list[str] = []
        self._used = used

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name):
            name = node.func.id
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            is_module = node.func.value.id in ("torch", "F")
            name = node.func.attr if is_module else ""
        else:
            name = ""
        self.generic_visit(node)
        if name == NO_GRAD:
            fixed = next(each for each in _fixed_names() if each not in self._used)
            self._used.add(fixed)
            self.before += ["with torch.no_grad():", f"    {fixed} = {ast.unparse(node.args[0])}"]
            return ast.Name(fixed, ast.Load())
        if name in ALLOWED_FUNCTIONS:
            node.func = ast.Attribute(ast.Name("torch", ast.Load()), name, ast.Load())
        return node


def _fixed_names() -> list[str]:
    return ["fixed", *(f"fixed_{number}" for number in range(2, 40))]


def forward_lines(expression: Expression) -> list[str]:
    """The statements, one a line, the last of which makes the result.

    >>> from lib.core.autograd.expression import parse_expression
    >>> forward_lines(parse_expression("h = relu(a); h * no_grad(a + 1)"))
    ['h = torch.relu(a)', 'with torch.no_grad():', '    fixed = a + 1', 'y = h * fixed']
    """
    lines: list[str] = []
    used = {node.name for node in expression.nodes}
    for statement in ast.parse(expression.text).body:
        transformer = _ForTorch(used)
        made = transformer.visit(statement)
        text = ast.unparse(ast.fix_missing_locations(made))
        lines += transformer.before
        lines.append(f"{output_name(expression)} = {text}" if isinstance(statement, ast.Expr) else text)
    return lines


def expression_code(graph: Graph, values: Values, actions: Sequence[Action]) -> str:
    """The whole program: values, forward, and the buttons that were pressed, in their order.

    >>> import numpy as np
    >>> from lib.core.autograd.expression import parse_expression
    >>> from lib.core.autograd.graph import build_graph
    >>> values = {"a": np.array(2.0)}
    >>> program = expression_code(build_graph(parse_expression("a*a"), values), values, ["b"])
    >>> exec(program)
    y = 4.0
    a.grad = 4.0
    """
    expression, name = graph.expression, output_name(graph.expression)
    leaves = expression.leaves
    lines = ["import torch", "", "", *SHORT.splitlines(), "", ""]
    lines += [
        f"{leaf} = torch.tensor({literal(values[leaf])}, dtype=torch.float64, requires_grad=True)"
        for leaf in leaves
    ]
    lines += ["", *forward_lines(expression), f'print("{name} =", short({name}.tolist()))', ""]
    lines += _action_lines(graph, name, leaves, actions)
    shown = "{leaf}.grad.tolist() if {leaf}.grad is not None else None"
    lines += [f'print("{leaf}.grad =", short({shown.format(leaf=leaf)}))' for leaf in leaves]
    return "\n".join(lines)


def _action_lines(graph: Graph, name: str, leaves: Sequence[str], actions: Sequence[Action]) -> list[str]:
    lines: list[str] = []
    if graph.refusal is not None:
        words = Refusal(graph.refusal).value
        return [f"# {name}.backward()", f"#   RuntimeError: {words}", ""]
    last = max((at for at, action in enumerate(actions) if action == "b"), default=-1)
    for at, action in enumerate(actions):
        if action == "b":
            lines.append(f"{name}.backward({'retain_graph=True' if at < last else ''})")
        else:
            lines.append(f"{' = '.join(f'{leaf}.grad' for leaf in leaves)} = None  # zero_grad()")
    return [*lines, ""] if lines else lines
