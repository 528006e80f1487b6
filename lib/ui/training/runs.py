"""Which run the page shows: the address's, else the learner's own latest; and whose it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.core.training.handwriting import HandwritingConfig
from lib.figures.training import RunSeries
from lib.jobs.manager import RunManager, get_manager
from lib.jobs.views import ActiveRunError, ManagerClosedError, RunView, UnknownRunError
from lib.ui.owner import owner_token
from lib.ui.texts.train import SettingsTexts, TrainTexts

DEFAULTS = TrainConfig()
_RUN = "run"
_VIEWER = "_viewer"
_NOTICE = "_train_notice"


@dataclass(frozen=True)
class Shown:
    """The run on the screen and whether this learner may steer it."""

    view: RunView
    is_mine: bool

    @property
    def config(self) -> TrainConfig:
        """The run's own settings, which may differ from the controls'."""
        assert isinstance(self.view.config, TrainConfig)
        return self.view.config


def viewer() -> str:
    """This tab, for heartbeats."""
    if _VIEWER not in st.session_state:
        st.session_state[_VIEWER] = secrets.token_urlsafe(8)
    identifier: str = st.session_state[_VIEWER]
    return identifier


def my_runs() -> list[RunView]:
    """This learner's training runs, oldest first."""
    return [run for run in get_manager().runs_of(owner_token()) if isinstance(run.config, TrainConfig)]


def run_names(runs: list[RunView], texts: TrainTexts) -> dict[str, str]:
    """What each run is called: the learner's name for it, else its number."""
    return {run.id: run.name or texts.unnamed.format(number=run.number) for run in runs}


def settings_text(config: TrainConfig, texts: SettingsTexts) -> str:
    """A config in one line: the network, the optimizer, and what differs from the defaults.

    >>> from lib.ui.lang import Lang
    >>> from lib.ui.texts.train import TRAIN_TEXTS
    >>> settings_text(TrainConfig(epochs=2), TRAIN_TEXTS[Lang.EN].settings)
    '784-50-10 ReLU · Adam 0.001 · batch 64 · 2 epochs'
    """
    parts = [
        f"{'-'.join(str(size) for size in config.layer_sizes)} {config.activation}",
        f"{config.optimizer} {config.learning_rate:g}",
        texts.batch.format(size=config.batch_size),
        texts.epochs[config.epochs > 1].format(count=config.epochs),
    ]
    if config.weight_decay:
        parts.append(texts.decay.format(decay=config.weight_decay))
    if config.seed != DEFAULTS.seed:
        parts.append(texts.seed.format(seed=config.seed))
    if config.train_share != DEFAULTS.train_share:
        parts.append(f"{config.train_share:.0%}")
    if config.device != DEFAULTS.device:
        parts.append(config.device)
    if isinstance(config, HandwritingConfig):
        parts.append(f"{config.start_name} → {config.digits} × {config.copies} + {config.mixed} MNIST")
    return " · ".join(parts)


def shown_run(texts: TrainTexts) -> Shown | None:
    """The run to show, its heartbeat given; explains an id that is not known."""
    manager = get_manager()
    in_address = st.query_params.get(_RUN)
    if in_address:
        shown = _look(manager, in_address)
        if shown is not None:
            return shown
        st.session_state[_NOTICE] = texts.unknown_run.format(run=in_address[:40].replace("`", "'"))
        del st.query_params[_RUN]
    mine = my_runs()
    # Whoever comes back to the page finds what is going on, else what was looked at last.
    if mine and in_address is None:
        st.query_params[_RUN] = mine[-1].id
        return _look(manager, mine[-1].id)
    return None


def _look(manager: RunManager, run_id: str) -> Shown | None:
    try:
        manager.watch(run_id, viewer())
        view = manager.snapshot(run_id)
        is_mine = manager.is_owner(run_id, owner_token())
    except UnknownRunError:
        return None
    return Shown(view, is_mine) if isinstance(view.config, TrainConfig) else None


def look_again(run_id: str) -> Shown | None:
    """The run as it is now; None where it is gone."""
    return _look(get_manager(), run_id)


def start_run(config: TrainConfig, texts: TrainTexts) -> None:
    """Start a run with these settings and put it into the address."""
    try:
        run_id = get_manager().submit(config, owner_token())
    except ActiveRunError as error:
        run_id = error.run_id
        st.session_state[_NOTICE] = texts.already_active
    except ManagerClosedError:
        st.session_state[_NOTICE] = texts.server_stopping
        return
    st.query_params[_RUN] = run_id


def show_notice() -> None:
    """What went wrong since the last run of the page, once."""
    notice = st.session_state.pop(_NOTICE, None)
    if notice:
        st.warning(notice)


def series_of(run: RunView, name: str) -> RunSeries:
    """A run as the charts take it."""
    assert isinstance(run.config, TrainConfig)
    return RunSeries(
        name=name,
        losses=run.losses,
        epochs=run.epochs,
        steps_per_epoch=run.config.steps_per_epoch,
        total_epochs=run.config.epochs,
    )
