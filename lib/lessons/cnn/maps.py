"""The feature maps of the bundled CNN, which follow the pen."""

from __future__ import annotations

import contextlib
import zlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.digits.prepare import prepare
from lib.core.digits.upload import UploadError, ink_of_picture
from lib.core.nets.stack import Stack
from lib.core.training.bundled import CNN, bundled
from lib.core.training.config import CLASSES
from lib.core.training.conv_block import IMAGE_SIDE, block_shapes
from lib.lessons.cnn.cards import trainable
from lib.lessons.cnn.state import LOOK, TABLE, Chosen
from lib.lessons.cnn.texts import CnnTexts
from lib.ui.components.feature_maps import KEY, Shown, feature_maps, maps_panel
from lib.ui.components.live_feed import live_feed
from lib.ui.frame import Frame
from lib.ui.state import State, reported

PAD = 150


def drawing_pad(texts: CnnTexts) -> None:
    """The canvas that the maps follow."""
    st.markdown(f"**{texts.draw_heading}**")
    with st.container(key="maps_pad"):
        _canvas()


@st.fragment
def _canvas() -> None:
    """A lifted pen reruns only this."""
    from streamlit_drawable_canvas import st_canvas  # wants a running server at import

    st_canvas(
        stroke_width=12,
        stroke_color="#ffffff",
        background_color="#000000",
        height=PAD,
        width=PAD,
        return_image_data=False,
        key="maps_canvas",
    )


@st.cache_data(show_spinner=False, max_entries=32)
def _digit_in(uploaded: bytes) -> NDArray[np.uint8] | None:
    """What the network gets of a picture (28, 28); None where there is no ink or no picture, which the page says."""
    with contextlib.suppress(UploadError):
        prepared = prepare(ink_of_picture(uploaded).ink)
        return None if prepared is None else prepared.fed
    return None


def chain_of_shapes() -> str:
    """The bundled CNN as what goes from block to block.

    >>> chain_of_shapes()
    '28 × 28 → 8 × 14 × 14 → 16 × 7 × 7 → 10'
    """
    blocks = block_shapes(CNN.config.conv)
    maps = [f"{each.block.channels} × {each.side_out} × {each.side_out}" for each in blocks]
    return " → ".join([f"{IMAGE_SIDE} × {IMAGE_SIDE}", *maps, *map(str, CNN.config.hidden), str(CLASSES)])


def is_bundled(stack: Stack, size: int) -> bool:
    """Whether a stack, on pictures of that size, is built like the network whose maps are drawn.

    >>> from lib.core.nets.stack import general_stack
    >>> is_bundled(general_stack(2, 2, 0), 28), is_bundled(general_stack(4, 2, 0), 28)
    (True, False)
    """
    config = trainable(stack) if size == IMAGE_SIDE else None
    return config is not None and (config.conv, config.hidden) == (CNN.config.conv, CNN.config.hidden)


def maps(now: Chosen, view: Frame, state: State, uploaded: bytes | None, texts: CnnTexts) -> None:
    """The maps of the bundled CNN: of a test digit, of what is drawn, of an uploaded picture; a cell's sums."""
    said = texts.maps_same if now.stack is not None and is_bundled(now.stack, now.size) else texts.maps_other
    st.caption(said.format(network=chain_of_shapes()))
    digit = None if uploaded is None else _digit_in(uploaded)
    feature_maps(
        Shown("cnn", CNN.config, bundled(CNN).weights),
        lang=view.lang,
        dark=view.dark,
        canvas="maps_pad",
        on_look_change=reported(TABLE, LOOK, KEY),
    )
    maps_panel()
    live_feed(
        look=state[LOOK],
        news=state.news,
        picture=digit,
        revision=0 if digit is None else zlib.crc32(digit.tobytes()),
    )
