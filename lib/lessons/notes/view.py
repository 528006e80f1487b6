"""The page: a sentence from the notes, what PyTorch does, both computed with today's numbers, and the program."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.core.lessons import Section, load_lesson
from lib.core.notes.note import Found, Note
from lib.core.notes.programs import program
from lib.figures.optimizers import Series, lines_figure
from lib.lessons.notes.state import CONTROLS, NOTE, TABLE, more, values_of
from lib.lessons.notes.texts import NOTES_TEXTS, NotesTexts
from lib.ui.components.chart import chart
from lib.ui.components.code import code_block
from lib.ui.components.columns import settings_and_picture
from lib.ui.components.table import table
from lib.ui.components.tensor import Scene, tensor_scene
from lib.ui.frame import Frame, frame
from lib.ui.pages import page_info
from lib.ui.state import Choice, Number, State, Whole
from lib.ui.tensors.drawn import drawn_picture
from lib.ui.tensors.words import TENSOR_WORDS
from lib.ui.torch_once import use_torch

CHART_PIXELS = 280


def show() -> None:
    """The page."""
    view = frame("notes")
    use_torch()
    st.title(NOTES_TEXTS[view.lang].title)
    body(view)


@st.fragment
def body(view: Frame) -> None:
    """What a control changes; the frame around it is left alone."""
    from lib.core.notes.checks import check

    texts, sentences = NOTES_TEXTS[view.lang], load_lesson("notes", view.lang)
    with TABLE.read(view.lang) as state:
        note = _chosen(state, texts, sentences)
        settings, picture = settings_and_picture("note")
        with settings:
            _controls(state, texts, note)
        values = values_of(state, note)
        found = check(note, *values)
        with picture:
            with st.container(border=True, gap="small"):
                st.markdown(f"**{texts.pytorch_does}** {sentences[note].body}")
                _values(texts, note, found)
            _picture(view, texts, note, found)
            _more(view, state, texts, note)
        st.markdown(f"**{view.texts.code_heading}**")
        code_block(program(note, *values))
    _all(texts, sentences)


def _chosen(state: State, texts: NotesTexts, sentences: Mapping[str, Section]) -> Note:
    """Which sentence: from the list, or the one before or after."""
    with st.container(key="notes_choice", horizontal=True, vertical_alignment="bottom", gap="small"):
        note = state.choice(
            NOTE, texts.notes_say, format=lambda each: sentences[each].title.replace("`", ""), widget="select"
        )
        order = list(Note)
        at = order.index(note)
        for key, label, other in (("back", texts.back, at - 1), ("on", texts.on, at + 1)):
            is_end = not 0 <= other < len(order)
            st.button(
                label,
                key=f"notes_{key}",
                disabled=is_end,
                on_click=TABLE.change,
                args=({NOTE: order[at if is_end else other]},),
            )
    return note


def _controls(state: State, texts: NotesTexts, note: Note) -> None:
    for key in CONTROLS[note]:
        label = texts.controls[key.name]
        if isinstance(key, Whole):
            state.slider(key, label)
        elif isinstance(key, Number):
            state.number(key, label, format="%g", step=key.low or 0.01)
        elif isinstance(key, Choice):
            state.choice(key, label, format=lambda name: texts.ways.get(name, name), widget="pills")


def _values(texts: NotesTexts, note: Note, found: Found) -> None:
    """What both come to with today's numbers, side by side."""
    st.caption(f"{texts.values[note]} · **{texts.verdicts[found.verdict]}**")
    columns = st.columns(2, gap="small")
    for column, name, value in zip(columns, ("notes", "pytorch"), (found.notes, found.pytorch), strict=True):
        with column, st.container(key=f"{name}_value", gap="xsmall"):
            st.caption(texts.curves[name])
            code_block(value, key=name, language=None, wrap_lines=True)


def _picture(view: Frame, texts: NotesTexts, note: Note, found: Found) -> None:
    if found.pictures:
        tensor_scene(
            Scene(
                tuple(
                    drawn_picture(number, drawn, texts.pictures)
                    for number, drawn in enumerate(found.pictures)
                ),
                texts.reading.format(notes=found.notes, pytorch=found.pytorch),
            ),
            key="note_scene",
            colours=view.palette,
            words=TENSOR_WORDS[view.lang],
        )
    if found.curves:
        steps = len(found.curves["pytorch"])
        lines = [
            Series(texts.curves[name], range(1, steps + 1), curve) for name, curve in found.curves.items()
        ]
        highest = max(max(curve) for curve in found.curves.values())
        chart(
            lines_figure(
                lines,
                x_title=texts.step,
                y_title=texts.length if note is Note.ADAM else texts.distance,
                dark=view.dark,
                x_range=(1, max(2, steps)),
                y_high=1.1 * highest,
                height=CHART_PIXELS,
            ),
            key="note_chart",
            alt=texts.curve_reading.format(steps=steps, notes=found.notes, pytorch=found.pytorch),
        )


def _more(view: Frame, state: State, texts: NotesTexts, note: Note) -> None:
    key, query = more(state, note)
    page = page_info(key)
    st.page_link(
        page.file,
        label=texts.more.format(page=page.names[view.lang].title),
        icon=page.icon,
        query_params={**view.link_query, **query},
    )


def _all(texts: NotesTexts, sentences: Mapping[str, Section]) -> None:
    with st.expander(texts.all_heading):
        table(
            [texts.notes_say, texts.pytorch_does],
            [[sentences[note].title, sentences[note].body] for note in Note],
            label=texts.all_heading,
            numbers=False,
        )
