"""Words for nodes and derivatives: which rule, with the operands' own names in it."""

from __future__ import annotations

import re

from lib.core.autograd.expression import Expression, Op
from lib.core.autograd.graph import Graph, Step

_LONGEST = 8


def operand_text(expression: Expression, target: int, slot: int, letter: str) -> str:
    """An operand's name, number or short source; else the letter that stands for it.

    >>> from lib.core.autograd.expression import parse_expression
    >>> operand_text(parse_expression("a * 2"), 1, 1, "v")
    '2'
    """
    node = expression.nodes[target]
    at = node.inputs[slot]
    if at is None:
        return f"{node.constant:g}" if (node.constant or 0) >= 0 else f"({node.constant:g})"
    operand = expression.nodes[at]
    if operand.name:
        return operand.name
    source = operand.source
    if len(source) > _LONGEST:
        return letter
    is_closed = operand.op not in (Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.POW, Op.MATMUL, Op.NEG)
    return source if is_closed else f"({source})"


def rule_text(graph: Graph, step: Step) -> str:
    """The local derivative as a formula: ``2 · (a*b + c)`` is written ``2 · u`` where u would be long.

    >>> import numpy as np
    >>> from lib.core.autograd.expression import parse_expression
    >>> from lib.core.autograd.graph import backward, build_graph
    >>> graph = build_graph(parse_expression("a*b"), {"a": np.array(2.0), "b": np.array(-3.0)})
    >>> [rule_text(graph, step) for step in backward(graph)]
    ['b', 'a']
    """
    edge = graph.edges[step.edge]
    node = graph.expression.nodes[edge.target]
    names = {
        letter: operand_text(graph.expression, edge.target, slot, letter)
        for slot, letter in enumerate("uv"[: len(node.inputs)])
    }
    if node.op is Op.POW and edge.slot == 0 and node.constant is not None:
        power = node.constant
        if power == 2:
            return f"2 · {names['u']}"
        return f"{power:g} · {names['u']}^{power - 1:g}"
    if node.op is Op.MEAN:
        return f"1 / {graph.values[edge.source].size // graph.values[edge.target].size}"
    return re.sub(r"(?<![a-z])[uv](?![a-z])", lambda found: names.get(found[0], found[0]), step.rule)
