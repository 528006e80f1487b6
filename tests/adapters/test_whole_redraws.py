"""A fragment that begins leaves what is on its way to the browser, and the page that the browser is on."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from lib.ui.adapters.whole_redraws import ASK, CLEAR, RUN, TELL, redraw_in_whole


def element(fragment: str, *path: int, body: str = "") -> ForwardMsg:
    """What draws a text at a place."""
    message = ForwardMsg()
    message.delta.new_element.markdown.body = body
    message.delta.fragment_id = fragment
    message.metadata.delta_path.extend(path)
    return message


class Tab:
    """A session; its browser's requests as Streamlit gets them: the page and the fragment."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.told: list[ForwardMsg] = []

    def ask(self, page: str, fragment: str = "") -> None:
        getattr(AppSession, ASK)(self, ClientState(page_script_hash=page, fragment_id=fragment))

    def tell(self, message: ForwardMsg) -> None:
        getattr(AppSession, TELL)(self, message)


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's queue, and a session that notes what comes to it, with the adapter in them for one test."""
    # As Streamlit made it: another test of this process may have put the adapter in before.
    clear = getattr(ForwardMsgQueue, CLEAR)
    monkeypatch.setattr(ForwardMsgQueue, CLEAR, getattr(clear, "__wrapped__", clear))

    def ask(tab: Tab, client_state: Any = None) -> None:
        tab.asked.append((client_state.page_script_hash, client_state.fragment_id))

    for name, part in ((ASK, ask), (TELL, lambda tab, message: tab.told.append(message))):
        assert callable(getattr(AppSession, name, None)), (
            "a busy page may end with 'Bad delta path index' (lib/ui/adapters/whole_redraws.py)"
        )
        monkeypatch.setattr(AppSession, name, part)
    monkeypatch.setattr(ScriptRunner, RUN, lambda runner, data: runner.begun.append(data))
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


def test_a_fragment_is_asked_for_by_the_page_that_the_browser_gets(mended: None) -> None:
    tab, other = Tab(), Tab()
    tab.ask("draw")
    tab.ask("draw", "pad")
    tab.ask("train")
    tab.ask("draw", "pad")  # it does not know yet that its page is left
    tab.ask("train", "chart")
    assert tab.asked[2:] == [("train", ""), ("train", "pad"), ("train", "chart")]
    other.ask("draw", "pad")
    assert other.asked == [("draw", "pad")], "every browser is on a page of its own"


def test_a_page_that_is_led_to_is_the_browsers(mended: None) -> None:
    tab, message = Tab(), ForwardMsg()
    message.navigation.page_script_hash = "train"
    tab.ask("")  # the first request names no page
    tab.ask("home", "part")
    assert tab.asked[-1] == ("home", "part")
    tab.tell(element("", 0, 0))
    tab.tell(message)
    tab.ask("home", "part")
    assert tab.asked[-1] == ("train", "part")
    assert tab.told == [element("", 0, 0), message]


class Runner:
    """What draws: parts that are there, and what it has begun to draw."""

    def __init__(self, *parts: str) -> None:
        self._fragment_storage = MemoryFragmentStorage()
        for part in parts:
            self._fragment_storage.register(part, lambda: None)
        self.begun: list[RerunData] = []


def test_what_is_not_there_any_more_is_no_run(mended: None) -> None:
    """The browser is told of each run: one that is slow cleared the page for this one."""
    runner = Runner("chart", "table")
    run = getattr(ScriptRunner, RUN)
    whole, chart = RerunData(), RerunData(fragment_id_queue=["chart"])
    mixed, gone = RerunData(fragment_id_queue=["pad", "table"]), RerunData(fragment_id_queue=["pad"])
    for data in (whole, chart, gone, mixed, gone):
        run(runner, data)
    assert runner.begun == [whole, chart, mixed]
