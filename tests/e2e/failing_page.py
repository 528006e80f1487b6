"""A page that fails where it is asked to: stands in for one of the app's pages in a test."""

from __future__ import annotations

import streamlit as st

from lib.ui.frame import frame

frame("memory")
st.title("Before")
where = st.query_params.get("raise")


def fail(message: str = "secret of /etc/somewhere") -> None:
    raise ValueError(message)


@st.fragment
def part() -> None:
    st.write("Fragment's part")
    if st.button("Fail in a fragment"):
        fail()


@st.fragment(run_every=1.0)
def timer() -> None:
    st.session_state["ticks"] = st.session_state.get("ticks", 0) + 1
    if where == "timer" and st.session_state["ticks"] > 2:
        fail()
    st.write("Timer's part")


st.button("Fail in a callback", on_click=fail)
part()
timer()
if where == "page":
    fail()
st.write("After")
