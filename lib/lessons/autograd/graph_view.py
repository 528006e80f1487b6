"""A typed expression, its graph, and the gradient that flows back along the edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from lib.core.autograd.code import Action, expression_code, output_name
from lib.core.autograd.expression import parse_expression
from lib.core.autograd.graph import Graph, Refusal, build_graph, gradients
from lib.core.autograd.numbers import written
from lib.core.autograd.problems import ExpressionError, Problem
from lib.core.autograd.values import Array, parse_values
from lib.core.lessons import load_lesson
from lib.lessons.autograd.graph_texts import GRAPH_TEXTS, GraphTexts
from lib.lessons.autograd.picture import KEY, graph_picture
from lib.lessons.autograd.shared import with_output
from lib.lessons.autograd.state import DEFAULT_EXPRESSION, DEFAULT_VALUES, DO, EXPR, TABLE, VARS
from lib.lessons.autograd.texts import AutogradTexts
from lib.ui.frame import Frame
from lib.ui.state import Key, State, as_text, offers, reported

EXAMPLES: dict[str, tuple[str, str]] = {
    "meet": (DEFAULT_EXPRESSION, DEFAULT_VALUES),
    "neuron": ("tanh(w1*x1 + w2*x2 + b)", "w1=-3;x1=2;w2=1;x2=0.5;b=6"),
    "dead": ("relu(a*b) * c", "a=2;b=-3;c=4"),
    "broadcast": ("sum((W + u) * a)", "W=[[1,2,3],[4,5,6]];u=[1,0,-1];a=2"),
    "dim": ("d = W - mean(W, dim=0); sum(d*d)", "W=[[1,2,3],[5,2,9]]"),
    "matmul": ("h = relu(W @ x + b); sum(h*h)", "W=[[1,-2],[3,1]];x=[2,1];b=[-1,0.5]"),
    "detach": ("h = a*b; h * detach(h)", "a=2;b=-3"),
    "no_grad": ("a*b + no_grad(a*b)", "a=2;b=-3"),
}


@dataclass(frozen=True, eq=False)
class Shown:
    """What the picture shows, with the texts that it came from."""

    graph: Graph
    values: Mapping[str, Array]


def example_changes(name: str) -> Mapping[Key[Any], object]:
    """What an example sets."""
    expression, values = EXAMPLES[name]
    return {EXPR: expression, VARS: values, DO: "b"}


def graph_topic(view: Frame, texts: AutogradTexts, state: State) -> str:
    """The whole part; returns its program."""
    words = GRAPH_TEXTS[view.lang]
    with st.container(horizontal=True, gap="small"):
        state.text(EXPR, words.expression, help=words.expression_help)
        state.text(VARS, words.values, help=words.values_help)
    with st.container():
        shown = _read(words, state)
        _remarks(words, shown)
    actions = state[DO]
    graph_picture(
        shown.graph,
        actions=actions,
        colours=view.palette,
        texts=words.picture,
        on_press=reported(TABLE, DO, KEY),
    )
    offers(
        TABLE,
        "_example",
        words.examples,
        list(EXAMPLES),
        changes=example_changes,
        format=lambda name: words.example_names[name],
        label_visibility="visible",
    )
    st.markdown(load_lesson("autograd", view.lang)["graph"].body)
    st.caption(words.retain)
    return with_output(
        expression_code(shown.graph, shown.values, as_actions(actions)), printed(shown.graph, actions), texts
    )


def as_actions(text: str) -> list[Action]:
    """The letters of the address, one by one."""
    return ["b" if letter == "b" else "z" for letter in text]


def printed(graph: Graph, actions: str) -> list[str]:
    """What the program prints, by the page's own numbers."""
    presses = len(actions) - 1 - actions.rfind("z")
    name = output_name(graph.expression)
    grads = gradients(graph, presses)
    return [
        f"{name} = {written(graph.output)}",
        *(f"{leaf}.grad = {written(grad)}" for leaf, grad in grads.items()),
    ]


def _read(words: GraphTexts, state: State) -> Shown:
    """The graph of what was typed; the last good one, with a message, where that means none."""
    is_about_values = False
    try:
        plan = parse_expression(state[EXPR])
        is_about_values = True
        known = parse_values(state[VARS])
        is_about_values = False
        shown = Shown(build_graph(plan, known), known)
    except ExpressionError as error:
        _explain(words, state, error, is_about_values)
        expression, values = state.last_good(EXPR), state.last_good(VARS)
        st.caption(words.last_good.format(expression=as_text(expression, 200), values=as_text(values, 200)))
        known = parse_values(values)
        return Shown(build_graph(parse_expression(expression), known), known)
    state.keep_good(EXPR)
    state.keep_good(VARS)
    return shown


def _explain(words: GraphTexts, state: State, error: ExpressionError, is_about_values: bool) -> None:
    """Where it is wrong, why, what is allowed; and a button where one change would do."""
    details = {name: _quoted(value) for name, value in error.details.items()}
    why = words.problems[error.problem].format(**details)
    marked = error.marked.replace("`", "'")
    heading = words.bad_values if is_about_values else words.bad_expression
    allowed = words.values_help if is_about_values else words.allowed
    st.error(f"{heading}\n\n```text\n{marked}\n```\n\n{why}\n\n{allowed}", icon=":material/block:")
    if error.problem is Problem.UNKNOWN_NAME:
        name = str(error.details["name"])
        values = ";".join(filter(None, [state[VARS].strip(" ;"), f"{name}=1"]))
        st.button(
            words.give_value.format(name=name), on_click=TABLE.change, args=({VARS: values},), key="_give"
        )


def _quoted(value: str | int) -> str:
    return str(value).replace("`", "'")


def _remarks(words: GraphTexts, shown: Shown) -> None:
    """What PyTorch refuses here, and numbers that are none."""
    graph = shown.graph
    name = output_name(graph.expression)
    if graph.refusal is Refusal.NOT_SCALAR:
        shape = str(tuple(graph.output.shape))
        message = f"`RuntimeError: {graph.refusal}`\n\n{words.not_scalar.format(name=name, shape=shape)}"
        st.warning(message, icon=":material/block:")
        text = graph.expression.text
        head, last = text.rpartition(";")[0], text.rpartition(";")[2]
        fixed = f"{head}{'; ' if head else ''}sum({last.strip()})"
        st.button(words.sum_up, on_click=TABLE.change, args=({EXPR: fixed},), key="_sum")
    elif graph.refusal is Refusal.NO_GRAD:
        st.warning(
            f"`RuntimeError: {graph.refusal}`\n\n{words.no_grad.format(name=name)}", icon=":material/block:"
        )
    if not all(np.isfinite(value).all() for value in graph.values):
        st.warning(words.not_finite)
