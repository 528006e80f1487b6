"""What a run knows before its end: the weights of the step that is looked at, and the results of one that stands."""

from __future__ import annotations

import streamlit as st

from lib.core.training.export import weights_safetensors
from lib.core.training.reports import FinalReport
from lib.jobs.views import RunStatus, RunView
from lib.lessons.train.state import ASKED, AT, TABLE
from lib.lessons.train.texts import TrainTexts
from lib.ui.owner import owner_token
from lib.ui.runs.as_of import SOON_SECONDS, ask, learned, wait_for
from lib.ui.runs.runs import Shown
from lib.ui.runs.shared import end_text
from lib.ui.runs.texts import RunTexts
from lib.ui.state import State

LOOK_AGAIN_SECONDS = 0.5


def looked_at(state: State, run: RunView) -> int | None:
    """The step that the slider stands at: one of those of which there is a picture. None before there is any."""
    steps = [picture.step for picture in run.pictures]
    if not steps:
        return None
    wanted = int(state[AT]) if state[AT].isascii() and state[AT].isdecimal() else steps[-1]
    return max((step for step in steps if step <= wanted), default=steps[0])


def weights_of_step(state: State, texts: TrainTexts, shown: Shown, name: str) -> None:
    """A download of the weights as they were at the step that is looked at."""
    run, config = shown.view, shown.config
    step = looked_at(state, run)
    if step is None or (run.status is RunStatus.RUNNING and not state[AT]):
        return
    final = run.final if step == run.total_steps else None
    owner = owner_token()  # the file is made in a thread that has no session

    def weights() -> bytes:
        return weights_safetensors(config, (final or wait_for(config, step, owner)).weights)

    stem = "".join(c if c.isalnum() else "-" for c in name) or "run"
    st.download_button(
        texts.weights_of_step.format(step=f"{step:,}"),
        data=weights,
        file_name=f"{stem}-step-{step}.safetensors",
        mime="application/octet-stream",
        on_click="ignore",
        icon=":material/download:",
        help=None if final else texts.weights_of_step_help,
    )


def known(state: State, texts: TrainTexts, words: RunTexts, run: RunView, shown: Shown) -> FinalReport | None:
    """What the run knows; of one that was stopped or paused it is trained again, at once where that is quick."""
    report = learned(run)
    if report is not None or run.status not in (RunStatus.STOPPED, RunStatus.PAUSED):
        return report
    asked = f"{run.id} {run.steps_done}"
    if run.seconds > SOON_SECONDS and state[ASKED] != asked:
        st.button(
            texts.measure.format(step=f"{run.steps_done:,}", seconds=f"{run.seconds:.0f}"),
            on_click=_asked,
            args=(asked,),
            icon=":material/calculate:",
        )
        return None
    st.fragment(_wait, run_every=LOOK_AGAIN_SECONDS)(texts, words, run, shown)
    return None


def _asked(asked: str) -> None:
    TABLE.change({ASKED: asked})


def _wait(texts: TrainTexts, words: RunTexts, run: RunView, shown: Shown) -> None:
    job = ask(shown.config, run.steps_done)
    if learned(run) is not None:
        st.rerun()
    st.caption(end_text(job, words) or texts.measuring.format(step=f"{run.steps_done:,}"))
