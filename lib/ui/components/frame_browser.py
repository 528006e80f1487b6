"""The part of the frame that runs in the browser: token cookie, page language, light/dark switch."""

from __future__ import annotations

import json

from lib.ui.components.base import browser_component
from lib.ui.door.owner_cookie import YOUNG, question_address
from lib.ui.door.presence import is_open
from lib.ui.lang import Lang
from lib.ui.owner import adopt_token, owner_token
from lib.ui.pages import PAGES
from lib.ui.state import report
from lib.ui.texts.frame import FRAME_TEXTS

_KEY = "_frame_browser"
_mount = browser_component("frame", html='<div class="themes" role="group"></div>')


def _token_changed() -> None:
    token = report(_KEY, "token")
    if token:
        adopt_token(token)


def _follow() -> None:
    follower = YOUNG.follower(owner_token())
    if follower:
        adopt_token(follower)


def _redraw() -> None:
    """Nothing to do: the run that follows knows the theme."""


def frame_browser(lang: Lang, *, projector: bool, dark: bool) -> None:
    """Mount it; draws the light/dark switch where it stands."""
    texts = FRAME_TEXTS[lang]
    token = owner_token()
    _mount(
        key=_KEY,
        data=json.dumps(
            {
                "token": None if is_open() else token,
                "ask": question_address(token) if is_open() else None,
                "lang": str(lang),
                "projector": projector,
                "dark": dark,
                "pages": [key for key in PAGES if key != "home"],
                "labels": {
                    "theme": texts.theme,
                    "System": texts.theme_system,
                    "Light": texts.theme_light,
                    "Dark": texts.theme_dark,
                },
            },
            ensure_ascii=False,
        ),
        on_dark_change=_redraw,
        on_token_change=_token_changed,
        on_follower_change=_follow,
    )
