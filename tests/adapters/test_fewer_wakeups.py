"""The elements of a run reach the event loop in bundles: all of them, in their order, and none too late."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from lib.ui.adapters.fewer_wakeups import HANDLE, METHOD, bundle_elements
from tests.own_loop import in_own_loop

BEGIN, ELEMENT = ScriptRunnerEvent.SCRIPT_STARTED, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG
END, OVER = ScriptRunnerEvent.FRAGMENT_STOPPED_WITH_SUCCESS, ScriptRunnerEvent.SHUTDOWN


class Tab:
    """What Streamlit's session has to do with it."""

    def __init__(self) -> None:
        self._event_loop = asyncio.get_running_loop()
        self.heard: list[object] = []
        self.wakings = 0
        self.complaints: list[dict[str, Any]] = []
        self._event_loop.set_exception_handler(lambda _, context: self.complaints.append(context))

    def _call_soon_on_event_loop(self, callback: Callable[[], None]) -> None:
        self.wakings += 1
        self._event_loop.call_soon_threadsafe(callback)

    def _handle_scriptrunner_event_on_event_loop(
        self, _: object, event: ScriptRunnerEvent, forward_msg: object = None
    ) -> None:
        assert threading.get_ident() == self._event_loop._thread_id  # type: ignore[attr-defined]
        if forward_msg == "bad":
            raise ValueError("bad")
        self.heard.append(forward_msg if event is ELEMENT else event)


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Streamlit's method with the bundles in it, for a tab."""

    def original(*_: object, **__: object) -> None:
        raise AssertionError("not asked any more")

    monkeypatch.setattr(AppSession, METHOD, original)
    assert hasattr(AppSession, HANDLE)
    assert bundle_elements()
    assert bundle_elements(), "once is enough"
    method: Callable[..., None] = getattr(AppSession, METHOD)
    return method


async def _until(tab: Tab, count: int) -> None:
    async with asyncio.timeout(20):
        while len(tab.heard) < count:
            await asyncio.sleep(0.001)


def test_a_run_wakes_the_loop_twice_not_once_an_element(tell: Callable[..., None]) -> None:
    async def scene() -> None:
        tab = Tab()

        def page() -> None:
            tell(tab, None, event=BEGIN)
            for number in range(60):
                tell(tab, None, event=ELEMENT, forward_msg=number)
            tell(tab, None, event=END)
            tell(tab, None, event=OVER)

        thread = threading.Thread(target=page)
        thread.start()
        thread.join()  # the loop stands meanwhile: what it hears, it hears afterwards
        await _until(tab, 63)
        assert tab.heard == [BEGIN, *range(60), END, OVER]
        assert tab.wakings == 2

    in_own_loop(scene())


def test_what_a_slow_page_has_drawn_is_shown_before_its_end(tell: Callable[..., None]) -> None:
    async def scene() -> None:
        tab = Tab()
        for number in range(3):
            await asyncio.to_thread(tell, tab, None, event=ELEMENT, forward_msg=number)
            await _until(tab, number + 1)
        assert tab.heard == [0, 1, 2]

    in_own_loop(scene())


def test_threads_that_draw_together_lose_nothing(tell: Callable[..., None]) -> None:
    async def scene() -> None:
        tab, threads, each = Tab(), 8, 200

        def page(place: int) -> None:
            for number in range(each):
                tell(tab, None, event=ELEMENT, forward_msg=(place, number))

        await asyncio.gather(*(asyncio.to_thread(page, place) for place in range(threads)))
        await _until(tab, threads * each)
        for place in range(threads):
            assert [entry for entry in tab.heard if entry[0] == place] == [(place, n) for n in range(each)]  # type: ignore[index]

    in_own_loop(scene())


def test_one_that_fails_takes_no_other_along(tell: Callable[..., None]) -> None:
    async def scene() -> None:
        tab = Tab()
        for message in ("a", "bad", "b"):
            tell(tab, None, event=ELEMENT, forward_msg=message)
        tell(tab, None, event=END)
        await _until(tab, 3)
        assert tab.heard == ["a", "b", END]
        assert [str(context["exception"]) for context in tab.complaints] == ["bad"]

    in_own_loop(scene())


def test_a_session_that_is_gone_is_not_kept(tell: Callable[..., None]) -> None:
    async def scene() -> None:
        tab = Tab()
        gone = weakref.ref(tab)
        tell(tab, None, event=END)
        await _until(tab, 1)
        tab._event_loop.set_exception_handler(None)
        del tab
        gc.collect()
        assert gone() is None

    in_own_loop(scene())
