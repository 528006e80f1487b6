"""The home page: what the explorer is, and the way to each lesson."""

from __future__ import annotations

import contextlib

import streamlit as st

from lib.core.hero import HeroExample, hero_example
from lib.core.mnist import MnistFileError, load_mnist
from lib.lessons.home.hero import hero
from lib.lessons.home.state import TABLE
from lib.lessons.home.texts import HOME_TEXTS
from lib.ui.frame import Frame, frame
from lib.ui.pages import GROUP_NAMES, Group, page_info, pages_in

DIGIT = 0  # the first test image, a 7


@st.cache_data(show_spinner=False)
def example() -> HeroExample:
    return hero_example(load_mnist().test_images[DIGIT])


def show() -> None:
    """The page."""
    view = frame("home")
    with TABLE.read(view.lang):
        body(view)


def body(view: Frame) -> None:
    """Title and picture, then a tile for each lesson."""
    texts = HOME_TEXTS[view.lang]

    words, picture = st.columns([5, 4], vertical_alignment="center", gap="large")
    with words:
        st.title(texts.heading)
        st.markdown(texts.lead)
        if st.button(texts.start, type="primary", icon=page_info("train").icon):
            st.switch_page(page_info("train").file, query_params=view.link_query)
    # /train says what is wrong with a damaged file; here the lessons matter.
    with picture, contextlib.suppress(MnistFileError):
        shown = example()
        numbers = {
            "size": len(shown.pixels),
            "kernel": len(shown.kernel),
            "stride": shown.stride,
            "out": len(shown.output),
        }
        hero(
            pixels=shown.pixels.tolist(),
            kernel=shown.kernel.tolist(),
            output=shown.output.tolist(),
            stride=shown.stride,
            reading=texts.picture_reading.format(**numbers),
            colours=view.palette,
        )
        st.caption(texts.picture_caption.format(**numbers), text_alignment="center")

    st.header(texts.tiles_heading)
    for group in Group:
        pages = pages_in(group)
        if not pages:
            continue
        st.caption(GROUP_NAMES[view.lang][group])
        with st.container(horizontal=True, gap="small"):
            for page in pages:
                with st.container(border=True, width=288, height="stretch"):
                    name = page.names[view.lang]
                    st.page_link(
                        page.file, label=f"**{name.title}**", icon=page.icon, query_params=view.link_query
                    )
                    st.caption(name.question)
