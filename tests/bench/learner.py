"""A learner without a browser: speaks Streamlit's own protocol as its frontend does, fetches nothing else.

What Streamlit's frontend does and a server notices: with each rerun it sends the states of all widgets on the page,
the page's hash (from ``navigation``, by name only before that), its address's query, who asks (``context_info``)
and the hashes of the messages that it still has, which then come as references; fragments are run again by timers.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from lib.ui.lang import Lang
from lib.ui.texts.frame import FRAME_TEXTS

PATIENCE_SECONDS = 60.0
FINAL_LINE = re.compile(rb"Got \d+ / 10000 with accuracy \d+")
COOKIE = "shapelab_learner"
Back: Any = BackMsg
Forward: Any = ForwardMsg
_LISTS = ("slider", "button_group", "multiselect")


@dataclass
class _Cached:
    """A message that the browser keeps: how old it is counts in runs."""

    message: Any
    fragment: str
    run: int


@dataclass
class Widget:
    """A widget on the page: its element, the fragment that it runs, and the state that is sent for it."""

    kind: str
    element: Any
    fragment: str
    state: tuple[str, Any] | None


@dataclass
class Patience:
    """How long nothing may come. Those who queue for one machine share it: what one asks or is told is for all."""

    seconds: float = PATIENCE_SECONDS
    _since: float = field(default_factory=time.perf_counter)

    def renew(self) -> None:
        """Something was asked for, or came."""
        self._since = time.perf_counter()

    @property
    def is_over(self) -> bool:
        """Nothing came for all that time."""
        return time.perf_counter() > self._since + self.seconds


@dataclass
class _Run:
    """A run of the page, or of some fragments of it."""

    fragments: tuple[str, ...]
    number: int


@dataclass
class Learner:
    """One tab on one page. ``final_at`` is when the final line of a training came, ``received`` all bytes so far.

    ``patience`` is how long an answer may take.
    """

    url: str
    page: str
    query: str = ""
    patience: Patience = field(default_factory=Patience)
    received: int = 0
    final_at: float | None = None
    errors: list[str] = field(default_factory=list)
    widgets: dict[str, Widget] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _page_hash: str = ""
    _cache: dict[str, _Cached] = field(default_factory=dict)
    _cache_runs: int = 0
    _cache_age: int = 2
    _timers: dict[str, tuple[float, asyncio.Task[None]]] = field(default_factory=dict)
    _run: _Run = field(default_factory=lambda: _Run((), 0))
    _waits: list[tuple[int, str, asyncio.Future[None]]] = field(default_factory=list)
    _socket: ClientConnection | None = None
    _listener: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = await connect(
            address,
            max_size=None,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{COOKIE}={secrets.token_urlsafe(16)}"},
            open_timeout=PATIENCE_SECONDS,
        )
        self._listener = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        assert self._socket is not None
        assert self._listener is not None
        self._stop_timers()
        self._listener.cancel()
        await self._socket.close()

    async def open(self) -> float:
        """Seconds until the page is there."""
        return await self._ask("")

    async def press(self, label: str) -> float:
        """Seconds from the press of a button until what follows has run."""
        id_, widget = next(
            (id_, each)
            for id_, each in self.widgets.items()
            if each.kind == "button" and each.element.label == label
        )
        widget.state = ("trigger_value", True)
        asked = self._ask(widget.fragment)
        took = await asked
        if id_ in self.widgets:
            self.widgets[id_].state = None
        return took

    @property
    def sliders(self) -> list[str]:
        """Ids of the sliders that can be moved, in the order of the page."""
        return [
            id_
            for id_, widget in self.widgets.items()
            if widget.kind == "slider"
            and not widget.element.disabled
            and widget.element.max > widget.element.min
        ]

    async def move(self) -> float:
        """Seconds from a move of the page's first slider by one step until what follows has run."""
        widget = self.widgets[self.sliders[0]]
        slider = widget.element
        assert widget.state is not None
        kind, now = widget.state
        if kind == "string_array_value":
            at: Any = [slider.options[(list(slider.options).index(now[0]) + 1) % len(slider.options)]]
        else:
            at = [now[0] + slider.step if now[0] + slider.step <= slider.max else slider.min, *now[1:]]
        widget.state = (kind, at)
        return await self._ask(widget.fragment)

    def slider(self, label: str) -> Widget:
        """The first slider whose label begins so."""
        return next(
            each
            for each in self.widgets.values()
            if each.kind == "slider" and each.element.label.startswith(label)
        )

    async def turn(self, label: str, value: float) -> None:
        """Move a slider of numbers, and do not wait for what follows."""
        widget = self.slider(label)
        widget.state = ("double_array_value", [value])
        await self._send(widget.fragment)

    async def until_final(self) -> float:
        """The moment at which the final line came."""
        self.patience.renew()
        while self.final_at is None:
            if self.patience.is_over:
                raise TimeoutError(f"no final line; errors: {self.errors}; texts: {self.texts[-5:]}")
            await asyncio.sleep(0.01)
        self.patience.renew()
        return self.final_at

    async def _ask(self, fragment: str) -> float:
        """Send the states and wait for the end of a run that began since, of this fragment or of all the page."""
        assert self._listener is not None
        started = time.perf_counter()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waits.append((self._run.number, fragment, done))
        await self._send(fragment)
        self.patience.renew()
        while not (done.done() or self._listener.done() or self.patience.is_over):
            await asyncio.wait([done, self._listener], timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            why = self._listener.exception() if self._listener.done() else None
            raise ConnectionError(f"/{self.page} did not finish: {self.errors}") from why
        self.patience.renew()
        return time.perf_counter() - started

    async def _send(self, fragment: str, *, is_timer: bool = False) -> None:
        if self._listener is not None and self._listener.done():
            raise ConnectionError(f"/{self.page} takes no more messages") from self._listener.exception()
        message = Back()
        rerun = message.rerun_script
        rerun.query_string, rerun.fragment_id, rerun.is_auto_rerun = self.query, fragment, is_timer
        if self._page_hash:
            rerun.page_script_hash = self._page_hash
        else:
            rerun.page_name = self.page
        rerun.cached_message_hashes[:] = list(self._cache)
        about = rerun.context_info
        about.timezone, about.locale, about.color_scheme = "UTC", "en-US", "light"
        about.url = f"{self.url}/{self.page}?{self.query}"
        for id_, widget in self.widgets.items():
            if widget.state is not None:
                _write(rerun.widget_states.widgets.add(), id_, *widget.state)
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        assert self._socket is not None
        async for raw in self._socket:
            assert isinstance(raw, bytes)
            self.received += len(raw)
            if self.final_at is None and FINAL_LINE.search(raw):
                self.final_at = time.perf_counter()
            answer = Forward()
            answer.ParseFromString(raw)
            self._take(self._whole(answer))

    def _whole(self, answer: Any) -> Any:
        """A message that came as a reference is taken from those that are kept. Raises: KeyError for another one."""
        if answer.WhichOneof("type") == "ref_hash":
            kept = self._cache[answer.ref_hash]
            kept.run = self._cache_runs
            kept.message.metadata.CopyFrom(answer.metadata)  # it may stand elsewhere now
            return kept.message
        if answer.metadata.cacheable:
            self._cache[answer.hash] = _Cached(answer, answer.delta.fragment_id, self._cache_runs)
        return answer

    def _take(self, answer: Any) -> None:
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self._begin(answer.new_session, tuple(answer.metadata.run.fragment_ids))
        elif kind == "navigation":
            self._page_hash = answer.navigation.page_script_hash
        elif kind == "stop_auto_rerun":
            for fragment in answer.stop_auto_rerun.fragment_ids:
                self._stop_timer(fragment)
        elif kind == "auto_rerun":
            self._start_timer(answer.auto_rerun.fragment_id, answer.auto_rerun.interval)
        elif kind == "page_info_changed":
            self.query = answer.page_info_changed.query_string
        elif kind == "delta":
            self._take_element(answer.delta)
        elif kind == "script_finished":
            self._end(answer.script_finished)

    def _begin(self, session: Any, fragments: tuple[str, ...]) -> None:
        self._run = _Run(fragments, self._run.number + 1)
        self._cache_age = session.config.max_cached_message_age
        self._seen = set()
        if not fragments:
            self._page_hash = session.page_script_hash if self._page_hash else ""
            self._stop_timers()

    def _end(self, status: int) -> None:
        if status == Forward.FINISHED_EARLY_FOR_RERUN:
            return
        run = self._run
        self._cache_runs += 1
        for hash_, kept in list(self._cache.items()):
            mine = not run.fragments or kept.fragment in run.fragments
            if mine and self._cache_runs - kept.run > self._cache_age:
                del self._cache[hash_]
        for id_, widget in list(self.widgets.items()):
            mine = not run.fragments or widget.fragment in run.fragments
            if mine and id_ not in self._seen:
                del self.widgets[id_]
        for wait in list(self._waits):
            since, fragment, done = wait
            if run.number > since and (not run.fragments or fragment in run.fragments):
                self._waits.remove(wait)
                if not done.done():
                    done.set_result(None)

    def _take_element(self, delta: Any) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message[:200])
        if kind == "alert":
            self.texts.append(element.alert.body[:200])
            if element.alert.body == FRAME_TEXTS[Lang.EN].something_failed:
                self.errors.append(element.alert.body)
        found = getattr(element, kind) if kind else None
        id_ = getattr(found, "id", "")
        if not id_ or not isinstance(id_, str):
            return
        self._seen.add(id_)
        known = self.widgets.get(id_)
        keeps = known is not None and not getattr(found, "set_value", False)
        state = known.state if known is not None and keeps else _first_state(kind, found)
        self.widgets[id_] = Widget(kind, found, delta.fragment_id, state)

    def _start_timer(self, fragment: str, every: float) -> None:
        known = self._timers.get(fragment)
        if known is not None and known[0] == every:
            return
        self._stop_timer(fragment)
        self._timers[fragment] = (every, asyncio.create_task(self._tick(fragment, every)))

    async def _tick(self, fragment: str, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self._send(fragment, is_timer=True)

    def _stop_timer(self, fragment: str) -> None:
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()

    def _stop_timers(self) -> None:
        for fragment in list(self._timers):
            self._stop_timer(fragment)


def _first_state(kind: str, element: Any) -> tuple[str, Any] | None:
    """What the frontend has for a widget as soon as it is drawn; None where that is nothing."""
    is_set = getattr(element, "set_value", False)
    if kind == "checkbox":
        return "bool_value", element.value if is_set else element.default
    if kind == "number_input":
        return "double_value", element.value if is_set else element.default
    if kind in ("text_input", "text_area"):
        return "string_value", element.value if is_set else element.default
    if kind in ("selectbox", "radio"):
        chosen = element.raw_value if is_set else _option(element.options, element.default)
        return ("string_value", chosen) if chosen else None
    if kind == "slider" and element.options:
        chosen = list(element.raw_value) if is_set else [element.options[int(at)] for at in element.default]
        return "string_array_value", chosen
    if kind == "slider":
        return "double_array_value", list(element.value if is_set else element.default)
    if kind in _LISTS:
        chosen = element.raw_values if is_set else [_option(element.options, at) for at in element.default]
        return "string_array_value", list(chosen)
    return None


def _option(options: Sequence[Any], at: int) -> str:
    if not 0 <= at < len(options):
        return ""
    return options[at] if isinstance(options[at], str) else str(options[at].content)


def _write(state: Any, id_: str, kind: str, value: Any) -> None:
    state.id = id_
    if kind in ("double_array_value", "string_array_value"):
        getattr(state, kind).data[:] = value
    else:
        setattr(state, kind, value)
