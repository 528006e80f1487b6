"""Runs whose results are everybody's, with a real manager: one at a time, one instead of another, why one ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings
from lib.jobs.views import RunStatus
from lib.ui.lang import Lang
from lib.ui.pages import ROOT
from lib.ui.runs import shared
from lib.ui.runs.shared import Refused, begin, begin_instead, end, end_text, is_active, latest, progress_text
from lib.ui.runs.texts import RUN_TEXTS
from lib.ui.session import VIEWER
from tests.jobs.works import CountConfig

SLOW = CountConfig(tag="slow", steps_per_epoch=100_000)
QUICK = CountConfig(tag="quick")


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunManager]:
    made = RunManager(ManagerSettings(cpu_workers=1, preload=()))
    monkeypatch.setattr(shared, "get_manager", lambda: made)
    monkeypatch.setattr(shared, "owner_token", lambda: "a" * 22)
    monkeypatch.setattr(shared, "SESSION", _Session())
    yield made
    made.close()


class _Session:
    def now(self) -> dict[object, str]:
        return {VIEWER: "tab"}


def test_one_run_at_a_time_and_one_instead_of_another(manager: RunManager) -> None:
    words = RUN_TEXTS[Lang.EN]
    assert latest(lambda _: True) is None
    assert begin(SLOW).refused is None
    assert begin(QUICK) == ("", Refused.BUSY)
    slow = latest(lambda config: config == SLOW)
    assert slow is not None
    assert is_active(slow)
    assert manager.snapshot(slow.id).viewers == 1  # looked at: not ended for want of viewers
    assert progress_text(slow, words).startswith(("training: step", "waiting for a free worker"))
    assert end_text(slow, words) == ""
    begin_instead(QUICK)
    slow = latest(lambda config: config == SLOW)
    assert slow is not None
    assert slow.status is RunStatus.STOPPED
    assert end_text(slow, words) == "The run was stopped. What it measured so far is kept."
    quick = latest(lambda config: config == QUICK)
    assert quick is not None
    end(quick)
    end(quick)  # over already: nothing to stop, and nothing said
    manager.close()
    assert begin(QUICK) == ("", Refused.STOPPING)


def test_what_torch_says_of_a_failure_is_shown_as_text_everywhere() -> None:
    sources = [path for path in (ROOT / "lib").rglob("*.py") if "reason.detail" in path.read_text("utf-8")]
    shown = [
        path.relative_to(ROOT).as_posix() for path in sources if "ui" in path.parts or "lessons" in path.parts
    ]
    assert shown == ["lib/ui/runs/shared.py"], "others go through end_text or show_end"
