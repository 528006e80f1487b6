"""The moving graph: what the browser gets, as JSON text."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from lib.core.autograd.code import output_name
from lib.core.autograd.describe import rule_text
from lib.core.autograd.expression import Op
from lib.core.autograd.graph import Graph, Step, backward
from lib.core.autograd.numbers import written
from lib.core.autograd.values import Array
from lib.figures.palette import Palette
from lib.lessons.autograd.graph_texts import PictureTexts
from lib.ui.components.base import browser_component

KEY = "autograd_picture"
_mount = browser_component("autograd", html='<div class="ag"></div>', isolate_styles=False)


def _plain(value: Array) -> Any:
    """Nested lists, with what JSON cannot say as texts."""
    if value.ndim:
        return [_plain(each) for each in value]
    number = float(value)
    return number if math.isfinite(number) else repr(number)


def _pill(step: Step, rule: str) -> str:
    if step.local is None:
        return rule
    first = step.local.flat[0]
    return f"× {first:.4g}" if np.all(step.local == first) else f"⊙ {rule}"


def graph_json(graph: Graph, texts: PictureTexts) -> dict[str, Any]:
    """Nodes, edges and steps as the script documents them."""
    expression, name = graph.expression, output_name(graph.expression)
    steps = backward(graph)
    rules = {step.edge: rule_text(graph, step) for step in steps}
    pills = {step.edge: _pill(step, rules[step.edge]) for step in steps}
    nodes = []
    for index, node in enumerate(expression.nodes):
        kind = "leaf" if node.op is Op.LEAF else "output" if index == expression.output else "op"
        called = node.name or (name if index == expression.output else "")
        nodes.append(
            {
                "title": node.name if node.op is Op.LEAF else node.sign,
                "name": called,
                "source": node.source,
                "kind": kind,
                "value": _plain(graph.values[index]),
                "mark": "no_grad" if node.untracked else "",
                "tracked": graph.tracked[index],
                "reading": f"{called or node.source} = {written(graph.values[index])}",
            }
        )
    edges = [
        {
            "from": edge.source,
            "to": edge.target,
            "cut": edge.cut,
            "local": pills.get(number, ""),
        }
        for number, edge in enumerate(graph.edges)
    ]
    return {
        "nodes": nodes,
        "edges": edges,
        "steps": [
            {
                "edge": step.edge,
                "rule": rules[step.edge],
                "upstream": _plain(step.upstream),
                "local": None if step.local is None else _plain(step.local),
                "full": None if step.full is None else _plain(step.full),
                "product": _plain(step.product),
            }
            for step in steps
        ],
        "output": expression.output,
        "outputName": name,
        "seed": _plain(np.ones_like(graph.output)),
        "refusal": graph.refusal,
        "reading": texts.reading.format(expression=expression.text, count=len(nodes)),
    }


def graph_picture(
    graph: Graph, *, actions: str, colours: Palette, texts: PictureTexts, on_press: Callable[[], None]
) -> None:
    """Draw it; ``actions`` are the buttons pressed so far, ``on_press`` is called when they change."""
    props = {
        **graph_json(graph, texts),
        "actions": actions,
        "labels": asdict(texts),
        "colours": colours.named("input", "weight", "output", "wrong", "muted", "ink", "paper", "grid"),
    }
    _mount(key=KEY, data=json.dumps(props, ensure_ascii=False), on_do_change=on_press)
