"""The feature maps of the bundled CNN, which follow the pen."""

from __future__ import annotations

import streamlit as st

from lib.core.training.bundled import CNN, bundled
from lib.lessons.cnn.state import LOOK, TABLE
from lib.lessons.cnn.texts import CnnTexts
from lib.ui.components.feature_maps import Shown, feature_maps, maps_panel
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


def maps(view: Frame, state: State) -> None:
    """The maps of the bundled CNN, of a test digit or of what is drawn; the sums of a cell under them."""
    feature_maps(
        Shown("cnn", CNN.config, bundled(CNN).weights),
        lang=view.lang,
        dark=view.dark,
        canvas="maps_pad",
        on_look_change=reported(TABLE, LOOK, "feature_maps"),
    )
    maps_panel()
    live_feed(look=state[LOOK], news=state.news)
