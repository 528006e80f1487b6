"""Looking up one value of a session says the same as Streamlit's copy of all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from lib.ui.adapters.session_values import PROPERTY, look_up_single_values


def page() -> None:
    """A page with values of all kinds: of widgets with keys and without, of the script, None."""
    import streamlit as st

    st.session_state["own"] = [1, 2]
    st.session_state["nothing"] = None
    st.slider("keyed", 0, 9, 3, key="keyed")
    st.slider("keyless", 0, 9, 4)
    st.number_input("empty", value=None, key="empty")
    st.selectbox("chosen", ["a", "b"], index=None, key="chosen")
    st.session_state["ran"] = st.session_state.get("ran", 0) + 1


@pytest.fixture
def patched() -> Iterator[None]:
    """With our look-ups, and Streamlit's again afterwards."""
    original = SafeSessionState.__dict__[PROPERTY]
    assert look_up_single_values()
    assert look_up_single_values(), "once is enough"
    yield
    setattr(SafeSessionState, PROPERTY, original)


def test_values_are_those_of_streamlit(patched: None) -> None:
    test = AppTest.from_function(page).run()
    test.slider(key="keyed").set_value(7).run()
    assert not test.exception
    safe = test.session_state._state
    copy, ours = safe._state.filtered_state, getattr(safe, PROPERTY)
    assert set(copy) >= {"own", "nothing", "keyed", "empty", "chosen", "ran"}
    assert (dict(ours), len(ours), sorted(ours)) == (copy, len(copy), sorted(copy))
    hidden = [key for key in safe._state._keys() if key not in copy]
    assert hidden, "there is a widget without a key"
    for key in [*copy, *hidden, "unheard of", "$$INTERNAL"]:
        assert (key in ours) == (key in copy), key
        if key not in copy:
            with pytest.raises(KeyError):
                ours[key]


def test_one_look_up_makes_no_copy(patched: None, monkeypatch: pytest.MonkeyPatch) -> None:
    state = SessionState()
    state["a"] = 1
    safe = SafeSessionState(state, lambda: None)
    monkeypatch.setattr(SessionState, PROPERTY, property(lambda _: pytest.fail("all of it was copied")))
    assert "a" in getattr(safe, PROPERTY)
    assert getattr(safe, PROPERTY)["a"] == 1
