"""Which run the page shows: the address's, else the learner's own latest."""

from __future__ import annotations

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.jobs.manager import get_manager
from lib.jobs.views import ActiveRunError, ManagerClosedError, QueueFullError
from lib.lessons.train.state import AT, NOTICE, PAUSED, RUN, SPEED
from lib.lessons.train.texts import TrainTexts
from lib.ui.owner import owner_token
from lib.ui.runs.runs import Shown, look_at, my_runs
from lib.ui.state import State, as_text


def shown_run(state: State, texts: TrainTexts) -> Shown | None:
    """The run to show, its heartbeat given; explains an id that is not known."""
    wanted = state[RUN]
    if wanted:
        shown = look_at(wanted)
        if shown is None:
            state.set(NOTICE, texts.unknown_run.format(run=as_text(wanted)))
            state.set(RUN, "")
        return shown
    mine = my_runs()
    if not mine:
        return None
    # Whoever comes back to the page finds what is going on, else what was looked at last.
    state.set(RUN, mine[-1].id)
    return look_at(mine[-1].id)


def start_run(state: State, config: TrainConfig, texts: TrainTexts, *, is_paused: bool = False) -> None:
    """Start a run with these settings and put it into the address; ``is_paused`` whatever the switch says."""
    try:
        tempo = state[SPEED].tempo(config.steps_per_epoch)
        run_id = get_manager().submit(config, owner_token(), tempo=tempo, paused=is_paused or state[PAUSED])
    except ActiveRunError as error:
        run_id = error.run_id
        state.set(NOTICE, texts.already_active)
    except ManagerClosedError:
        state.set(NOTICE, texts.server_stopping)
        return
    except QueueFullError:
        state.set(NOTICE, texts.queue_full)
        return
    state.set(RUN, run_id)
    state.set(AT, "")


def show_notice(state: State) -> None:
    """What went wrong since the last run of the page, once."""
    if state[NOTICE]:
        st.warning(state[NOTICE])
        state.set(NOTICE, "")
