"""Where the digit comes from: the canvas, a picture file, or a test image."""

from __future__ import annotations

import random
from dataclasses import dataclass

import streamlit as st

from lib.core.digits.ink import (
    CANVAS,
    MAX_PEN,
    MIN_PEN,
    Stroke,
    canvas_objects,
    render_strokes,
    strokes_of_canvas,
)
from lib.core.digits.prepare import Ink
from lib.core.digits.upload import UploadError, ink_of_picture
from lib.core.mnist import load_mnist
from lib.core.training.config import TEST_IMAGES
from lib.ui.address import bound_choice
from lib.ui.draw.desk import Desk, desk, kept, write_address
from lib.ui.texts.draw import DrawTexts

DEFAULT_PEN = 18
SOURCES = ("draw", "upload", "test")
_CANVAS_KEY = "canvas"
_UPLOAD_KEY = "picture"
_UPLOADED = "_uploaded"


@dataclass(frozen=True, eq=False)
class Source:
    """The digit on the page: its ink, where it is known its label, and whether it was drawn here."""

    ink: Ink
    label: int | None = None
    is_drawn: bool = False


def choose_source(texts: DrawTexts) -> Source | None:
    """Draw the controls of the chosen source; None while there is no digit."""
    source = bound_choice(
        texts.source,
        SOURCES,
        key="source",
        default="draw",
        format_func=lambda name: texts.sources[name],
        help=texts.source_help,
    )
    if source == "test":
        return _test_image(texts)
    return _uploaded(texts) if source == "upload" else _drawn(texts)


def _drawn(texts: DrawTexts) -> Source | None:
    on_desk = desk()
    st.caption(texts.canvas_hint)
    ink = _canvas(on_desk)
    with st.container(horizontal=True, gap="small"):
        st.button(
            texts.undo,
            icon=":material/undo:",
            on_click=_undo,
            disabled=not (on_desk.strokes or on_desk.cleared),
        )
        st.button(texts.clear, icon=":material/delete:", on_click=clear_canvas, disabled=not on_desk.strokes)
    st.slider(texts.pen, MIN_PEN, MAX_PEN, DEFAULT_PEN, key="pen", bind="query-params")
    write_address(on_desk.strokes)
    return Source(ink, is_drawn=True) if ink.any() else None


def _canvas(on_desk: Desk) -> Ink:
    """The canvas's own pixels once it has sent any; until then, the strokes drawn anew."""
    from streamlit_drawable_canvas import st_canvas  # it wants a running server when it is imported

    state = st.session_state.get(_CANVAS_KEY)
    sent = state.get("drawing") if state is not None else None
    has_sent = bool(sent and sent.get("data"))
    if not has_sent:
        on_desk.initial = canvas_objects(on_desk.strokes)  # it is mounted anew, and begins with these
    result = st_canvas(
        stroke_width=st.session_state.get("pen", DEFAULT_PEN),
        stroke_color="#ffffff",
        background_color="#000000",
        height=CANVAS,
        width=CANVAS,
        # The canvas begins anew where this changes: an emptied one would else look like the one it began as.
        initial_drawing={"objects": on_desk.initial, "revision": on_desk.revision},
        return_image_data=True,
        key=_CANVAS_KEY,
    )
    if not has_sent or result.json_data == on_desk.stale or result.image_data is None:
        return render_strokes(on_desk.strokes)
    on_desk.stale = None
    on_desk.strokes = strokes_of_canvas(result.json_data)
    pixels: Ink = result.image_data[..., 0]
    return pixels


def _replace(strokes: tuple[Stroke, ...]) -> None:
    """Put other strokes on the canvas; until it reports them, what it last reported is out of date."""
    on_desk = desk()
    state = st.session_state.get(_CANVAS_KEY)
    sent = state.get("drawing") if state is not None else None
    on_desk.stale = sent.get("raw") if sent else None
    on_desk.strokes = strokes
    on_desk.initial = canvas_objects(strokes)
    on_desk.revision += 1


def _undo() -> None:
    on_desk = desk()
    if on_desk.strokes:
        _replace(on_desk.strokes[:-1])
    else:
        _replace(on_desk.cleared)
        on_desk.cleared = ()


def clear_canvas() -> None:
    """Empty it; one undo brings the drawing back."""
    on_desk = desk()
    on_desk.cleared = on_desk.strokes
    _replace(())


def _uploaded(texts: DrawTexts) -> Source | None:
    file = st.file_uploader(
        texts.upload,
        type=["png", "jpg", "jpeg", "webp", "bmp", "gif"],
        key=_UPLOAD_KEY,
        help=texts.upload_hint,
    )
    if file is not None and st.session_state.get(_UPLOADED) != file.file_id:
        try:
            kept().upload = ink_of_picture(file.getvalue())
            st.session_state[_UPLOADED] = file.file_id
        except UploadError as error:
            st.error(texts.upload_problems[error.problem], icon=":material/block:")
    ink = kept().upload
    return Source(ink) if ink is not None else None


def _random_image() -> None:
    st.session_state["digit"] = random.randrange(TEST_IMAGES)


def _test_image(texts: DrawTexts) -> Source:
    index = int(st.number_input(texts.test_index, 0, TEST_IMAGES - 1, 0, key="digit", bind="query-params"))
    st.button(texts.random, icon=":material/casino:", on_click=_random_image)
    mnist = load_mnist()
    label = int(mnist.test_labels[index])
    st.markdown(texts.test_label.format(label=label))
    return Source(mnist.test_images[index], label=label)
