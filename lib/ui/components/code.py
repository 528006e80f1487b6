"""Code on a page. Streamlit's own block fetches half a megabyte of grammars for all languages; here it is Python's."""

from __future__ import annotations

import json
from functools import lru_cache

import streamlit as st

from lib.core.codegen.words import Kind, words
from lib.ui.adapters.script_errors import is_served
from lib.ui.components.base import browser_component
from lib.ui.lang import Lang
from lib.ui.language import known_language, known_scale
from lib.ui.texts.frame import FRAME_TEXTS

LINE_PIXELS, MARGIN_PIXELS = 24, 30
_mount = browser_component("code", html='<div class="code" data-testid="stCode"></div>')


def code_block(
    code: str,
    *,
    key: str = "code",
    language: str | None = "python",
    wrap_lines: bool = False,
    height: int | None = None,
) -> None:
    """Draw code with a button that copies it; ``language`` None for what is no program.

    ``key`` is the block's own on its page. Its place is kept from the start; ``height`` (pixels) is a limit, and
    what is longer scrolls inside.
    """
    if not is_served():  # a test of a page reads Streamlit's own
        st.code(code, language=language, wrap_lines=wrap_lines)
        return
    code = code.strip("\n")
    scale = known_scale()
    needed = round(scale * (LINE_PIXELS * (code.count("\n") + 1) + MARGIN_PIXELS))
    _mount(
        key=f"{key}_block",
        data=_data(code, known_language(), is_python=language == "python", wraps=wrap_lines),
        height="content" if wrap_lines else min(needed, round(scale * height) if height else needed),
    )


@lru_cache(maxsize=1024)
def _data(code: str, lang: Lang, *, is_python: bool, wraps: bool) -> str:
    """The block as the browser takes it; most of a class sees the same."""
    lines = words(code) if is_python else [[(Kind.PLAIN, line)] for line in code.split("\n")]
    texts = FRAME_TEXTS[lang]
    labels = {"code": texts.code, "copy": texts.copy, "copied": texts.copied}
    return json.dumps({"lines": lines, "wrap": wraps, "labels": labels}, ensure_ascii=False)
