"""A learner's runs: whose they are, what they are called, what they were started with."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import conv_text
from lib.core.training.handwriting import HandwritingConfig
from lib.figures.training import RunSeries
from lib.jobs.manager import get_manager
from lib.jobs.views import RunView, UnknownRunError
from lib.ui.owner import owner_token
from lib.ui.runs.texts import RunTexts, SettingsTexts
from lib.ui.session import SESSION, VIEWER

DEFAULTS = TrainConfig()


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


def my_runs() -> list[RunView]:
    """This learner's training runs, oldest first."""
    return [run for run in get_manager().runs_of(owner_token()) if isinstance(run.config, TrainConfig)]


def run_names(runs: list[RunView], texts: RunTexts) -> dict[str, str]:
    """What each run is called: the learner's name for it, else its number."""
    return {run.id: run.name or texts.unnamed.format(number=run.number) for run in runs}


def settings_text(config: TrainConfig, texts: SettingsTexts) -> str:
    """A config in one line: the network, the optimizer, and what differs from the defaults.

    >>> from lib.ui.lang import Lang
    >>> from lib.ui.runs.texts import RUN_TEXTS
    >>> settings_text(TrainConfig(epochs=2), RUN_TEXTS[Lang.EN].settings)
    '784-50-10 ReLU · Adam 0.001 · batch 64 · 2 epochs'
    """
    linear = "-".join(str(size) for size in config.layer_sizes)
    parts = [f"conv {conv_text(config.conv)}"] if config.is_convolutional else []
    parts += [
        f"{linear} {config.activation}",
        f"{config.optimizer} {config.learning_rate:g}",
        texts.batch.format(size=config.batch_size),
        texts.epochs[config.epochs > 1].format(count=config.epochs),
    ]
    if config.weight_decay:
        parts.append(texts.decay.format(decay=config.weight_decay))
    if config.softmax_first:
        parts.append(texts.softmax)
    if config.seed != DEFAULTS.seed:
        parts.append(texts.seed.format(seed=config.seed))
    if config.train_share != DEFAULTS.train_share:
        parts.append(f"{config.train_share:.0%}")
    if config.device != DEFAULTS.device:
        parts.append(config.device)
    if isinstance(config, HandwritingConfig):
        parts.append(f"{config.start_name} → {config.digits} × {config.copies} + {config.mixed} MNIST")
    return " · ".join(parts)


def look_at(run_id: str) -> Shown | None:
    """The run as it is now, its heartbeat given; None where it is gone or no training run of this page's kind."""
    manager = get_manager()
    try:
        manager.watch(run_id, SESSION.now()[VIEWER])
        view = manager.snapshot(run_id)
        is_mine = manager.is_owner(run_id, owner_token())
    except UnknownRunError:
        return None
    return Shown(view, is_mine) if isinstance(view.config, TrainConfig) else None


def series_of(run: RunView, name: str) -> RunSeries:
    """A run as the charts take it."""
    assert isinstance(run.config, TrainConfig)
    return RunSeries(
        name=name,
        losses=run.losses,
        epochs=run.epochs,
        steps_per_epoch=run.config.steps_per_epoch,
        total_epochs=run.config.epochs,
        floor=run.config.loss_floor,
    )
