"""The training step in slow motion, and what None and zero gradients do to a parameter nobody uses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from lib.core.autograd.idle import DECAY, MOMENTUM, RATE, idle_steps
from lib.core.autograd.numbers import written
from lib.core.autograd.session import (
    INPUT,
    MOST_PRESSES,
    TARGET,
    Activation,
    Button,
    Moment,
    Settings,
    replay,
    session_code,
)
from lib.core.lessons import load_lesson
from lib.lessons.autograd.shared import with_output
from lib.lessons.autograd.state import ACT, DID, IDLE, LR, TABLE
from lib.lessons.autograd.step_texts import STEP_TEXTS, StepTexts
from lib.lessons.autograd.texts import AutogradTexts
from lib.ui.components.base import browser_component
from lib.ui.components.table import table
from lib.ui.frame import Frame
from lib.ui.state import Key, State, offers, reported

KEY = "autograd_step"
EXAMPLES = {
    "order": "flzbs",
    "no_zero": "flbflb",
    "late_zero": "flbzs",
    "twice": "flbb",
    "changed": "flbflsb",
}
LINES = {
    Button.FORWARD: "pred = model(x)",
    Button.LOSS: "loss = F.mse_loss(pred, target)",
    Button.ZERO_GRAD: "optimizer.zero_grad()",
    Button.BACKWARD: "loss.backward()",
    Button.STEP: "optimizer.step()",
}
_mount = browser_component("autograd_step", html='<div class="ags"></div>', isolate_styles=False)


def example_changes(name: str) -> Mapping[Key[str], object]:
    """What an example sets."""
    return {DID: EXAMPLES[name]}


def step_topic(view: Frame, texts: AutogradTexts, state: State) -> str:
    """The whole part; returns its program."""
    words = STEP_TEXTS[view.lang]
    settings = Settings(Activation(state[ACT]), state[LR])
    moments = replay([Button(letter) for letter in state[DID]], settings)
    _picture(view, words, state[DID], moments, settings)
    offers(
        TABLE,
        "_step_example",
        words.examples,
        list(EXAMPLES),
        changes=example_changes,
        format=lambda name: words.example_names[name],
        label_visibility="visible",
    )
    left, right = st.columns(2, gap="medium")
    with left:
        state.slider(LR, words.learning_rate, step=0.05)
    with right:
        state.choice(ACT, words.activation)
    st.markdown(load_lesson("autograd", view.lang)["step"].body)
    _idle(words, state)
    last = moments[-1]
    lines = []
    for name, value in last.parameters.items():
        lines += [f"{name} = {written(value)}", f"{name}.grad = {written(last.grads[name])}"]
    return with_output(session_code(moments, settings), lines, texts)


def moment_words(words: StepTexts, moments: Sequence[Moment], at: int, settings: Settings) -> str:
    """One sentence about a moment."""
    moment, before = moments[at], moments[max(0, at - 1)]
    if moment.refusal is not None:
        return f"{moment.refusal}. {words.refusals[moment.refusal]}"
    if moment.button is Button.FORWARD:
        return words.forward.format(pred=f"{moment.prediction:.4g}")
    if moment.button is Button.LOSS:
        return words.loss.format(loss=f"{moment.loss:.4g}")
    if moment.button is Button.ZERO_GRAD:
        return words.zeroed if before.since_zero else words.zeroed_again
    if moment.button is Button.BACKWARD:
        return _backward_words(words, moments, at)
    if moment.button is Button.STEP:
        if not moment.changed:
            return words.nothing_to_step
        return words.stepped.format(rate=f"{settings.learning_rate:g}", count=len(moment.changed))
    return words.fresh


def _backward_words(words: StepTexts, moments: Sequence[Moment], at: int) -> str:
    moment = moments[at]
    times = moment.since_zero
    if times == 1:
        return words.first_backward
    first = next(m for m in reversed(moments[: at + 1]) if m.since_zero == 1 and m.button is Button.BACKWARD)
    is_multiple = all(
        np.allclose(np.asarray(grad), times * np.asarray(first.grads[name]), rtol=1e-12)
        for name, grad in moment.grads.items()
    )
    return (words.doubled if is_multiple else words.added).format(times=times)


def _picture(view: Frame, words: StepTexts, did: str, moments: Sequence[Moment], settings: Settings) -> None:
    props = {
        "moments": [
            {
                "button": moment.button,
                "parameters": {name: value.tolist() for name, value in moment.parameters.items()},
                "grads": {
                    name: None if grad is None else grad.tolist() for name, grad in moment.grads.items()
                },
                "hidden": None if moment.hidden is None else moment.hidden.tolist(),
                "prediction": moment.prediction,
                "loss": moment.loss,
                "words": moment_words(words, moments, at, settings),
                "isRefused": moment.refusal is not None,
                "changed": moment.changed,
                "filled": moment.filled,
            }
            for at, moment in enumerate(moments)
        ],
        "did": did,
        "most": MOST_PRESSES,
        "input": INPUT,
        "target": TARGET,
        "buttons": [[button, LINES[button], words.helps[button]] for button in Button],
        "labels": {**words.labels, **view.texts.signs},
        "colours": view.palette.named("input", "weight", "output", "wrong", "muted", "ink", "paper", "grid"),
    }
    _mount(key=KEY, data=json.dumps(props, ensure_ascii=False), on_did_change=reported(TABLE, DID, KEY))


def _idle(words: StepTexts, state: State) -> None:
    st.markdown(f"## {words.idle_title}")
    steps = state.slider(IDLE, words.idle_steps)
    none, zeros = idle_steps(steps, zeros=False), idle_steps(steps, zeros=True)
    st.markdown(
        words.idle.format(
            rate=RATE,
            momentum=MOMENTUM,
            decay=DECAY,
            first=f"{none[0]:.2f}",
            steps=steps,
            none=f"{none[-1]:.2f}",
            zeros=f"{zeros[-1]:.2f}",
        )
    )
    first, *names = words.idle_columns
    rows = [
        [name, *(f"{value:.3f}" for value in values)]
        for name, values in zip(names, (none, zeros), strict=True)
    ]
    table([first, *map(str, range(1, steps + 2))], rows, label=words.idle_title)
