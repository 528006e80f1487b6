"""The steering of /train: where the link to the pad leads, and Step without a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.jobs.views import RunStatus
from lib.lessons.draw.state import MODELS
from lib.lessons.train import live, shown
from lib.lessons.train.state import PAUSED, RUN
from lib.lessons.train.texts import TRAIN_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page

TEXTS = TRAIN_TEXTS[Lang.EN]
PLAIN, MAPS = TrainConfig(), TrainConfig(conv=(ConvBlock(8),))


class Links:
    """What st.page_link was told last."""

    said: tuple[str, dict[str, str]] | None = None

    def __call__(self, _file: str, *, label: str, icon: str, query_params: dict[str, str]) -> None:  # noqa: ARG002
        self.said = label, query_params


@pytest.mark.parametrize(
    ("status", "is_mine", "config", "digit", "said"),
    [
        (RunStatus.FINISHED, True, PLAIN, b"", (TEXTS.draw_for_network, True)),
        (RunStatus.FINISHED, True, PLAIN, b"drawn", (TEXTS.draw_for_network, True)),
        (RunStatus.FINISHED, True, MAPS, b"drawn", (TEXTS.draw_for_maps, True)),
        (RunStatus.FINISHED, False, MAPS, b"", (TEXTS.draw_own, False)),
        (RunStatus.RUNNING, True, PLAIN, b"", (TEXTS.draw_own, False)),
        (RunStatus.RUNNING, True, PLAIN, b"drawn", None),
    ],
)
def test_a_run_that_has_ended_is_taken_along_to_the_pad(
    status: RunStatus,
    is_mine: bool,
    config: TrainConfig,
    digit: bytes,
    said: tuple[str, bool] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links = Links()
    monkeypatch.setattr("streamlit.page_link", links)
    monkeypatch.setattr(live, "is_offered", lambda _run: True)
    run: Any = SimpleNamespace(is_mine=is_mine, config=config, view=SimpleNamespace(id="r1", status=status))
    view: Any = SimpleNamespace(lang=Lang.EN)
    live._draw_link(view, TEXTS, run, digit)
    if said is None:
        assert links.said is None
        return
    label, takes_it = said
    assert links.said == (label, {"lang": "en", **({MODELS.name: "r1"} if takes_it else {})})


def test_step_without_a_run_begins_one_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the switch says; Train heeds the switch."""
    begun: list[bool] = []

    class Manager:
        def submit(self, _config: TrainConfig, _owner: str, *, tempo: object, paused: bool) -> str:  # noqa: ARG002
            begun.append(paused)
            return "r1"

    at = open_page("train")
    step = at.button(key="act_step")
    assert not step.disabled
    assert at.button(key="act_epoch").disabled
    asked: list[bool] = []
    monkeypatch.setattr(live, "start_run", lambda *_args, is_paused=False: asked.append(is_paused))
    step.click().run()
    at.button(key="train").click().run()
    assert asked == [True, False]
    monkeypatch.setattr(shown, "get_manager", Manager)
    monkeypatch.setattr(shown, "owner_token", lambda: "a" * 22)
    state: Any = State({PAUSED: False})
    shown.start_run(state, PLAIN, TEXTS, is_paused=True)
    shown.start_run(state, PLAIN, TEXTS)
    assert begun == [True, False]
    assert state[RUN] == "r1"


class State(dict[Any, Any]):
    """Values by key, the speed the fastest."""

    def __missing__(self, key: object) -> Any:
        return SimpleNamespace(tempo=lambda _steps: None)

    def set(self, key: object, value: object) -> None:
        self[key] = value
