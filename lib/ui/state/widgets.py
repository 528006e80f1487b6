"""A page's state in one run: its values, and the widgets that show and change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

import streamlit as st

from lib.ui.lang import Lang
from lib.ui.state.keys import (
    BadValueError,
    Choice,
    Choices,
    E,
    Flag,
    Key,
    Number,
    T,
    Text,
    Whole,
)
from lib.ui.state.session import Session, this_session
from lib.ui.state.values import MISSING, Values, take_raw
from lib.ui.state.words import STATE_TEXTS, as_text

if TYPE_CHECKING:
    from lib.ui.state.table import Table

O = TypeVar("O")  # noqa: E741


class State(Values):
    """A page's state in one run. Its widgets show the values and change them; a value is known before its widget."""

    def __init__(self, table: Table, session: Session, lang: Lang) -> None:
        super().__init__(table, session)
        self.session = session
        self.lang = lang

    @property
    def news(self) -> int:
        """Rises when the address brings new values, by Back, Forward, a link or a reload."""
        return self.session.news

    @property
    def by_history(self) -> bool:
        """Whether Back or Forward brought the values; else the page was opened, or a link followed."""
        return self.session.by_history

    def explain(self) -> None:
        """Say which values of the address are bad, as long as they were not replaced by the learner."""
        with st.container():  # a place of its own: what follows keeps its position, and with it its state
            said = [self._problem(name) for name in self._store.problems]
            if said:
                lines = said if len(said) == 1 else [f"- {line}" for line in said]
                st.warning("\n".join(lines), icon=":material/link_off:")

    def _problem(self, name: str) -> str:
        key, texts = self.table.keys[name], STATE_TEXTS[self.lang]
        said, count, used = self._store.problems[name]
        allowed = key.allowed(self.lang) if count == 1 else texts.twice.format(count=count)
        written = key.write(used)
        return texts.bad.format(
            said=as_text(f"{name}={said}"),
            allowed=allowed,
            used=as_text(written) if written else texts.nothing,
        )

    def bad_text(self, key: Key[Any]) -> str | None:
        """What was typed into a key's field and means nothing legal; None where all is well."""
        return self._store.typed.get(key.name)

    def came(self, key: Key[Any]) -> bool:
        """Whether the address that brought the values had a legal one for this key."""
        name = self.table.name_of(key)
        return name in self.session.query and name not in self._store.problems

    def say(self, key: Key[Any], *, is_said: bool = True) -> None:
        """Let the address have the key even where its value is the default, until told otherwise."""
        name = self.table.name_of(key)
        (self._store.spoken.add if is_said else self._store.spoken.discard)(name)

    def keep_good(self, key: Key[Any]) -> None:
        """The page could do what the key's value asks: it is what :meth:`last_good` goes back to."""
        self._store.good[self.table.name_of(key)] = self[key]

    def last_good(self, key: Key[T]) -> T:
        """The last value that the page could use; the default where there was none."""
        value: T = self._store.good.get(self.table.name_of(key), key.default)
        return value

    def set(self, key: Key[T], value: T) -> None:
        """Give a key another value in the middle of a run, before its widget is drawn."""
        name = self.table.name_of(key)
        self._store.values[name] = key.legal(value)
        self._store.typed.pop(name, None)

    # Widgets. Each has the key's name as Streamlit's key.

    @overload
    def slider(
        self,
        key: Whole,
        label: str,
        *,
        low: int | None = None,
        high: int | None = None,
        step: int = 1,
        help: str | None = None,
        disabled: bool = False,
    ) -> int: ...
    @overload
    def slider(
        self,
        key: Number,
        label: str,
        *,
        low: float | None = None,
        high: float | None = None,
        step: float | None = None,
        help: str | None = None,
        disabled: bool = False,
    ) -> float: ...
    def slider(
        self,
        key: Whole | Number,
        label: str,
        *,
        low: float | None = None,
        high: float | None = None,
        step: float | None = None,
        help: str | None = None,
        disabled: bool = False,
    ) -> float:
        """A slider. ``low`` and ``high`` narrow the key's range and may change from run to run: the value follows.

        A range of one number is shown, but cannot be moved.
        """
        least, most = self._follow(key, low, high)
        if least >= most:
            st.slider(label, least, least + 1, least, key=f"{key.name}_fixed", disabled=True, help=help)
            return float(self._any(key)) if isinstance(key, Number) else int(self._any(key))
        drawn: float = self._drawn(
            key,
            lambda name: st.slider(label, least, most, step=step, key=name, help=help, disabled=disabled),
            shape=(least, most, step),
        )
        return drawn

    @overload
    def number(
        self,
        key: Whole,
        label: str,
        *,
        low: int | None = None,
        high: int | None = None,
        help: str | None = None,
    ) -> int: ...
    @overload
    def number(
        self,
        key: Number,
        label: str,
        *,
        low: float | None = None,
        high: float | None = None,
        help: str | None = None,
        step: float | None = None,
        format: str | None = None,
    ) -> float: ...
    def number(
        self,
        key: Whole | Number,
        label: str,
        *,
        low: float | None = None,
        high: float | None = None,
        help: str | None = None,
        step: float | None = None,
        format: str | None = None,
    ) -> float:
        """A field for a number; the range as for :meth:`slider`."""
        least, most = self._follow(key, low, high)
        drawn: float = self._drawn(
            key,
            lambda name: st.number_input(label, least, most, key=name, help=help, step=step, format=format),
            shape=(least, most, step),
        )
        return drawn

    def _follow(self, key: Whole | Number, low: float | None, high: float | None) -> tuple[Any, Any]:
        kind = int if isinstance(key, Whole) else float
        least = kind(key.low if low is None else max(low, key.low))
        most = kind(key.high if high is None else min(high, key.high))
        self._store.values[key.name] = kind(min(max(self._any(key), least), max(most, least)))
        return least, most

    def _any(self, key: Key[Any]) -> Any:
        return self._store.values[key.name]

    def choice(
        self,
        key: Choice[E],
        label: str,
        *,
        format: Callable[[E], str] | None = None,
        widget: Literal["segmented", "select", "pills", "radio"] = "segmented",
        options: Sequence[E] | None = None,
        help: str | None = None,
        disabled: bool = False,
        label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
        on_change: Callable[[], None] | None = None,
    ) -> E:
        """One of the options, which ``options`` may narrow; a value that is not among them becomes the first."""
        shown = key.options if options is None else tuple(options)
        if self[key] not in shown:
            self._store.values[key.name] = key.default if key.default in shown else shown[0]
        rest: dict[str, Any] = {
            "format_func": str if format is None else format,
            "help": help,
            "disabled": disabled,
            "label_visibility": label_visibility,
            "on_change": on_change,
        }
        if widget == "segmented":
            rest |= {"required": True, "width": "stretch", "wrap": True}
        elif widget == "pills":
            rest |= {"required": True, "wrap": True}
        make: Any = {
            "segmented": st.segmented_control,
            "pills": st.pills,
            "select": st.selectbox,
            "radio": st.radio,
        }[widget]
        drawn: E = self._drawn(key, lambda name: make(label, shown, key=name, **rest), shape=shown)
        return drawn

    def choices(
        self,
        key: Choices[E],
        label: str,
        *,
        format: Callable[[E], str] | None = None,
        options: Sequence[E] | None = None,
        help: str | None = None,
        label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    ) -> tuple[E, ...]:
        """Several of the options, as pills; none is the default where the key may not be empty."""
        options = key.options if options is None else tuple(options)
        said: Any = str if format is None else format
        known = tuple(option for option in self[key] if option in options)
        if known != self[key]:
            self._store.values[key.name] = known or (() if key.may_be_empty else key.default)
        drawn: tuple[E, ...] = self._drawn(
            key,
            lambda name: st.pills(
                label,
                options,
                selection_mode="multi",
                format_func=said,
                key=name,
                help=help,
                wrap=True,
                label_visibility=label_visibility,
            ),
            shape=options,
        )
        return drawn

    def steps(
        self,
        key: Whole,
        label: str,
        options: Sequence[int],
        *,
        format: Callable[[int], str] = str,
        help: str | None = None,
    ) -> int:
        """A slider over some numbers; a value between them becomes the nearest."""
        value = self[key]
        self._store.values[key.name] = min(options, key=lambda option: abs(option - value))
        drawn: int = self._drawn(
            key,
            lambda name: st.select_slider(label, options, format_func=format, key=name, help=help),
            shape=tuple(options),
        )
        return drawn

    def toggle(
        self,
        key: Flag,
        label: str,
        *,
        help: str | None = None,
        disabled: bool = False,
        on_change: Callable[[], None] | None = None,
    ) -> bool:
        """A switch; ``on_change`` is for what else it changes."""
        drawn: bool = self._drawn(
            key, lambda name: st.toggle(label, key=name, help=help, disabled=disabled, on_change=on_change)
        )
        return drawn

    def text(
        self,
        key: Text[T],
        label: str,
        *,
        help: str | None = None,
        placeholder: str | None = None,
        on_change: Callable[[], None] | None = None,
        explain: Callable[[Exception | None], str] | None = None,
        label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    ) -> T:
        """A field of one line. A text that means nothing stays in it, with a message; the last good value goes on.

        ``explain`` words the error that the key's ``parse`` raised, as Markdown; without it the message says what
        is allowed.
        """
        value: T = self._drawn(
            key,
            lambda name: st.text_input(
                label,
                key=name,
                help=help,
                max_chars=key.longest,
                placeholder=placeholder,
                on_change=on_change,
                label_visibility=label_visibility,
            ),
        )
        typed = self.bad_text(key)
        if typed is not None:
            texts = STATE_TEXTS[self.lang]
            said = texts.bad_typed.format(said=as_text(typed), allowed=key.allowed(self.lang))
            if explain is not None:
                said = explain(_cause(key, typed))
            st.error(said, icon=":material/block:")
            st.caption(texts.last_good.format(value=as_text(key.write(value))))
        return value

    def part(
        self,
        name: str,
        value: O,
        make: Callable[[str, Callable[[], None]], object],
        *,
        changes: Callable[[O], Mapping[Key[Any], object]],
        refusals: type[Exception] | tuple[type[Exception], ...] = BadValueError,
        shape: object = None,
    ) -> Exception | None:
        """A widget that shows a part of a key's value, such as one number of one step of a pipeline.

        ``make`` draws it under a name, with a callback for when it is moved; ``changes`` says what its new value
        makes of which keys. Returns the error with which that refused the text that stands in the widget, if any.
        ``shape`` is its range: with another one it is set anew.
        """
        store = self.session.store(f"{self.table.name} parts")

        def moved() -> None:
            self.table.now()
            raw = st.session_state.get(name, MISSING)
            if raw is MISSING:
                return  # what was moved had left the page when the move came
            before, number = store.replaced.get(name, (MISSING, 0))
            if raw == before and this_session().acknowledged < number:
                return  # not moved: the browser had not learnt yet what the server has set
            this_session().forget_set(store, name)
            store.refused.pop(name, None)
            try:
                self.table.change(changes(raw))
            except refusals as error:
                store.refused[name] = (raw, error)

        before = st.session_state.get(name, MISSING)
        bad, error = store.refused.get(name, (MISSING, None))
        if before is MISSING or bad != before:
            error = None
            if before is MISSING or before != value or store.ranges.get(name, shape) != shape:
                st.session_state[name] = value
                if before is not MISSING and before != value:
                    self.session.newly_set.append((store, name, before))
        store.ranges[name] = shape
        make(name, moved)
        return error

    def _drawn(self, key: Key[Any], make: Callable[[str], Any], shape: object = None) -> Any:
        store, name = self._store, self.table.name_of(key)
        before = st.session_state.get(name, MISSING)
        is_new = before is MISSING or store.ranges.get(name, shape) != shape
        says_so = name in store.typed or _means(key, before, store.values[name])
        if is_new or not says_so:
            # Only then: a value that is set overrules what the learner does meanwhile.
            st.session_state[name] = store.typed.get(name, key.to_widget(store.values[name]))
            if before is not MISSING and not says_so:
                self.session.newly_set.append((store, name, before))
        store.ranges[name] = shape
        raw = make(name)
        take_raw(store, key, raw)
        return store.values[name]


def _means(key: Key[Any], raw: Any, value: Any) -> bool:
    """Whether a widget that has this shows the value: " 2,3" does for (2, 3)."""
    if raw is MISSING or (isinstance(key, Choices) and not raw and not key.may_be_empty):
        return False  # none stands for the default, and the pills are to show that
    try:
        return bool(key.from_widget(raw) == value)
    except BadValueError:
        return False


def _cause(key: Text[Any], typed: str) -> Exception | None:
    try:
        key.parse(typed)
    except BadValueError as error:
        cause = error.__cause__
        return cause if isinstance(cause, Exception) else None
    return None


def offers(
    table: Table,
    name: str,
    label: str,
    options: Sequence[O],
    *,
    changes: Callable[[O], Mapping[Key[Any], object]],
    format: Callable[[O], str] = str,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "collapsed",
) -> None:
    """A row of pills that act like buttons, for presets: each press is one step, and none stays chosen.

    ``changes`` says what an option sets. ``name`` is the widget's.
    """
    store = this_session().store(f"{table.name} offers")

    def act() -> None:
        table.now()
        session = this_session()
        chosen = st.session_state.get(name)
        st.session_state[name] = None
        before, number = store.replaced.get(name, (MISSING, 0))
        if chosen is None or (chosen == before and session.acknowledged < number):
            return  # pressed once: the browser had not learnt yet that it is not chosen any more
        table.change(changes(chosen))
        session.newly_set.append((store, name, chosen))

    st.pills(
        label,
        options,
        format_func=format,
        key=name,
        on_change=act,
        label_visibility=label_visibility,
        wrap=True,
    )


def report(component: str, name: str) -> Any:
    """What a component's script has reported under a name; None before that. Not to be trusted."""
    state = st.session_state.get(component)
    return None if state is None else state.get(name)


def reported(table: Table, key: Key[T], component: str) -> Callable[[], None]:
    """A component's callback: what its script reports under the key's name becomes the key's value.

    A report that means nothing legal did not come from our own script, and is left alone.
    """

    def take() -> None:
        text = report(component, key.name)
        if not isinstance(text, str):
            return
        try:
            value = key.parse(text)
        except BadValueError:
            return
        table.change({key: value})

    return take
