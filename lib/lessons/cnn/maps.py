"""The feature maps of the bundled CNN, which follow the pen."""

from __future__ import annotations

import contextlib
import zlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.digits.prepare import prepare
from lib.core.digits.upload import UploadError, ink_of_picture
from lib.core.training.bundled import CNN, bundled
from lib.lessons.cnn.state import LOOK, TABLE
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


def maps(view: Frame, state: State, uploaded: bytes | None) -> None:
    """The maps of the bundled CNN: of a test digit, of what is drawn, of an uploaded picture; a cell's sums."""
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
