"""Browsers are referred to what was sent lately, and to nothing else that they name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext

from lib.ui.adapters.kept_messages import BEGIN, KEPT, OPTION, SEND, STORAGE, refer_to_what_is_kept


class Storage:
    """What a tab has as long as it is there."""


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A tab's context; what it ``named`` is what its browser said that it has."""

    def begin(context: Any, *, named: frozenset[str]) -> None:
        setattr(context, KEPT, named)

    monkeypatch.setattr(ScriptRunContext, BEGIN, begin)
    monkeypatch.setattr(ScriptRunContext, SEND, lambda *_: None)
    assert refer_to_what_is_kept()
    assert refer_to_what_is_kept(), "once is enough"
    return SimpleNamespace(**{STORAGE: Storage()})


def run(tab: Any, *sent: str, named: tuple[str, ...] = (), large: bool = True) -> set[str]:
    """One run; returns to which messages it might have referred."""
    getattr(ScriptRunContext, BEGIN)(tab, named=frozenset(named))
    for hash_ in sent:
        message = SimpleNamespace(hash=hash_, metadata=SimpleNamespace(cacheable=large))
        getattr(ScriptRunContext, SEND)(tab, message)
    return set(getattr(tab, KEPT))


def test_what_was_sent_lately_and_is_named_is_referred_to(tab: Any) -> None:
    assert run(tab, "a", "b") == set()
    assert run(tab, named=("a", "c")) == {"a"}, "c was never sent here, b is not named"


def test_what_browsers_may_have_forgotten_meanwhile_is_sent_again(tab: Any) -> None:
    runs = st.get_option(OPTION) // 2
    run(tab, "a")
    for _ in range(runs - 1):
        assert run(tab, named=("a",)) == {"a"}
    assert run(tab, named=("a",)) == {"a"}
    assert run(tab, named=("a",)) == set()
    run(tab, "a", named=("a",))
    assert run(tab, named=("a",)) == {"a"}


def test_a_reference_keeps_it(tab: Any) -> None:
    for _ in range(3 * st.get_option(OPTION)):
        run(tab, "a", named=("a",))
    assert run(tab, named=("a",)) == {"a"}


def test_another_tab_was_sent_nothing(tab: Any) -> None:
    run(tab, "a")
    assert run(SimpleNamespace(**{STORAGE: Storage()}), named=("a",)) == set()


def test_small_ones_are_not_kept(tab: Any) -> None:
    run(tab, "a", large=False)
    assert run(tab, named=("a",)) == set()
