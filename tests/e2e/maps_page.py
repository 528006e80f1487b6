"""A page with nothing but the feature maps, a drawing canvas, and what the server knows: for a test."""

from __future__ import annotations

import base64

import numpy as np
import streamlit as st

from lib.core.training.bundled import CNN, MLP, bundled
from lib.ui.components.digit_bars import BarsTexts, digit_bars
from lib.ui.components.feature_maps import Shown, feature_maps, maps_panel
from lib.ui.components.live_feed import live_feed
from lib.ui.lang import Lang

st.set_page_config(layout="wide")


@st.fragment
def body() -> None:
    from streamlit_drawable_canvas import st_canvas

    feature_maps(
        Shown("cnn", CNN.config, bundled(CNN).weights),
        lang=Lang.EN,
        dark=False,
        canvas=st.query_params.get("canvas", "pad"),
        on_look_change=lambda: st.session_state.update(look=st.session_state["feature_maps"]["look"]),
    )
    left, right = st.columns([200, 700])
    with left, st.container(key="pad"):
        drawn = st_canvas(
            stroke_width=14,
            stroke_color="#ffffff",
            background_color="#000000",
            height=200,
            width=200,
            return_image_data=True,
            key="canvas",
        )
    with right:
        maps_panel()
    shown = [
        (recipe.file, Shown(recipe.file, recipe.config, bundled(recipe).weights)) for recipe in (MLP, CNN)
    ]
    digit_bars(
        shown,
        labels=BarsTexts("{name} reads {digit}: {percent} %", "-", "{name}", "-", "-"),
        lang=Lang.EN,
        dark=False,
    )
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 13:15] = 255
    shows_picture = st.toggle("Picture")
    live_feed(
        look=st.query_params.get("maps", ""),
        picture=picture if shows_picture else None,
        revision=shows_picture,
        canvas=st.query_params.get("canvas", "pad"),
    )
    st.text(f"look: {st.session_state.get('look', '-')}")
    if drawn.image_data is not None:
        ink = np.asarray(drawn.image_data)[..., 0]
        st.html(f"<p class='ink'>{base64.b64encode(ink.tobytes()).decode()}</p>")


body()
