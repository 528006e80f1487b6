"""What every page shares: title, menu, language, appearance, devices. Each page calls ``frame()`` first."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass

import streamlit as st

from lib.figures.palette import Palette, palette
from lib.jobs.manager import get_manager
from lib.jobs.settings import usable_cores
from lib.ui.boundary import set_boundary, show_callback_failure
from lib.ui.components.frame_browser import frame_browser
from lib.ui.devices import Device, devices
from lib.ui.door.documents import STYLES
from lib.ui.door.files import ASSETS
from lib.ui.door.presence import is_open
from lib.ui.lang import Lang
from lib.ui.language import FRAME, LANG, PROJECTOR, PROJECTOR_SCALE
from lib.ui.pages import GROUP_NAMES, Group, page_info, pages_in
from lib.ui.state import as_text, open_page
from lib.ui.texts.frame import FRAME_TEXTS, FrameTexts

GIGABYTE = 1024**3
_frozen_modules = 0


@dataclass(frozen=True)
class Frame:
    """What a page needs to know about who looks at it."""

    page: str
    lang: Lang
    dark: bool
    projector: bool = False
    """A room looks at a wall: larger type (``html.projector``, ``--shapelab-scale``), the menu folded."""

    @property
    def palette(self) -> Palette:
        """Colours for this background."""
        return palette(dark=self.dark)

    @property
    def scale(self) -> float:
        """How much larger than usual what has its size in pixels is to be drawn."""
        return PROJECTOR_SCALE if self.projector else 1.0

    @property
    def link_query(self) -> dict[str, str]:
        """What a link to another page takes along."""
        return {"lang": str(self.lang), **({PROJECTOR.name: "true"} if self.projector else {})}

    @property
    def texts(self) -> FrameTexts:
        """Labels that all pages share."""
        return FRAME_TEXTS[self.lang]


def frame(page: str) -> Frame:
    """Draw what all pages share and say who looks: language and background.

    ``page`` is the page's key in ``lib.ui.pages.PAGES``, which is its address.
    """
    _freeze_imports()
    set_boundary()
    open_page(page)
    state = FRAME.glance(Lang.EN)
    lang = state.lang = state[LANG]
    view = Frame(page, lang, dark=st.context.theme.type == "dark", projector=state[PROJECTOR])
    info = page_info(page)
    title = "ShapeLab" if page == "home" else f"{info.names[lang].title} · ShapeLab"
    st.set_page_config(
        page_title=title,
        page_icon="assets/icon.svg",
        layout="wide",
        initial_sidebar_state="collapsed" if view.projector else "auto",
    )
    if not is_open():  # the door has them in the document already
        for sheet in STYLES:
            st.html(ASSETS / sheet)
    state.explain()
    with st.sidebar:
        st.page_link(page_info("home").file, label="**ShapeLab**", query_params=view.link_query)
        _menu(view)
        state.choice(LANG, FRAME_TEXTS[lang].language, format=lambda option: option.own_name)
        state.toggle(PROJECTOR, view.texts.projector, help=view.texts.projector_help)
        frame_browser(lang, projector=view.projector, dark=view.dark)
        _device_badge(FRAME_TEXTS[lang])
        for problem in get_manager().problems:
            st.warning(FRAME_TEXTS[lang].cannot_keep.format(problem=as_text(problem)))
    show_callback_failure()
    return view


def _freeze_imports() -> None:
    """Keep the many objects that imports made out of later collections; again when more was imported."""
    global _frozen_modules
    if len(sys.modules) > _frozen_modules + 50:
        gc.collect()
        gc.freeze()
        _frozen_modules = len(sys.modules)


def _menu(view: Frame) -> None:
    for group in Group:
        pages = pages_in(group)
        if pages:
            st.caption(GROUP_NAMES[view.lang][group])
        for page in pages:
            st.page_link(
                page.file,
                label=page.names[view.lang].title,
                icon=page.icon,
                query_params=view.link_query,
            )


def device_label(device: Device, texts: FrameTexts) -> str:
    """A device in words: the CPU with its cores, a GPU with its maker's name and memory."""
    if device.name == "cpu":
        return texts.cpu.format(cores=usable_cores())
    if device.name == "mps":
        return texts.mps
    return texts.cuda.format(name=device.label, gigabytes=device.bytes / GIGABYTE)


def _device_badge(texts: FrameTexts) -> None:
    st.caption(texts.device_heading)
    for device in devices():
        st.badge(device_label(device, texts), icon=":material/developer_board:", color="gray")
