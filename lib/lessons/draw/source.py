"""Where the digit comes from: the canvas, a picture file, or a test image."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib.core.digits.examples import example_strokes
from lib.core.digits.ink import (
    CANVAS,
    Stroke,
    canvas_objects,
    encode_strokes,
    render_strokes,
    strokes_of_canvas,
)
from lib.core.digits.prepare import Ink
from lib.core.digits.upload import UploadError, UploadProblem, ink_of_picture
from lib.core.mnist import load_mnist
from lib.core.training.config import TEST_IMAGES
from lib.figures.digits import png_uri
from lib.lessons.draw.desk import Desk, kept
from lib.lessons.draw.state import DESK, DIGIT, INK, PEN, SOURCE, TABLE, UPLOADED, Origin
from lib.lessons.draw.texts import DrawTexts
from lib.ui.state import State, report

if TYPE_CHECKING:
    from streamlit_drawable_canvas import CanvasResult

_CANVAS_KEY = "canvas"
MOST_DOTS = 4
"""Of a screen to a pixel of the canvas, each way."""
_UPLOAD_KEY = "picture"
PAD = "pad"
"""Of the container with the canvas in it: the scripts that follow the pen find it there, and say when it has ink."""
_GHOST_URI = png_uri(render_strokes(example_strokes(3)))
_GHOST = f"""<style>
.st-key-{PAD} {{ position: relative; }}
.st-key-{PAD}:not([data-ink="true"])::after {{
  content: ""; position: absolute; z-index: 20; left: 0; top: 0; width: min({CANVAS}px, 100%); height: {CANVAS}px;
  background: url({_GHOST_URI}) 0 0 / {CANVAS}px; opacity: 0.3; pointer-events: none;
}}
</style>"""
"""A pale digit on the empty canvas; it goes as soon as there is ink."""


@dataclass(frozen=True, eq=False)
class Source:
    """The digit on the page: its ink, where it is known its label, and whether it was drawn here."""

    ink: Ink
    label: int | None = None
    is_drawn: bool = False
    is_widened: bool = False
    """Its strokes were made wider, as MNIST's are."""


def choose_source(state: State, texts: DrawTexts) -> Source | None:
    """Draw the controls of the chosen source; None while there is no digit."""
    source = state.choice(
        SOURCE, texts.source, format=lambda name: texts.sources[name], help=texts.source_help
    )
    if source is Origin.TEST:
        return _test_image(state, texts)
    return _uploaded(state, texts) if source is Origin.UPLOAD else _drawn(state, texts)


def _drawn(state: State, texts: DrawTexts) -> Source | None:
    on_desk = state[DESK]
    _follow_address(state, on_desk)
    st.caption(texts.canvas_hint)
    with st.container(key=PAD):
        st.html(_GHOST)
        ink = _canvas(on_desk, state[PEN])
    with st.container(horizontal=True, gap="small"):
        st.button(
            texts.undo,
            icon=":material/undo:",
            on_click=_undo,
            disabled=not (on_desk.strokes or on_desk.cleared),
        )
        st.button(texts.clear, icon=":material/delete:", on_click=clear_canvas, disabled=not on_desk.strokes)
    state.slider(PEN, texts.pen)
    state.set(INK, on_desk.strokes)  # a reload, or whoever gets the link, sees the drawing
    return Source(ink, is_drawn=True) if ink.any() else None


def _follow_address(state: State, on_desk: Desk) -> None:
    """Put the address's drawing on the canvas where it has come with one, or by Back and Forward."""
    if on_desk.news == state.news:
        return
    is_first = not on_desk.news
    on_desk.news = state.news
    if is_first:
        on_desk.strokes = state[INK]
    elif (state.came(INK) or state.by_history) and encode_strokes(on_desk.strokes) != INK.write(state[INK]):
        _replace(on_desk, state[INK])


def _canvas(on_desk: Desk, pen: int) -> Ink:
    """The canvas's own pixels once it has sent any; until then, the strokes drawn anew."""
    from streamlit_drawable_canvas import st_canvas  # it wants a running server when it is imported

    sent = report(_CANVAS_KEY, "drawing")
    has_sent = bool(sent and sent.get("data"))
    if not has_sent:
        on_desk.initial = canvas_objects(on_desk.strokes)  # it is mounted anew, and begins with these
    result = st_canvas(
        stroke_width=pen,
        stroke_color="#ffffff",
        background_color="#000000",
        height=CANVAS,
        width=CANVAS,
        # The canvas begins anew where this changes: an emptied one would else look like the one it began as.
        initial_drawing={"objects": on_desk.initial, "revision": on_desk.revision},
        return_image_data=True,
        key=_CANVAS_KEY,
    )
    if not has_sent or result.json_data == on_desk.stale:
        return render_strokes(on_desk.strokes)
    on_desk.stale = None
    on_desk.strokes = strokes_of_canvas(result.json_data)
    pixels = _pixels(result)
    return render_strokes(on_desk.strokes) if pixels is None else pixels


def _pixels(result: CanvasResult) -> Ink | None:
    """What the canvas shows; None where what came is no picture of a canvas: it may be of any size then."""
    from PIL import Image

    try:
        png = result.image_bytes
        picture = None if png is None else Image.open(io.BytesIO(png), formats=["PNG"])
        if picture is None or max(picture.size) > MOST_DOTS * CANVAS or picture.mode != "RGBA":
            return None
        return np.asarray(picture)[..., 0]
    except (ValueError, OSError, Image.DecompressionBombError):
        return None


def _replace(on_desk: Desk, strokes: tuple[Stroke, ...]) -> None:
    """Put other strokes on the canvas; until it reports them, what it last reported is out of date."""
    sent = report(_CANVAS_KEY, "drawing")
    on_desk.stale = sent.get("raw") if sent else None
    on_desk.strokes = strokes
    on_desk.initial = canvas_objects(strokes)
    on_desk.revision += 1


def _undo() -> None:
    on_desk = TABLE.now()[DESK]
    if on_desk.strokes:
        _replace(on_desk, on_desk.strokes[:-1])
    else:
        _replace(on_desk, on_desk.cleared)
        on_desk.cleared = ()


def clear_canvas() -> None:
    """Empty it; one undo brings the drawing back."""
    on_desk = TABLE.now()[DESK]
    on_desk.cleared = on_desk.strokes
    _replace(on_desk, ())


def draw_example() -> None:
    """Put a digit on the canvas, as if it had been drawn."""
    on_desk = TABLE.now()[DESK]
    _replace(on_desk, example_strokes(random.randrange(10)))


def _uploaded(state: State, texts: DrawTexts) -> Source | None:
    file = st.file_uploader(
        texts.upload,
        type=["png", "jpg", "jpeg", "webp", "bmp", "gif"],
        key=_UPLOAD_KEY,
        help=texts.upload_hint,
    )
    if file is not None and state[UPLOADED] != file.file_id:
        try:
            kept().upload = ink_of_picture(file.getvalue())
        except UploadError as error:
            kept().upload = error.problem  # and no digit of an earlier picture below it
        state.set(UPLOADED, file.file_id)
    found = kept().upload
    if isinstance(found, UploadProblem):
        if file is not None:
            st.error(texts.upload_problems[found], icon=":material/block:")
        return None
    return Source(found.ink, is_widened=found.is_widened) if found is not None else None


def _random_image() -> None:
    TABLE.change({DIGIT: random.randrange(TEST_IMAGES)})


def _test_image(state: State, texts: DrawTexts) -> Source:
    index = state.number(DIGIT, texts.test_index)
    st.button(texts.random, icon=":material/casino:", on_click=_random_image)
    mnist = load_mnist()
    label = int(mnist.test_labels[index])
    st.markdown(texts.test_label.format(label=label))
    return Source(mnist.test_images[index], label=label)
