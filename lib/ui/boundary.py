"""What a learner sees where a page fails: a sentence in their language and a way on; never a traceback.

Pages, fragments and fragments on a timer end in :func:`show_failure`, which Streamlit calls once it has written
the traceback to the server's log; after a callback the page is drawn as ever, with the sentence on top.
"""

from __future__ import annotations

import html

import streamlit as st

from lib.core.bundled_files import BundledFileError
from lib.ui.adapters.callbacks import guard_callbacks
from lib.ui.adapters.component_data import send_as_it_is
from lib.ui.adapters.early_presses import count_presses_once
from lib.ui.adapters.fewer_wakeups import bundle_elements
from lib.ui.adapters.kept_messages import refer_to_what_is_kept
from lib.ui.adapters.late_downloads import keep_late_downloads
from lib.ui.adapters.late_runs import keep_late_runs
from lib.ui.adapters.script_errors import handle_script_errors, is_served
from lib.ui.adapters.session_values import look_up_single_values
from lib.ui.adapters.turns import draw_in_turns
from lib.ui.adapters.whole_redraws import redraw_in_whole
from lib.ui.lang import Lang
from lib.ui.language import known_language
from lib.ui.pages import PAGES
from lib.ui.state import Memo, Table
from lib.ui.texts.frame import FRAME_TEXTS

KEY = "failure"
CALLBACK_FAILED = Memo("callback_failed", default=False)
_TABLE = Table("boundary", CALLBACK_FAILED, page="")


def fresh_address(url: str | None, lang: Lang) -> str:
    """The address of the page that ``url`` shows without its settings, relative to it; home's where it is no page.

    >>> fresh_address("https://example.org/app/train", Lang.ZH), fresh_address("https://example.org/x", Lang.EN)
    ('./train?lang=zh', './?lang=en')
    """
    page = (url or "").split("?")[0].rsplit("/", 1)[-1]
    known = page if page in PAGES and page != "home" else ""
    return f"./{known}?lang={lang}"


def set_boundary() -> None:
    """Around the page that runs, first of all: behind the door and without it."""
    if not is_served():
        return
    handle_script_errors(show_failure)
    guard_callbacks(_remember)
    keep_late_runs()
    redraw_in_whole()
    bundle_elements()
    draw_in_turns()
    refer_to_what_is_kept()
    keep_late_downloads()
    count_presses_once()
    look_up_single_values()
    send_as_it_is()


def _remember(_: Exception) -> None:
    _TABLE.change({CALLBACK_FAILED: True})


def show_callback_failure() -> None:
    """Say it on top of the page if a callback failed on the way to it, once."""
    if _TABLE.now()[CALLBACK_FAILED]:
        _TABLE.change({CALLBACK_FAILED: False})
        _say()


def show_failure(error: Exception) -> bool:
    """Tell the learner, where the failing part would have been; True, so that Streamlit shows nothing of its own."""
    if isinstance(error, BundledFileError):
        show_bundled_file(error)
    else:
        _say()
    return True


def show_bundled_file(error: BundledFileError) -> None:
    """Name the file that is missing or damaged, and how it is restored."""
    texts = FRAME_TEXTS[known_language()]
    st.error(
        texts.bundled_file.format(name=error.name, reason=texts.file_reasons[error.reason]),
        icon=":material/error:",
    )


def _say() -> None:
    lang = known_language()
    texts = FRAME_TEXTS[lang]
    address = fresh_address(st.context.url, lang)
    with st.container(key=KEY):
        st.error(texts.something_failed, icon=":material/error:")
        # A link of the browser's, not of Streamlit's: a new session forgets what made the old one fail.
        st.html(f'<a href="{html.escape(address)}">{html.escape(texts.open_afresh)}</a>')
