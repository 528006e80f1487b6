"""A part of a page that is asked for together with what it belongs to does not take itself for the only one."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.bench.learner import Learner
from tests.e2e.server import APP, running_app
from tests.own_loop import in_own_loop

# The inner part is asked for once more meanwhile, as by a timer: it waits for that, and then asks for all of it. Both
# run in one go.
SCRIPT = """
import time
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from lib.ui.adapters.timers import rerun_fragment, runs_by_itself

def inner():
    runs = st.session_state.runs = st.session_state.get("runs", 0) + 1
    st.slider("slider", 0, 9)
    st.info(f"run {runs}, by itself: {runs_by_itself()}")
    if runs_by_itself():
        requests, end = get_script_run_ctx().script_requests, time.monotonic() + 120
        while runs == 2 and requests._state is not ScriptRequestType.RERUN:
            assert time.monotonic() < end, "it was not asked for once more"
            time.sleep(0.01)
        rerun_fragment("outer" if runs == 2 else "other")

@st.fragment(key="outer")
def outer():
    st.fragment(inner)()
    st.info(f"all of it, run {st.session_state.runs}")

@st.fragment(key="other")
def other():
    st.info("another part")

outer()
other()
"""


async def until_it_says(text: str, learner: Learner) -> None:
    """Or until it has said nothing of that kind for two minutes."""
    end = time.monotonic() + 120
    while text not in learner.texts and time.monotonic() < end:
        await asyncio.sleep(0.01)


def test_a_part_that_is_drawn_with_the_whole_asks_for_no_other(tmp_path: Path) -> None:
    script = tmp_path / "parts.py"
    script.write_text(SCRIPT)

    async def scene(url: str) -> list[str]:
        async with Learner(url, "") as learner:
            await learner.open()
            assert learner.texts == ["run 1, by itself: False", "all of it, run 1", "another part"]
            before = len(learner.texts)
            await learner.turn("slider", 4)
            await until_it_says("run 2, by itself: True", learner)
            await learner.turn("slider", 5)
            await until_it_says("all of it, run 3", learner)
            return learner.texts[before:]

    with running_app(script, PYTHONPATH=str(APP.parent)) as server:
        said = in_own_loop(scene(server.url))
    assert said == ["run 2, by itself: True", "run 3, by itself: False", "all of it, run 3"]
