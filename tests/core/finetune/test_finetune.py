"""Fine-tuning: programs give the page's numbers, and what the page says of the modes holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from lib.core.codegen.finetune_script import resnet_script, script
from lib.core.finetune import recorded
from lib.core.finetune.batchnorm import CODE, Call, frozen_batch, replay
from lib.core.finetune.bundled import base_weights, weights_file
from lib.core.finetune.config import (
    COMPARED,
    HEAD,
    NEW_CLASSES,
    OLD_CLASSES,
    Base,
    FinetuneConfig,
    Mode,
    OwnDigits,
    parameter_shapes,
)
from lib.core.finetune.network import build
from lib.core.finetune.reports import ModeReport, PointReport
from lib.core.finetune.training import few_labels, own_images, train
from lib.core.mnist import load_mnist
from lib.core.training.config import ConfigError
from lib.core.training.reports import StepsReport
from tests.core.bundled import says_so
from tests.core.codegen.test_mnist_script import root  # noqa: F401  (a fixture)
from tests.core.programs import printed_by


def run(programs: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each program prints, beside the weights as it is told to be."""
    return printed_by(programs, weights_file(Base.PLAIN).parent, monkeypatch)


def reports_of(config: FinetuneConfig) -> tuple[dict[Mode, ModeReport], list[PointReport], list[StepsReport]]:
    reports = list(train(config, chunk_steps=lambda: 7))
    ends = {each.mode: each for each in reports if isinstance(each, ModeReport)}
    points = [each for each in reports if isinstance(each, PointReport)]
    return ends, points, [each for each in reports if isinstance(each, StepsReport)]


@pytest.fixture(scope="module")
def default() -> tuple[dict[Mode, ModeReport], list[PointReport], list[StepsReport]]:
    return reports_of(FinetuneConfig(steps=30))


def test_the_base_network_reads_the_old_digits() -> None:
    mnist = load_mnist()
    for base in Base:
        model = build(base, 5)
        model.load_state_dict({name: torch.from_numpy(v) for name, v in base_weights(base).items()})
        model.eval()
        kept = np.isin(mnist.test_labels, OLD_CLASSES)
        with torch.no_grad():
            answers = model(torch.from_numpy(mnist.test_images[kept] / np.float32(255))[:, None]).argmax(1)
        assert (answers.numpy() == mnist.test_labels[kept]).mean() > 0.98
        shapes = {name: tuple(each.shape) for name, each in model.named_parameters()}
        assert shapes == parameter_shapes(base, 5)


def test_every_step_is_reported_once(
    default: tuple[dict[Mode, ModeReport], list[PointReport], list[StepsReport]],
) -> None:
    _, points, steps = default
    config = FinetuneConfig(steps=30)
    assert sum(len(each.losses) for each in steps) == config.total_steps
    assert [each.first_step for each in steps[1:]] == [each.steps_done for each in steps[:-1]]
    for mode in Mode:
        assert tuple(each.step for each in points if each.mode is mode) == config.measured_steps


def test_a_trained_body_helps_in_the_first_steps(
    default: tuple[dict[Mode, ModeReport], list[PointReport], list[StepsReport]],
) -> None:
    _, points, _ = default
    at_fifteen = {each.mode: each.new for each in points if each.step == 15}
    assert at_fifteen[Mode.SCRATCH] < 0.7 < 0.76 < min(at_fifteen[Mode.PARTIAL], at_fifteen[Mode.FULL])


def test_what_moves_and_what_is_forgotten(
    default: tuple[dict[Mode, ModeReport], list[PointReport], list[StepsReport]],
) -> None:
    ends, points, _ = default
    partial, full, shared = (ends[mode] for mode in (Mode.PARTIAL, Mode.FULL, Mode.SHARED))
    assert {name for name, (change, _) in partial.moved.items() if change} == set(HEAD)
    assert all(change for change, _ in full.moved.values())
    assert partial.trainable == 5 * 784 + 5
    assert full.trainable == full.parameters
    # Frozen, and yet its batch norm counted every batch and its statistics moved.
    assert partial.batches[1] - partial.batches[0] == 30
    assert partial.running > 0
    assert ends[Mode.SCRATCH].old is None
    assert partial.old is not None
    assert partial.old > 0.98
    assert shared.old_before is not None
    assert shared.old is not None
    assert shared.old_before > 0.98 > 0.1 > shared.old
    kept = [each.old for each in points if each.mode is Mode.SHARED]
    assert kept[0] is not None
    assert kept[0] > 0.97


def test_a_sweep_has_one_end_for_each_number_and_mode_and_a_frozen_hidden_layer_loses_to_scratch() -> None:
    config = FinetuneConfig(labels=(10, 20), base=Base.HIDDEN, steps=100)
    reports = list(train(config, chunk_steps=lambda: 100))
    ends = {(each.labels, each.mode): each.new for each in reports if isinstance(each, ModeReport)}
    assert list(ends) == [(labels, mode) for labels in (10, 20) for mode in COMPARED]
    assert not any(isinstance(each, PointReport) for each in reports)
    # Made for the old task, the hidden layer is worth less than a new one.
    assert ends[10, Mode.PARTIAL] < ends[10, Mode.SCRATCH]


def test_few_labels_are_balanced_and_part_of_more() -> None:
    few, more = few_labels(10, 3), few_labels(25, 3)
    assert np.bincount(few.labels).tolist() == [10] * len(NEW_CLASSES)
    assert torch.equal(more.pictures[: len(few.pictures)], few.pictures)


def test_own_drawings_are_measured_on_those_held_out() -> None:
    mnist = load_mnist()
    held = bytes(number % 3 == 2 for number in range(60))
    own = OwnDigits(mnist.train_images[:60].tobytes(), mnist.train_labels[:60].tobytes(), held)
    task, measured = own_images(own)
    assert (len(task.labels), len(measured.labels)) == (40, 20)
    assert torch.equal(measured.labels, torch.from_numpy(mnist.train_labels[2:60:3].astype(np.int64)))
    ends, _, _ = reports_of(FinetuneConfig(own=own, steps=20))
    assert {each.tested for each in ends.values()} == {20}
    assert set(ends) == {Mode.SCRATCH, Mode.PARTIAL, Mode.FULL}


@pytest.mark.parametrize("held", [bytes(3), b"\1\1\1", b"\0\1"])
def test_drawings_must_be_split(held: bytes) -> None:
    with pytest.raises(ConfigError):
        OwnDigits(bytes(784 * 3), bytes(3), held)


@given(some.text(alphabet="tebf", max_size=12))
def test_batch_norm_moves_as_torchs(calls: str) -> None:
    model = build(Base.PLAIN, 5)
    model.load_state_dict({name: torch.from_numpy(v.copy()) for name, v in base_weights(Base.PLAIN).items()})
    model.requires_grad_(False)
    batch = torch.from_numpy(frozen_batch()[:, None] / np.float32(255))
    states = replay(calls)
    norm = model.get_submodule("bn1")
    for state in states:
        if state.call is not None:
            eval(CODE[state.call], {"model": model, "batch": batch})  # noqa: S307
        assert norm.training == state.is_training
        assert int(norm.num_batches_tracked) == state.batches  # type: ignore[arg-type]
        assert float(norm.running_mean[0]) == pytest.approx(state.mean, abs=1e-5)  # type: ignore[index]
        assert float(norm.running_var[0]) == pytest.approx(state.variance, rel=1e-4)  # type: ignore[index]


def test_a_frozen_norm_moves_until_it_is_told_not_to_and_train_undoes_that() -> None:
    moved = [state.moved for state in replay("tfbftf")[1:]]
    assert moved == [False, True, False, False, False, True]
    assert set(Call) == set(CODE)


@pytest.mark.parametrize(
    "settings",
    [
        {"labels": (9,)},
        {"labels": ()},
        {"steps": 5},
        {"old_rate": float("nan")},
        {"trainable": ("x",)},
        {"seed": -1},
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        FinetuneConfig(**settings)  # type: ignore[arg-type]


def test_the_programs_print_the_pages_numbers(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("MNIST_ROOT", str(root))
    config = FinetuneConfig(labels=(20,), steps=20, trainable=("conv2.bias", *HEAD))
    ends, _, _ = reports_of(config)
    printed = run([script(config, mode) for mode in Mode], monkeypatch)
    for mode, text in zip(Mode, printed, strict=True):
        lines = text.splitlines()
        assert float(lines[0].removeprefix("new task ")) == pytest.approx(ends[mode].new, abs=0.002), mode
        if mode is not Mode.SCRATCH:
            assert float(lines[1].removeprefix("old task ")) == pytest.approx(ends[mode].old, abs=0.002), mode


def test_the_resnet_programs_run(monkeypatch: pytest.MonkeyPatch) -> None:
    modes = (Mode.SCRATCH, Mode.PARTIAL, Mode.FULL)
    # The weights alone are a download: everything else runs as it is shown.
    programs = [
        resnet_script(mode, 1e-4, 1e-3).replace("models.ResNet18_Weights.DEFAULT", "None") for mode in modes
    ]
    everything = 11_689_512 - 1000 * 513 + 100 * 513
    learning = (everything, 100 * 513, everything)
    expected = [f"{count:,} of {everything:,} parameters learn\n" for count in learning]
    assert run(programs, monkeypatch) == expected
    assert all("pretrained" not in program for program in programs)


@pytest.mark.parametrize("content", [None, "nothing", '{"a": [{}]}', '{"a": [{"mode": "full", "step": 1}]}'])
def test_a_file_of_comparisons_that_is_missing_or_damaged_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    path = tmp_path / "recorded.json"
    monkeypatch.setattr(recorded, "FILE", path)
    says_so(path, content, recorded._stored.__wrapped__)
