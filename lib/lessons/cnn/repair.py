"""What PyTorch says to a network that breaks, why, and the smallest changes that work, one press each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.core.nets.analysis import Analysis
from lib.core.nets.failures import Failure, When, Why
from lib.core.nets.fixes import MAX_OFFERS, Fix, fixes, nearest_size, smallest_size
from lib.core.nets.graph import INPUT
from lib.core.nets.program import layer_call
from lib.core.nets.stack import ARGUMENTS
from lib.lessons.cnn.state import AT, BATCH, MAX_SIZE, NET, OWN, SIZE, STACK, TABLE, Chosen
from lib.lessons.cnn.texts import CnnTexts
from lib.ui.state import State


def show_failure(found: Analysis, now: Chosen, state: State, texts: CnnTexts) -> None:
    """The message, word for word, and buttons."""
    failure = found.failure
    if failure is None:
        return
    problem, row = failure.problem, found.network.rows[failure.culprit]
    coming = found.network.input_shape if row.inputs[0] == INPUT else found.rows[row.inputs[0]].shape
    call = layer_call(row.layer, coming).removeprefix("nn.")
    head = texts.breaks_at if failure.when is When.FORWARD else texts.breaks_backward
    message = " ".join(problem.message.split())
    lines = [
        f"**{head.format(row=failure.culprit + 1, call=call)}**  \n`` {problem.error}: {message} ``",
        texts.why[problem.why].format(**problem.details),
    ]
    offers = _offers(now, state[BATCH], failure, texts)
    if offers:
        lines.append(f"**{texts.try_instead}**")
    st.error("\n\n".join(lines), icon=":material/block:")
    with st.container(horizontal=True, gap="small", key="cnn_fixes"):
        for number, (label, changes) in enumerate(offers):
            st.button(label, key=f"_fix_{number}", on_click=TABLE.change, args=(changes,))


def _offers(
    now: Chosen, batch: int, failure: Failure, texts: CnnTexts
) -> list[tuple[str, Mapping[Any, object]]]:
    offers: list[tuple[str, Mapping[Any, object]]] = []
    if now.stack is not None:
        for fix in fixes(now.stack, size=now.size, batch=batch, failure=failure):
            changes = {NET: OWN, STACK: fix.stack, SIZE: now.size, BATCH: fix.batch, AT: None}
            offers.append((_label(fix, now, texts), changes))
    if now.name is not None:
        size = nearest_size(now.network, low=1, high=MAX_SIZE)
    elif failure.problem.why in {Why.POOL_TOO_SMALL, Why.KERNEL_TOO_LARGE}:
        size = smallest_size(now.network, high=MAX_SIZE)
    else:
        size = None
    if size is not None:
        # What keeps the network as it is comes first.
        offers.insert(0, (texts.fix_size.format(size=size), {SIZE: size}))
    if failure.problem.why is Why.ONE_VALUE and now.stack is None:
        offers.insert(0, (texts.fix_batch.format(value=2), {BATCH: 2}))
    return offers[:MAX_OFFERS]


def _label(fix: Fix, now: Chosen, texts: CnnTexts) -> str:
    assert now.stack is not None
    row = fix.row + 1
    if fix.action == "remove":
        name = type(now.stack.rows[fix.row].layer).__name__
        return texts.fix_remove.format(row=row, call=name)
    if fix.action == "insert":
        return texts.fix_insert.format(row=row)
    if fix.action == "batch":
        return texts.fix_batch.format(value=fix.value)
    arguments = {each.name: each.torch_name for each in ARGUMENTS[type(now.stack.rows[fix.row].layer)]}
    value = texts.fits if fix.value is None else fix.value
    if isinstance(value, tuple) and value[0] == value[1]:
        value = value[0]
    return texts.fix_set.format(row=row, name=arguments[fix.name].removesuffix(" (name)"), value=value)
