"""The address is user input: what it says is checked before a widget sees it, and a bad value is explained.

Streamlit drops a bound value that its widget cannot take, silently; here the learner is told what was wrong
and what is allowed, and the page goes on with the value the parameter falls back to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from lib.ui.lang import Lang
from lib.ui.texts.frame import FRAME_TEXTS

_STATE_KEY = "_address_problems"
_SHOWN = 60


@dataclass(frozen=True)
class Param:
    """One key of the address: how to tell a good value, and the words for what is allowed."""

    key: str
    is_good: Callable[[str], bool]
    allowed: str


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def whole(key: str, low: int, high: int) -> Param:
    """A whole number from low to high.

    >>> seed = whole("seed", 0, 9)
    >>> seed.is_good("7"), seed.is_good("10"), seed.is_good("1e3"), seed.is_good("x")
    (True, False, False, False)
    """

    def is_good(text: str) -> bool:
        digits = text.removeprefix("-")
        # isdecimal alone would take digits of other scripts, and a long one would be slow to convert.
        return digits.isascii() and digits.isdecimal() and len(digits) < 15 and low <= int(text) <= high

    return Param(key, is_good, f"{low}–{high}")


def number(key: str, low: float, high: float) -> Param:
    """A finite number from low to high.

    >>> number("lr", 1e-6, 10).is_good("nan"), number("lr", 1e-6, 10).is_good("0.01")
    (False, True)
    """

    def is_good(text: str) -> bool:
        value = _number(text)
        return value is not None and low <= value <= high

    return Param(key, is_good, f"{low:g}–{high:g}")


def choice(key: str, options: Sequence[str]) -> Param:
    """One of the options.

    >>> choice("lang", ["en", "zh"]).allowed
    'en, zh'
    """
    return Param(key, lambda text: text in options, ", ".join(options))


def check_address(page: str, params: Sequence[Param], lang: Lang) -> None:
    """Show a message for each bad value of the address; it stays until a good value replaces the bad one.

    Call it before the page's widgets: Streamlit removes a bad value from the address in the same run.
    """
    state = st.session_state.get(_STATE_KEY)
    problems: dict[str, str] = state[1] if state is not None and state[0] == page else {}
    for param in params:
        values = st.query_params.get_all(param.key)
        if not values:
            continue
        text = ", ".join(values)
        is_typed = st.session_state.get(param.key) == text  # then the field itself explains it
        if len(values) == 1 and param.is_good(text):
            problems.pop(param.key, None)
        elif not is_typed:
            problems[param.key] = text[:_SHOWN]
        elif problems.get(param.key) != text[:_SHOWN]:
            problems.pop(param.key, None)
    st.session_state[_STATE_KEY] = (page, problems)
    texts = FRAME_TEXTS[lang]
    with st.container():  # a place of its own: what follows keeps its position, and with it its state
        for param in params:
            if param.key in problems:
                shown = problems[param.key].replace("`", "'")
                st.warning(
                    texts.bad_address.format(key=param.key, value=shown, allowed=param.allowed),
                    icon=":material/link_off:",
                )


def address_has_news(key: str) -> bool:
    """Whether the session has no value yet for a key of the address, or the address has another than it had."""
    return key not in st.session_state or st.query_params.get(key) != st.session_state.get(f"_seen_{key}")


def keep_in_address(key: str, text: str | None) -> None:
    """Let the address say what the session has for a key (None: nothing, which means its default)."""
    if st.query_params.get(key) != text:
        if text is None:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = text
    st.session_state[f"_seen_{key}"] = text


def keep_all_in_address(texts: Mapping[str, str | None]) -> None:
    """The same for several keys at once: one step in the browser's history, not one each.

    For keys that no widget binds by itself.
    """
    before = {key: st.query_params.get_all(key) for key in st.query_params}
    after = {key: values for key, values in before.items() if key not in texts}
    after |= {key: [text] for key, text in texts.items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)
    for key, text in texts.items():
        st.session_state[f"_seen_{key}"] = text


def bound_toggle(label: str, *, key: str, default: bool, on_change: Callable[[], None] | None = None) -> bool:
    """A switch bound to the address as :func:`bound_slider` is: ``true`` or ``false``, the default left out."""
    if address_has_news(key):
        st.session_state[key] = {"true": True, "false": False}.get(st.query_params.get(key, ""), default)
    value = bool(st.toggle(label, key=key, on_change=on_change))
    keep_in_address(key, None if value == default else str(value).lower())
    return value


def bound_number(key: str, low: int, high: int, default: int) -> int:
    """The session's whole number for a key, or the address's where that has news.

    The default stands for an address that has none from low to high; the session's number is not checked.
    """
    if not address_has_news(key):
        return int(st.session_state[key])
    text = st.query_params.get(key, "")
    return int(text) if whole(key, low, high).is_good(text) else default


def bound_slider(
    label: str,
    *,
    key: str,
    low: int,
    high: int,
    default: int,
    value: int | None = None,
    help: str | None = None,
) -> int:
    """A slider bound to the address whose range may change from run to run; the value follows into the range.

    Streamlit's own binding reads the address anew whenever the range changes, and would undo what a preset has
    just set. ``value`` is for a caller who knows better than session and address. A range of one number is
    shown, but cannot be moved.
    """
    wanted = bound_number(key, low, high, default) if value is None else value
    number = st.session_state[key] = min(max(wanted, low), high)
    if low < high:
        number = int(st.slider(label, low, high, key=key, help=help))
    else:
        st.slider(label, low, low + 1, low, key=f"{key}_fixed", disabled=True, help=help)
    keep_in_address(key, None if number == default else str(number))
    return number


def bound_number_input(label: str, *, key: str, low: int, high: int, default: int) -> int:
    """A field for a whole number, bound to the address as :func:`bound_slider` is."""
    st.session_state[key] = min(max(bound_number(key, low, high, default), low), high)
    number = int(st.number_input(label, low, high, key=key))
    keep_in_address(key, None if number == default else str(number))
    return number


def bound_choice(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: str,
    format_func: Callable[[str], str],
    widget: Literal["segmented", "select"] = "segmented",
    disabled: bool = False,
    help: str | None = None,
) -> str:
    """A choice bound to the address by its value, while the learner reads a translated label.

    Streamlit's own ``bind="query-params"`` writes the label into the address, which would then depend on the
    language. ``key`` is the key of the address and of the widget; the default is left out of the address.
    """
    if address_has_news(key):
        in_address = st.query_params.get(key)
        st.session_state[key] = in_address if in_address in options else default
    if st.session_state[key] not in options:
        st.session_state[key] = default
    if widget == "segmented":
        chosen = st.segmented_control(
            label,
            options,
            required=True,
            format_func=format_func,
            key=key,
            help=help,
            disabled=disabled,
            width="stretch",
            wrap=True,
        )
    else:
        chosen = st.selectbox(label, options, format_func=format_func, key=key, help=help, disabled=disabled)
    value = chosen if chosen is not None else default
    wanted = None if value == default else value
    keep_in_address(key, wanted)
    return value


def bound_choices(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: Sequence[str],
    format_func: Callable[[str], str],
    help: str | None = None,
) -> list[str]:
    """Several choices, bound to the address by their values, which it lists with commas between them.

    As for :func:`bound_choice`, the default is left out of the address; none chosen is the default, too.
    """
    if address_has_news(key):
        st.session_state[key] = st.query_params.get(key, "").split(",")
    known = [value for value in st.session_state[key] if value in options]
    st.session_state[key] = known or list(default)
    chosen = st.pills(
        label, options, selection_mode="multi", format_func=format_func, key=key, help=help, wrap=True
    )
    values = list(chosen) or list(default)
    wanted = None if values == list(default) else ",".join(values)
    keep_in_address(key, wanted)
    return values


def choices(key: str, options: Sequence[str], allowed: str) -> Param:
    """Some of the options, with commas between them.

    >>> models = choices("models", ["bundled", "r1"], "bundled")
    >>> models.is_good("r1,bundled"), models.is_good("r2")
    (True, False)
    """
    return Param(key, lambda text: all(part in options for part in text.split(",")), allowed)
