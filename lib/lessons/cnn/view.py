"""/cnn: a network's shapes, costs and receptive fields, drawn to scale, row by row."""

from __future__ import annotations

import streamlit as st

from lib.core.lessons import load_lesson
from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.classics import Classic
from lib.core.nets.program import program, text_table
from lib.core.nets.shapes import sees_padding_alone
from lib.core.nets.stack import StackError, stack_from_json
from lib.lessons.cnn.cards import (
    accuracies,
    comparison,
    five_tools,
    headline,
    macs_heading,
    totals_table,
    train_link,
)
from lib.lessons.cnn.feed import feed_picture, photo_control
from lib.lessons.cnn.maps import drawing_pad, maps
from lib.lessons.cnn.picture import KEY, TABLE_KEY, Shown, network_picture, network_table, picture_json
from lib.lessons.cnn.reading import reading
from lib.lessons.cnn.repair import show_failure
from lib.lessons.cnn.state import (
    AT,
    AUX,
    BATCH,
    CHANGED,
    CLASSES,
    MAX_CLASSES,
    MAX_SIZE,
    NET,
    NONE,
    OWN,
    REFUSED,
    SIZE,
    STACK,
    TABLE,
    WITH,
    Chosen,
    K,
    M,
    N,
    chosen,
)
from lib.lessons.cnn.texts import CNN_TEXTS, PICTURE_TEXTS, CnnTexts
from lib.ui.components.code import code_block
from lib.ui.frame import Frame, frame
from lib.ui.state import Key, State, Whole, as_text, report, reported


def show() -> None:
    """The page."""
    view = frame("cnn")
    with st.container(key="cnn_title"):
        st.title(CNN_TEXTS[view.lang].title)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    texts = CNN_TEXTS[view.lang]
    with TABLE.read(view.lang) as state:
        _controls(state, texts)
        now = chosen(state)
        found = analyse(now.network)
        with st.container():
            if found.failure is not None:
                show_failure(found, now, state, texts)
        shown = Shown(found, now.stack, AT.write(state[AT]), state.news, now.name is not None)
        props = picture_json(shown, colours=view.palette, texts=PICTURE_TEXTS[view.lang])
        picture = st.container()
        uploaded = photo_control(texts)  # under the picture, which shows it
        with picture:
            _picture(state, now, found, props, view, texts, uploaded)
        _about(state, now, found, view, texts)
        st.markdown(f"## {texts.table_heading}")
        with st.container():
            _editing(now, texts)
            reading(state, texts, view.texts)
        with st.container():
            _empty_windows(found, view, texts)
            if state[REFUSED]:
                st.error(texts.refused_edit.format(said=as_text(state[REFUSED])), icon=":material/block:")
        network_table(props, on_edit=_edited)
        _below(state, found, view, texts)
        at = state[AT]
    # After the address was told: the gradient of a large network takes seconds.
    feed_picture(found, now, at, uploaded, texts)


def _editing(now: Chosen, texts: CnnTexts) -> None:
    """Whether a classic's rows can be edited, and why not."""
    if now.name is None:
        return
    why_not = texts.not_torch if now.name.is_lenet else texts.not_editable
    st.caption(why_not if now.stack is None else texts.editable)


def _empty_windows(found: Analysis, view: Frame, texts: CnnTexts) -> None:
    """Rows that PyTorch accepts and whose numbers are none."""
    rows = [
        str(number)
        for number, (row, report) in enumerate(zip(found.network.rows, found.rows, strict=False), start=1)
        if sees_padding_alone(row.layer, report.input_shapes[0])
    ]
    if rows:
        st.warning(texts.empty_window.format(rows=view.texts.comma.join(rows)), icon=":material/warning:")


def _picture(
    state: State,
    now: Chosen,
    found: Analysis,
    props: str,
    view: Frame,
    texts: CnnTexts,
    uploaded: bytes | None,
) -> None:
    """The network; beside and under a stack of one's own the drawing and a trained network's maps.

    The network's own place is the same for all: what is there is never drawn twice while another one comes.
    """
    is_own = now.name is None
    with st.container(key="cnn_picture"):
        with st.container(key="cnn_top", horizontal=True, gap="small"):
            with st.container(key="cnn_pad"):
                if is_own:
                    drawing_pad(texts)
            with st.container(key="cnn_network", gap="xsmall"):
                headline(found, texts)
                network_picture(props, on_at=reported(TABLE, AT, KEY))
        if is_own:
            maps(now, view, state, uploaded, texts)


def _controls(state: State, texts: CnnTexts) -> None:
    """Which network, and the numbers that define it."""
    with st.container(key="cnn_controls"):
        columns = st.columns([3, 2, 2, 2, 2], gap="small")
        with columns[0]:
            state.choice(
                NET,
                texts.network,
                format=lambda name: texts.own if name == OWN else Classic(name).printed,
                widget="select",
            )
        now = chosen(state)
        if now.name is None:
            for column, key, label in zip(
                columns[1:4], (N, M, K), (texts.convolutions, texts.pools, texts.dense), strict=True
            ):
                with column:
                    _general_slider(state, key, label)
            with columns[4]:
                _natural(state, SIZE, texts.size, now.size, now.natural_size, MAX_SIZE)
            return
        with columns[1]:
            _natural(state, SIZE, texts.size, now.size, now.natural_size, MAX_SIZE)
        with columns[2]:
            _natural(state, CLASSES, texts.classes, now.classes, now.natural_classes, MAX_CLASSES)
        with columns[3]:
            state.number(BATCH, texts.batch)
        with columns[4]:
            state.choice(
                WITH,
                texts.compare,
                format=lambda name: texts.nobody if name == NONE else Classic(name).printed,
                widget="select",
            )
        if now.name is Classic.GOOGLENET:
            state.toggle(AUX, texts.aux)
        if now.name.is_lenet:
            state.choices(CHANGED, texts.lenet_parts, format=lambda part: texts.parts[part])


def _general_slider(state: State, key: Whole, label: str) -> None:
    """A slider of N, M or K; to move it leaves a stack of one's own."""
    state.part(
        f"_{key.name}",
        state[key],
        lambda name, moved: st.slider(label, key.low, key.high, key=name, on_change=moved),
        changes=lambda value: {key: value, STACK: None, AT: None, REFUSED: ""},
    )


def _natural(state: State, key: Whole, label: str, value: int, natural: int, high: int) -> None:
    """A number that is the network's own until it is changed."""
    state.part(
        f"_{key.name}",
        value,
        lambda name, moved: st.number_input(label, 1, high, key=name, on_change=moved),
        changes=lambda raw: {key: 0 if raw == natural else raw},
    )


def _edited() -> None:
    """Take the rows that the table reports."""
    text = report(TABLE_KEY, "edit")
    if not isinstance(text, str):
        return
    try:
        stack = stack_from_json(text)
    except StackError as error:
        TABLE.change({REFUSED: str(error)})
        return
    size = chosen(TABLE.now()).size
    changes: dict[Key[object], object] = {NET: OWN, STACK: stack, SIZE: size, REFUSED: "", AT: None}  # type: ignore[dict-item]
    TABLE.change(changes)


def _about(state: State, now: Chosen, found: Analysis, view: Frame, texts: CnnTexts) -> None:
    """What a classic brought, or how the general structure reads."""
    with st.container():
        if now.name is not None:
            st.markdown(texts.brought[now.name])
            if now.name.is_lenet:
                st.caption(texts.connections.format(connections=f"{found.connections:,}"))
            else:
                st.caption(texts.on_imagenet.format(values=accuracies(now.name, view, texts)))
        elif state[STACK] is None:
            reads = texts.structure_spread if min(state[N], state[M]) > 1 else texts.structure
            structure = reads.format(n=state[N], m=state[M], k=state[K])
            st.markdown(f"**{structure}**  \n{load_lesson('cnn', view.lang)['intro'].body}")
            train_link(now, view, texts)
        else:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(texts.own_stack)
                st.button(texts.general_again, on_click=TABLE.change, args=({STACK: None, AT: None},))
            train_link(now, view, texts)
    size = found.network.input_shape[2]
    rows = [
        row for row in found.rows if row.is_spatial and not row.field.whole and row.field.exceeds(size, size)
    ]
    with st.container():
        if rows:
            st.caption(texts.exceeds.format(count=len(rows), size=f"{size} × {size}"))
    if now.name is not None and state[WITH] != NONE:
        comparison(view, now, found, Classic(state[WITH]), state[BATCH], texts)


def _below(state: State, found: Analysis, view: Frame, texts: CnnTexts) -> None:
    """Cards, prose, code."""
    lesson = load_lesson("cnn", view.lang)
    if state[NET] == OWN:
        with st.columns([1, 4])[0]:
            state.number(BATCH, texts.batch)
    five_tools(found, view, texts)
    totals_table(found, texts)
    left, right = st.columns([5, 5], gap="medium")
    with left:
        for key in ("field", "memory"):
            st.markdown(f"**{lesson[key].title}{view.texts.stop.strip()}** {lesson[key].body}")
    with right:
        st.markdown(f"**{view.texts.code_heading}**")
        written = program(found)
        printed = "\n".join(f"# {line}" for line in written.printed.splitlines())
        code_block(f"{written.code}\n\n# {texts.prints}\n{printed}", height=420)
    with st.expander(texts.text_table):
        heading = macs_heading(found, texts)
        columns = [heading if each == texts.macs_column else each for each in texts.table_columns]
        code_block(text_table(found, columns), key="table_text", language=None)
