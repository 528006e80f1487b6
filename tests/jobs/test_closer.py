"""A run looked at more closely: the run's own numbers, however a worker comes by them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.core.training.closer import CloserConfig, DigitReport, windows
from lib.core.training.config import ConfigError, TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.data import mnist_tensors
from lib.core.training.engine import Training, state_after
from lib.core.training.model import build_model
from lib.core.training.picture_codec import GROWTH, due_steps, unpacked
from lib.core.training.pictures import Draft
from lib.core.training.reports import FinalReport
from lib.jobs import closer, training
from lib.jobs.manager import RunManager
from lib.jobs.seen import Places, Seen
from lib.jobs.views import RunStatus
from tests.jobs.waiting import LONG

RUN = TrainConfig(epochs=3, train_share=0.1, batch_size=100, hidden=(20,))  # 180 steps, 60 an epoch
CNN = TrainConfig(
    epochs=1, train_share=0.02, batch_size=100, conv=(ConvBlock(4, batch_norm=True),), hidden=()
)


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that has done nothing yet."""
    seen, places = Seen(), Places()
    monkeypatch.setattr(closer, "SEEN", seen)
    monkeypatch.setattr(training, "SEEN", seen)
    monkeypatch.setattr(closer, "PLACES", places)


def digit() -> bytes:
    return mnist_tensors().test_images[3].numpy().tobytes()


def torchs_word(config: TrainConfig, step: int) -> np.ndarray:
    *_, final = state_after(config, step)
    assert isinstance(final, FinalReport)
    model = build_model(config).eval()
    model.load_state_dict({name: torch.tensor(values) for name, values in final.weights.items()})
    image = torch.frombuffer(bytearray(digit()), dtype=torch.uint8).float().div(255).view(1, 1, 28, 28)
    with torch.no_grad():
        return np.asarray(model(image).softmax(dim=1)[0].numpy())


@pytest.mark.parametrize("run", [RUN, CNN], ids=["MLP", "CNN"])
def test_what_it_says_of_a_digit_is_torchs_word_at_each_step(run: TrainConfig) -> None:
    found = closer.train(CloserConfig(run, 0, run.total_steps, digit=digit()), chunk_steps=lambda: 7)
    said = {each.step: each.probabilities for each in found if isinstance(each, DigitReport)}
    assert sorted(said) == due_steps(run.total_steps)
    for step in (0, 1, run.total_steps // 2, run.total_steps):
        nearest = max(each for each in said if each <= step)
        np.testing.assert_allclose(said[nearest], torchs_word(run, nearest), atol=1e-5)


def test_a_worker_that_has_trained_the_run_need_not_train_it_again() -> None:
    for report in training.train(RUN, chunk_steps=lambda: 30):
        if isinstance(report, Draft):
            report.finish()
    found = list(closer.train(CloserConfig(RUN, 0, RUN.total_steps, digit=digit()), chunk_steps=lambda: 7))
    assert all(isinstance(report, DigitReport) for report in found)
    again = {report.step: report.probabilities for report in found if isinstance(report, DigitReport)}
    np.testing.assert_allclose(again[RUN.total_steps], torchs_word(RUN, RUN.total_steps), atol=1e-5)


def test_a_stretch_has_the_runs_pictures_and_goes_on_where_another_ended() -> None:
    reports = Training(RUN).with_pictures(lambda: 5, range(RUN.total_steps + 1))
    levels, whole = None, {}
    for report in reports:
        if isinstance(report, Draft):
            picture = report.finish()
            levels = unpacked(picture, levels)
            whole[picture.step] = (levels, picture)
    begun = []
    for first, last in ((110, 119), (120, 129), (150, 180)):
        config = CloserConfig(RUN, first, last, every=1, digit=digit())
        found = list(closer.train(config, chunk_steps=lambda: 7))
        begun.append(next(each.steps_done for each in found if hasattr(each, "steps_done")))
        pictures = [each.finish() for each in found if isinstance(each, Draft)]
        assert [each.step for each in pictures] == config.steps
        assert [each.step for each in found if isinstance(each, DigitReport)] == config.steps
        levels = None
        for picture in pictures:
            levels = unpacked(picture, levels)
            expected_levels, expected = whole[picture.step]
            assert np.array_equal(levels, expected_levels)
            assert (picture.loss, picture.probabilities, picture.confusion) == (
                expected.loss,
                expected.probabilities,
                expected.confusion,
            )
    assert begun[0] <= 7
    assert begun[1] == 120
    assert begun[2] > 129


@given(st.integers(0, 50_000), st.integers(1, 50_000), st.sampled_from([0.5, 1.0, 10.0, 46.9, 100.0, 1000.0]))
def test_slow_readers_see_two_pictures_a_second(step: int, total: int, tempo: float) -> None:
    step = min(step, total)
    found = windows(step, total, tempo)
    every = max(1, int(tempo / 2))
    for first, last, apart in found:
        assert 0 <= first <= last <= total
        assert apart == every
    if not any(first <= step < last + every for first, last, _ in found):
        assert step == total or step <= 100 or step * (GROWTH - 1) <= every
    for first, last, apart in found:
        CloserConfig(TrainConfig(epochs=50, batch_size=20), first, last, apart)


def test_what_a_worker_keeps_is_bounded() -> None:
    seen = Seen(most_bytes=1000)
    seen.begin("a")
    for step in range(3):
        seen.note("a", step, {"w": torch.zeros(100)})
    assert seen.states("a") == {}
    places = Places(most_bytes=200_000)
    first = Training(RUN)
    for _ in range(20):
        places.put(first.state())
    assert places.before(RUN.identity, 5) is not None
    assert places.before("other", 5) is None
    assert sum(value.nbytes for each in places._states for value in each.tensors.values()) <= 200_000


def test_through_the_manager_and_impossible_ones(trainer: RunManager) -> None:
    run = trainer.submit(CloserConfig(RUN, 0, 180, digit=digit()), "closer")
    view = trainer.wait(run, lambda view: view.status is RunStatus.FINISHED, LONG)
    assert [each.step for each in view.reports if isinstance(each, DigitReport)] == due_steps(180)
    again = trainer.submit(CloserConfig(RUN, 100, 110, every=2), "closer")
    view = trainer.wait(again, lambda view: view.status is RunStatus.FINISHED, LONG)
    assert [each.step for each in view.pictures] == [100, 102, 104, 106, 108, 110]
    for wrong in ((0, 999, 1, b""), (5, 4, 1, b""), (0, 10, 0, b"abc")):
        with pytest.raises(ConfigError):
            CloserConfig(RUN, *wrong)
