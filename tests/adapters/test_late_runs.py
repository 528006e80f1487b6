"""Nothing of what a run has drawn is lost where a fragment is asked for before the browser has got all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import RerunData

from lib.ui.adapters.late_runs import METHOD, keep_late_runs


class Ended:
    """A thread of a page that takes no more: what it has drawn may still be on its way."""

    def request_rerun(self, _: RerunData) -> bool:
        return False


class Tab:
    """What Streamlit's session has to do with it."""

    def __init__(self, runner: Ended | None) -> None:
        self._scriptrunner = runner
        self._state = AppSessionState.APP_NOT_RUNNING
        self._event_loop = asyncio.get_running_loop()


def session(runner: Ended | None) -> Any:
    """A tab whose thread is that one."""
    return Tab(runner)


def _run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: a browser of another test may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(scene())).result()


async def _started(tab: Any, then: Any) -> list[RerunData]:
    started: list[RerunData] = []
    original = getattr(AppSession, METHOD)
    setattr(AppSession, METHOD, lambda _, data: started.append(data))
    try:
        assert keep_late_runs()
        assert keep_late_runs(), "once is enough"
        getattr(AppSession, METHOD)(tab, RerunData(fragment_id="part"))
        assert started == [] or tab._scriptrunner is None
        await asyncio.sleep(0.02)
        then()
        for _ in range(40):
            await asyncio.sleep(0.005)
            if started:
                break
        return started
    finally:
        setattr(AppSession, METHOD, original)


def test_it_waits_until_the_old_one_has_been_heard_to_its_end() -> None:
    async def scene() -> None:
        tab = session(Ended())
        seen: list[int] = []

        def end() -> None:
            seen.append(1)
            tab._scriptrunner = None

        started = await _started(tab, end)
        assert (len(seen), [data.fragment_id for data in started]) == (1, ["part"])

    _run(scene)


def test_it_starts_at_once_where_nothing_is_on_its_way() -> None:
    async def scene() -> None:
        assert len(await _started(session(None), lambda: None)) == 1

    _run(scene)


class Short(Ended):
    """One that is over after it has taken so many."""

    def __init__(self, heard: list[str | None], takes: int) -> None:
        self._heard, self._takes = heard, takes

    def request_rerun(self, data: RerunData) -> bool:
        self._takes -= 1
        if self._takes >= 0:
            self._heard.append(data.fragment_id)
        return self._takes >= 0


@pytest.mark.parametrize("takes", [0, 1, 2])
def test_what_is_asked_for_meanwhile_comes_after_it(takes: int) -> None:
    """Also where the new thread is over before it has been asked for all of it."""

    async def scene() -> None:
        tab = session(Ended())
        heard: list[str | None] = []
        original = getattr(AppSession, METHOD)

        def start(_: Any, data: RerunData) -> None:
            heard.append(data.fragment_id)
            tab._scriptrunner = Short(heard, takes)
            tab._event_loop.call_later(0.02, end)

        def end() -> None:
            tab._scriptrunner = None

        setattr(AppSession, METHOD, start)
        try:
            assert keep_late_runs()
            create = getattr(AppSession, METHOD)
            for press in ("sixth", "seventh"):
                create(tab, RerunData(fragment_id=press))
            tab._scriptrunner = None  # heard to its end, and another request is quicker than the look
            create(tab, RerunData(fragment_id="eighth"))
            await asyncio.sleep(0.2)
        finally:
            setattr(AppSession, METHOD, original)
        assert heard == ["sixth", "seventh", "eighth"]

    _run(scene)


def test_a_tab_that_was_closed_starts_nothing() -> None:
    async def scene() -> None:
        tab = session(Ended())

        def close() -> None:
            tab._state, tab._scriptrunner = AppSessionState.SHUTDOWN_REQUESTED, None

        assert await _started(tab, close) == []

    _run(scene)
