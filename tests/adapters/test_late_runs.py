"""Nothing of what a run has drawn is lost where a fragment is asked for before the browser has got all of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import RerunData

from lib.ui.adapters.late_runs import METHOD, keep_late_runs
from tests.own_loop import in_own_loop


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
        assert (len(seen), [data.fragment_id_queue for data in started]) == (1, [["part"]])

    in_own_loop(scene())


def test_it_starts_at_once_where_nothing_is_on_its_way() -> None:
    async def scene() -> None:
        assert len(await _started(session(None), lambda: None)) == 1

    in_own_loop(scene())


def _states(value: int) -> Any:
    states: Any = WidgetStates()
    states.widgets.add(id="slider", int_value=value)
    return states


@pytest.mark.parametrize(
    ("asked", "parts"),
    [(("part", "part", "other"), ["part", "other"]), (("part", None, "other"), []), ((None, "part"), [])],
)
def test_what_is_asked_for_meanwhile_joins_it_and_the_last_word_counts(
    asked: tuple[str | None, ...], parts: list[str]
) -> None:
    """Where all of the page is among it, no part is drawn before: the browser has not got what it belongs to."""

    async def scene() -> None:
        tab = session(Ended())
        started: list[RerunData] = []
        original = getattr(AppSession, METHOD)
        setattr(AppSession, METHOD, lambda _, data: started.append(data))
        try:
            assert keep_late_runs()
            create = getattr(AppSession, METHOD)
            for press, fragment in enumerate(asked):
                if press == len(asked) - 1:
                    assert started == []
                    tab._scriptrunner = None  # heard to its end, and another request is quicker than the look
                create(tab, RerunData(fragment_id=fragment, widget_states=_states(press)))
            await asyncio.sleep(0.05)
        finally:
            setattr(AppSession, METHOD, original)
        (data,) = started
        assert data.fragment_id_queue == parts
        assert data.widget_states == _states(len(asked) - 1)

    in_own_loop(scene())


def test_a_tab_that_was_closed_starts_nothing() -> None:
    async def scene() -> None:
        tab = session(Ended())

        def close() -> None:
            tab._state, tab._scriptrunner = AppSessionState.SHUTDOWN_REQUESTED, None

        assert await _started(tab, close) == []

    in_own_loop(scene())
