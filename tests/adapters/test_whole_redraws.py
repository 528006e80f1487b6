"""A fragment that begins leaves what is on its way to the browser, and the page that the browser is on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from lib.ui.adapters.whole_redraws import ASK, CLEAR, HANDLE, redraw_in_whole


def element(fragment: str, *path: int, body: str = "") -> ForwardMsg:
    """What draws a text at a place."""
    message = ForwardMsg()
    message.delta.new_element.markdown.body = body
    message.delta.fragment_id = fragment
    message.metadata.delta_path.extend(path)
    return message


class Tab:
    """What Streamlit's session has to do with it."""

    def __init__(self, page: str, fragments: tuple[str, ...]) -> None:
        self._client_state = SimpleNamespace(page_script_hash=page)
        self._fragment_storage = SimpleNamespace(_fragments=dict.fromkeys(fragments))


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's classes with the adapter in them, for one test."""
    # As Streamlit made them: another test of this process may have put the adapter in before.
    for owner, name in ((ForwardMsgQueue, CLEAR), (AppSession, HANDLE), (AppSession, ASK)):
        part = getattr(owner, name)
        monkeypatch.setattr(owner, name, getattr(part, "__wrapped__", part))
    assert redraw_in_whole()
    assert redraw_in_whole(), "once is enough"


def paths(queue: ForwardMsgQueue) -> list[tuple[int, ...]]:
    return [tuple(message.metadata.delta_path) for message in queue.flush()]


def test_what_fragments_in_a_fragment_have_drawn_keeps_its_place(mended: None) -> None:
    queue = ForwardMsgQueue()
    for message in (element("outer", 0, 7), element("outer", 0, 8), element("inner", 0, 9)):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["outer"])
    queue.enqueue(element("outer", 0, 7, body="new"))
    assert paths(queue) == [(0, 7), (0, 8), (0, 9), (0, 7)]


def test_a_whole_page_that_begins_still_takes_all_away(mended: None) -> None:
    queue = ForwardMsgQueue()
    queue.enqueue(element("", 0, 1))
    queue.clear(retain_lifecycle_msgs=True)
    assert paths(queue) == []
    queue.enqueue(element("", 0, 1))
    queue.clear()
    assert paths(queue) == []


@pytest.mark.parametrize(
    ("fragments", "expected"), [(["part"], "new page"), ([], "old page"), (None, "old page")]
)
def test_a_fragment_never_leads_to_another_page(
    monkeypatch: pytest.MonkeyPatch, fragments: list[str] | None, expected: str
) -> None:
    heard: list[tuple[object, ...]] = []

    def original(
        session: Any,
        sender: object,
        event: ScriptRunnerEvent,
        page_script_hash: str | None = None,
        fragment_ids_this_run: list[str] | None = None,
    ) -> None:
        heard.append((event, page_script_hash, fragment_ids_this_run))

    monkeypatch.setattr(AppSession, HANDLE, original)
    for owner, name in ((ForwardMsgQueue, CLEAR), (AppSession, ASK)):
        part = getattr(owner, name)
        monkeypatch.setattr(owner, name, getattr(part, "__wrapped__", part))
    assert redraw_in_whole()
    session = Tab("new page", ())
    started, drawn = ScriptRunnerEvent.SCRIPT_STARTED, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG
    handle = getattr(AppSession, HANDLE)
    handle(session, None, started, page_script_hash="old page", fragment_ids_this_run=fragments)
    handle(session, None, drawn)
    assert heard == [(started, expected, fragments), (drawn, None, None)]


def test_what_a_page_that_is_left_asks_for_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def original(session: Any, client_state: Any = None) -> None:
        asked.append((client_state.page_script_hash, client_state.fragment_id))

    monkeypatch.setattr(AppSession, HANDLE, lambda *_, **__: None)
    monkeypatch.setattr(AppSession, ASK, original)
    part = getattr(ForwardMsgQueue, CLEAR)
    monkeypatch.setattr(ForwardMsgQueue, CLEAR, getattr(part, "__wrapped__", part))
    assert redraw_in_whole()
    session, ask, handle = Tab("draw", ("pad",)), getattr(AppSession, ASK), getattr(AppSession, HANDLE)

    def request(page: str, fragment: str = "") -> None:
        ask(session, SimpleNamespace(page_script_hash=page, fragment_id=fragment))

    request("draw", "pad")
    request("draw")
    request("draw", "pad")
    request("train")  # the page is left, and its fragment does not know yet
    request("draw", "pad")
    request("train", "chart")
    handle(session, None, ScriptRunnerEvent.FRAGMENT_STOPPED_WITH_SUCCESS)
    request("train", "pad")
    assert asked == [("draw", "pad"), ("draw", ""), ("draw", "pad"), ("train", ""), ("train", "chart")]
    handle(session, None, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS)
    request("draw", "pad")  # Streamlit knows by now which there are
    assert asked[-1] == ("draw", "pad")


def test_streamlit_still_has_these_places() -> None:
    why = "a busy page may end with 'Bad delta path index' (lib/ui/adapters/whole_redraws.py)"
    queue = ForwardMsgQueue()
    assert hasattr(queue, "_delta_index_map"), why
    assert hasattr(AppSession, HANDLE), why
    assert hasattr(AppSession, ASK), why
    assert MemoryFragmentStorage()._fragments == {}, why
