"""The part of /train that moves: steering, progress and charts, the middle redrawn each second during a run."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.core.training.trouble import TroubleKind, trouble
from lib.figures.training import finite_steps
from lib.jobs.manager import get_manager
from lib.jobs.views import Action, NotOwnerError, RunStatus, RunView, UnknownRunError
from lib.lessons.train.as_of import weights_of_step
from lib.lessons.train.charts import Charted, charted_runs, epoch_charts, loss_chart, loss_controls
from lib.lessons.train.controls import config_of
from lib.lessons.train.insides import insides
from lib.lessons.train.results import results
from lib.lessons.train.run_table import run_table
from lib.lessons.train.shown import show_notice, start_run
from lib.lessons.train.state import EPOCHS_DRAWN, OVERLAY, PAUSED, RUN, SPEED, TABLE
from lib.lessons.train.texts import TrainTexts
from lib.ui.adapters.timers import rerun_fragment, runs_by_itself, stop_timer
from lib.ui.drawing import last_drawing
from lib.ui.frame import Frame
from lib.ui.owner import owner_token
from lib.ui.pages import page_info
from lib.ui.runs.as_of import is_offered
from lib.ui.runs.closer import awaits_answers
from lib.ui.runs.runs import Shown, look_at, my_runs, run_names, settings_text
from lib.ui.runs.shared import REDRAW_SECONDS, show_end
from lib.ui.runs.texts import RUN_TEXTS, RunTexts
from lib.ui.state import State

STEADY_SECONDS = 1.0
"""While it trains or is paused: the browser shows one picture after the other in the time up to the next redraw."""
SOON_SECONDS = 0.2
EPOCHS_SECONDS = 2.0
TABLE_SECONDS = 10.0
BEHIND_SECONDS = 0.5
_STEP_ICON = ":material/skip_next:"
PART, EPOCHS_PART = "train_live", "train_epochs"
_BADGES = {
    RunStatus.QUEUED: "gray",
    RunStatus.STARTING: "gray",
    RunStatus.RUNNING: "blue",
    RunStatus.PAUSED: "orange",
    RunStatus.FINISHED: "green",
    RunStatus.STOPPED: "gray",
    RunStatus.FAILED: "red",
}


@dataclass(frozen=True)
class _Was:
    """How the whole page found the run: going on, paused at a step."""

    is_active: bool
    stands_at: int | None


@dataclass(frozen=True)
class _Found:
    """How the steering and the table, which redraw seldom, found the run, and when."""

    status: RunStatus | None
    stands_at: int | None
    is_behind: bool
    epochs: int
    awaits: bool
    at: float

    @classmethod
    def of(cls, shown: Shown | None, digit: bytes) -> _Found:
        """As it is now; ``digit`` is the learner's last one."""
        now = time.monotonic()
        if shown is None:
            return cls(None, None, False, 0, False, now)
        view = shown.view
        awaits = awaits_answers(view, digit)
        return cls(view.status, _stands_at(shown), _is_behind(shown), len(view.epochs), awaits, now)

    @property
    def moves(self) -> bool:
        """Whether more is to be seen soon."""
        return self.awaits or (self.status is not None and not self.status.is_over)

    @property
    def redraw_seconds(self) -> float | None:
        """How often to look again; None is never."""
        if not self.moves:
            return None
        is_steady = self.status is RunStatus.RUNNING or (self.status is RunStatus.PAUSED and not self.awaits)
        return STEADY_SECONDS if is_steady else REDRAW_SECONDS

    def is_old(self, now: _Found) -> bool:
        """Whether the rest is to be drawn anew. Of epochs only now and then: fast trainings have several a second."""
        if (self.status, self.stands_at, self.is_behind) != (now.status, now.stands_at, now.is_behind):
            return True
        return self.epochs != now.epochs and now.at - self.at >= TABLE_SECONDS


def live(view: Frame, texts: TrainTexts, shown: Shown | None, place: DeltaGenerator) -> None:
    """Steering and charts; ``shown`` is the run on the screen.

    ``place`` is where its results are drawn as soon as it has ended.
    """
    is_active = shown is not None and not shown.view.status.is_over
    run_id = shown.view.id if shown is not None else None
    st.fragment(_live, key=PART)(view, texts, run_id, _Was(is_active, _stands_at(shown)), place)


def _live(
    view: Frame,
    texts: TrainTexts,
    run_id: str | None,
    was: _Was,
    place: DeltaGenerator,
) -> None:
    shown = look_at(run_id) if run_id is not None else None
    has_ended = was.is_active and (shown is None or shown.view.status.is_over)
    if has_ended and (shown is None or shown.view.status is not RunStatus.FINISHED):
        st.rerun()  # the whole page: what is known of a run that came to an early end
    if not has_ended and _stands_at(shown) != was.stands_at:
        st.rerun()  # the whole page: what is known of another step, or nothing while it goes on
    with TABLE.read(view.lang, explains=False) as state:
        if state[RUN] != (run_id or ""):
            st.rerun()  # another run is to be shown, or none: its results change, too
        with st.container():
            show_notice(state)
        _steering(state, texts, shown)
        found = _Found.of(shown, last_drawing())
        st.fragment(_moving, run_every=found.redraw_seconds)(view, texts, run_id, found)
        loss_controls(state, texts)
        mine = my_runs()
        charted = _charted(view, state, shown, mine)
        run_table(view, state, texts, charted, mine)
        st.fragment(_epochs, key=EPOCHS_PART)(view, texts, run_id)
        if was.is_active:
            with place, st.container():  # from the start, or nothing could be drawn there later
                if has_ended and shown is not None:
                    results(view, state, texts, shown)


def _moving(view: Frame, texts: TrainTexts, run_id: str | None, found: _Found) -> None:
    """What changes with each redraw, and nothing else: a class of thirty watches at once."""
    shown = look_at(run_id) if run_id is not None else None
    digit = last_drawing()
    now = _Found.of(shown, digit)
    if runs_by_itself() and found.is_old(now) and not rerun_fragment(PART):
        st.rerun()
    if not now.moves and not stop_timer() and found.moves:
        st.rerun()
    with TABLE.read(view.lang, explains=False) as state:
        mine, runs = my_runs(), RUN_TEXTS[view.lang]
        # A place of its own: what comes and goes in it moves nothing below, which would forget what it shows.
        with st.container():
            if shown is not None:
                name = run_names(mine, runs).get(shown.view.id, shown.view.id)
                _state(texts, runs, shown, run_differs=shown.config != config_of(state))
                insides(view, state, texts, shown, name, digit)
                st.text(f"{name}{view.texts.colon}{settings_text(shown.config, runs.settings)}")
                weights_of_step(state, texts, shown, name)
                _draw_link(view, texts, shown, digit)
        loss_chart(view, state, texts, _charted(view, state, shown, mine))
        run_of, count, at = state[EPOCHS_DRAWN]
    if runs_by_itself() and run_of == run_id and count != now.epochs and now.at - at >= EPOCHS_SECONDS:
        rerun_fragment(EPOCHS_PART)


def _draw_link(view: Frame, texts: TrainTexts, shown: Shown, digit: bytes) -> None:
    """The way to a pad: for the run's own network to read once it has ended, before that for a digit to watch here."""
    draw, query = page_info("draw"), {"lang": str(view.lang)}
    if shown.is_mine and shown.view.status.is_over and is_offered(shown.view):
        st.page_link(
            draw.file,
            label=texts.draw_for_maps if shown.config.conv else texts.draw_for_network,
            icon=draw.icon,
            query_params={**query, "models": shown.view.id},
        )
    elif not digit:
        st.page_link(draw.file, label=texts.draw_own, icon=draw.icon, query_params=query)


def _epochs(view: Frame, texts: TrainTexts, run_id: str | None) -> None:
    """The charts of epochs, redrawn as soon as there are more of them, at most every two seconds."""
    shown = look_at(run_id) if run_id is not None else None
    with TABLE.read(view.lang, explains=False) as state:
        epoch_charts(view, state, texts, _charted(view, state, shown, my_runs()))


def _charted(view: Frame, state: State, shown: Shown | None, mine: list[RunView]) -> list[Charted]:
    current = shown.view if shown is not None else None
    return charted_runs(view, current, state[OVERLAY], run_names(mine, RUN_TEXTS[view.lang]))


def _stands_at(shown: Shown | None) -> int | None:
    """The step at which the run is paused; None where it is not."""
    return shown.view.steps_done if shown is not None and shown.view.status is RunStatus.PAUSED else None


def _is_behind(shown: Shown) -> bool:
    """Whether there is more of the run than the learner has been shown, who may skip to its end."""
    view = shown.view
    if not shown.is_mine or view.status.is_over:
        return False
    return (view.shared or view.tempo is not None) and view.behind_seconds > BEHIND_SECONDS


def _steering(state: State, texts: TrainTexts, shown: Shown | None) -> None:
    is_active = shown is not None and not shown.view.status.is_over
    mine = shown if shown is not None and shown.is_mine and is_active else None
    is_paused = mine is not None and mine.view.status is RunStatus.PAUSED
    with st.container(horizontal=True, gap="small"):
        if st.button(
            texts.train, type="primary", icon=":material/play_arrow:", disabled=mine is not None, key="train"
        ):
            start_run(state, config_of(state), texts)
            st.rerun()
        _action(
            texts.resume if is_paused else texts.pause,
            ":material/resume:" if is_paused else ":material/pause:",
            Action.RESUME if is_paused else Action.PAUSE,
            mine,
        )
        if mine is None:
            _first_step(state, texts)
        else:
            waits = mine if is_paused else None
            _action(texts.step, _STEP_ICON, Action.STEP, waits, texts.step_help)
        _action(
            texts.epoch,
            ":material/fast_forward:",
            Action.EPOCH,
            mine if is_paused else None,
            texts.epoch_help,
        )
        _action(texts.stop, ":material/stop:", Action.STOP, mine)
        if mine is not None and _is_behind(mine):
            _action(texts.skip, ":material/last_page:", Action.SKIP, mine, texts.skip_help)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="tempo"):
        state.choice(
            SPEED,
            texts.tempo,
            format=lambda speed: texts.tempos[speed],
            help=texts.tempo_help,
            on_change=_set_tempo,
        )
        state.toggle(PAUSED, texts.paused, help=texts.paused_help)


def _first_step(state: State, texts: TrainTexts) -> None:
    """Without a run to step through: begin one that waits before its first step."""
    if st.button(texts.step, icon=_STEP_ICON, key=f"act_{Action.STEP.value}", help=texts.step_help):
        start_run(state, config_of(state), texts, is_paused=True)
        st.rerun()


def _action(label: str, icon: str, action: Action, shown: Shown | None, help: str | None = None) -> None:
    key = "pause" if action is Action.RESUME else action.value

    def act() -> None:
        if shown is not None:
            _control(shown.view.id, action)
            if action is Action.STEP:
                _wait_for_step(shown.view)

    st.button(label, icon=icon, key=f"act_{key}", disabled=shown is None, help=help, on_click=act)


def _set_tempo() -> None:
    now = TABLE.now()
    with contextlib.suppress(UnknownRunError, NotOwnerError):  # there is none, or it is somebody else's
        config = get_manager().snapshot(now[RUN]).config
        get_manager().set_tempo(now[RUN], owner_token(), now[SPEED].tempo(config.steps_per_epoch))


def _control(run_id: str, action: Action) -> None:
    with contextlib.suppress(
        UnknownRunError, NotOwnerError
    ):  # the next look at the run says what became of it
        get_manager().control(run_id, owner_token(), action)


def _wait_for_step(before: RunView) -> None:
    """Most steps are done at once: the page that follows a press shows them already."""
    with contextlib.suppress(UnknownRunError, TimeoutError):
        get_manager().wait(before.id, lambda run: run.steps_done != before.steps_done, SOON_SECONDS)


def _state(texts: TrainTexts, runs: RunTexts, shown: Shown, *, run_differs: bool) -> None:
    run = shown.view
    if not shown.is_mine:
        st.info(texts.read_only, icon=":material/visibility:")
    if run.shared and run.tempo is None and not run.status.is_over:
        st.caption(texts.shared)
    st.progress(run.progress, text=_progress_text(texts, runs, shown))
    if shown.is_mine and run_differs and not run.status.is_over:
        st.caption(texts.other_settings)
    explain_trouble(texts, shown)
    show_end(run, runs)


def explain_trouble(texts: TrainTexts, shown: Shown) -> None:
    """Say where a training went wrong, why, and what to try."""
    found = trouble(shown.view.losses)
    # A loss that takes the softmax twice passes ln 10 while it learns; what holds it up is said beside its chart.
    is_slow = shown.config.softmax_first and found is not None and found.kind is TroubleKind.STUCK
    if found is None or is_slow:
        return
    slots = {"step": f"{found.step:,}", "lr": f"{shown.config.learning_rate:g}"}
    slots["less"] = f"{shown.config.learning_rate / 10:g}"
    words = texts.troubles[found.kind].format(**slots)
    (st.error if found.kind is TroubleKind.DIVERGED else st.warning)(words, icon=":material/trending_up:")


def _progress_text(texts: TrainTexts, runs: RunTexts, shown: Shown) -> str:
    run, config = shown.view, shown.config
    epoch = min(config.epochs, run.steps_done // config.steps_per_epoch + 1)
    failed = run.status is RunStatus.FINISHED and finite_steps(run.losses) < len(run.losses)
    colour = "red" if failed else _BADGES[run.status]  # a training whose loss is no number did not end well
    parts = [f":{colour}-badge[{runs.status[run.status]}]"]
    if run.queue_position is not None:
        parts.append(texts.queue.format(position=run.queue_position, seconds=f"{run.wait_seconds or 0:.0f}"))
    parts.append(
        texts.progress.format(
            epoch=epoch, epochs=config.epochs, step=f"{run.steps_done:,}", steps=f"{run.total_steps:,}"
        )
    )
    if run.samples_per_second:
        parts.append(texts.speed.format(speed=f"{run.samples_per_second:,.0f}"))
    if run.eta_seconds is not None and not run.status.is_over:
        parts.append(texts.left.format(seconds=f"{run.eta_seconds:.0f}"))
    return " · ".join(parts)
