"""The engine on a GPU: it learns, its numbers are the CPU's but for rounding, and its own to the last bit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import safetensors.torch
import torch

from lib.core.training.config import Activation, OptimizerKind, TrainConfig
from lib.core.training.conv_block import ConvBlock, Pooling
from lib.core.training.conv_network import ConvNetwork
from lib.core.training.data import mnist_tensors
from lib.core.training.engine import Training, state_after, train
from lib.core.training.export import weights_safetensors
from lib.core.training.mnist_race import Entrant, MnistRaceConfig, Rule
from lib.core.training.model import build_model
from lib.core.training.picture_codec import unpacked
from lib.core.training.pictures import Draft, Reader
from lib.core.training.reports import EpochReport, FinalReport, Picture, StepsReport
from lib.core.training.side_by_side import race
from lib.core.training.state import TrainState
from lib.core.training.textbook import textbook_steps
from tests.core.training.loop import AsTensors
from tests.core.training.test_state import numbers
from tests.gpu import GPU, needs_gpu

pytestmark = needs_gpu

ROUNDING = 2e-4
"""Between two orders of adding up, as between the engine and the textbook on one CPU: float32 keeps 6e-8 of each
number, a loss is a sum of some hundred thousand of them, and each step starts from the last one's differences."""
FEW = 10
"""Steps in which a convolutional network keeps to that. Where two of a window's values are equal but for rounding,
the maximum, and with it a whole gradient, may be the other one's; Adam makes as much of a small gradient as of a
large one: after 50 steps the losses were 0.2 to 7 % apart, though each of them is right."""
RATES = {OptimizerKind.SGD: 0.05, OptimizerKind.MOMENTUM: 0.01, OptimizerKind.NESTEROV: 0.01}
SMALL = TrainConfig(hidden=(20, 15), batch_size=50, epochs=2, train_share=0.02, seed=3, device=GPU)
CNN = replace(
    SMALL,
    conv=(ConvBlock(6, batch_norm=True), ConvBlock(8, 5, 0, Pooling.AVERAGE)),
    hidden=(20,),
    activation=Activation.GELU,
)
BOTH = pytest.mark.parametrize("config", [SMALL, CNN], ids=["MLP", "CNN"])


def losses_of(config: TrainConfig, steps: int | None = None) -> np.ndarray:
    """The first minibatch losses of a run, (steps,); without ``steps`` all."""
    found: list[float] = []
    for report in train(config, chunk_steps=lambda: 10):
        if isinstance(report, StepsReport):
            found += report.losses.tolist()
        if steps is not None and len(found) >= steps:
            break
    return np.array(found[:steps])


def test_the_default_network_learns_mnist() -> None:
    *_, last, final = train(TrainConfig(device=GPU), chunk_steps=lambda: 1000)
    assert isinstance(last, EpochReport)
    assert isinstance(final, FinalReport)
    assert last.test_accuracy >= 97.0
    labels = mnist_tensors().test_labels.numpy()
    assert int((final.predictions == labels).sum()) == last.test_correct


def test_a_convolutional_network_learns_mnist() -> None:
    config = TrainConfig(conv=(ConvBlock(8), ConvBlock(16)), hidden=(), epochs=1, device=GPU)
    *_, last, _ = train(config, chunk_steps=lambda: 1000)
    assert isinstance(last, EpochReport)
    assert last.test_accuracy > 95.0


@pytest.mark.parametrize("optimizer", list(OptimizerKind))
def test_each_optimizer_follows_the_cpu(optimizer: OptimizerKind) -> None:
    rate = RATES.get(optimizer, 0.001)
    config = replace(SMALL, optimizer=optimizer, learning_rate=rate, weight_decay=0.01)
    expected = losses_of(replace(config, device="cpu"))
    np.testing.assert_allclose(losses_of(config), expected, rtol=ROUNDING, atol=ROUNDING)


@pytest.mark.parametrize("activation", list(Activation))
@BOTH
def test_each_activation_follows_the_cpu(config: TrainConfig, activation: Activation) -> None:
    config = replace(config, activation=activation, softmax_first=activation is Activation.TANH)
    steps = FEW if config.is_convolutional else None
    expected = losses_of(replace(config, device="cpu"), steps)
    np.testing.assert_allclose(losses_of(config, steps), expected, rtol=ROUNDING, atol=ROUNDING)


@BOTH
def test_the_engine_follows_the_textbook_there(config: TrainConfig) -> None:
    expected = [loss for _, loss in islice(textbook_steps(config, AsTensors()), 30)]
    np.testing.assert_allclose(losses_of(config, 30), expected, rtol=ROUNDING, atol=ROUNDING)


def test_convolutions_keep_all_bits() -> None:
    """Gradients of a first step against float64's on the CPU: TF32, which keeps 11 bits, is off by a hundredth."""
    config = TrainConfig(conv=(ConvBlock(16), ConvBlock(32, 5, 2)), hidden=(64,), device=GPU)
    data = mnist_tensors()
    rows, labels = data.train_images[:500], data.train_labels[:500]
    network = ConvNetwork(config)
    with torch.enable_grad():
        network.train_on(rows.to(GPU), labels.to(GPU))
    model = build_model(config).double()
    torch.nn.functional.cross_entropy(model(rows.double().div(255).view(-1, 1, 28, 28)), labels).backward()  # type: ignore[no-untyped-call]
    for (name, mine), expected in zip(network._model.named_parameters(), model.parameters(), strict=True):
        assert mine.grad is not None
        assert expected.grad is not None
        off = (mine.grad.cpu().double() - expected.grad).norm() / expected.grad.norm()
        assert float(off) < EXACT, name


EXACT = 3e-5
WIDE = TrainConfig(hidden=(1024,) * 4, batch_size=128, epochs=1, train_share=0.1, device=GPU)
DEEP = TrainConfig(
    conv=(ConvBlock(16, batch_norm=True), ConvBlock(32, 5, 2)),
    hidden=(64,),
    epochs=1,
    train_share=0.05,
    device=GPU,
)


@pytest.mark.parametrize("config", [SMALL, CNN, WIDE, DEEP], ids=["MLP", "CNN", "wide MLP", "deep CNN"])
def test_the_same_seed_gives_the_same_bits(config: TrainConfig) -> None:
    first = numbers(list(train(config, chunk_steps=lambda: 9)))
    assert numbers(list(train(config, chunk_steps=lambda: 1000))) == first
    assert numbers(list(train(replace(config, seed=4)))) != first


@pytest.mark.parametrize("optimizer", list(OptimizerKind))
@BOTH
def test_set_down_and_taken_up_the_numbers_are_the_same(
    config: TrainConfig, optimizer: OptimizerKind
) -> None:
    config = replace(config, optimizer=optimizer, weight_decay=0.01)
    told: list[StepsReport | EpochReport | FinalReport] = []
    training = Training(config)
    for place in (1, 13, config.steps_per_epoch, config.total_steps):
        for report in training.reports(up_to(place, training)):
            told.append(report)
            if isinstance(report, StepsReport) and report.steps_done == place < config.total_steps:
                break
        data = training.state().to_bytes()
        training = Training(config)
        training.restore(TrainState.from_bytes(data))
    assert numbers(told) == numbers(list(train(config)))


def up_to(place: int, training: Training) -> Callable[[], int]:
    return lambda: min(7, max(1, place - training.steps_done))


@BOTH
def test_trained_again_to_a_past_step(config: TrainConfig) -> None:
    training = Training(config)
    for _ in training.reports(up_to(17, training)):
        if training.steps_done == 17:
            break
    expected = training.finish()
    *_, again = state_after(config, 17)
    assert isinstance(again, FinalReport)
    assert all(np.array_equal(again.weights[name], expected.weights[name]) for name in expected.weights)


@BOTH
def test_weights_saved_there_load_on_the_cpu(config: TrainConfig) -> None:
    *_, final = train(config)
    assert isinstance(final, FinalReport)
    model = build_model(replace(config, device="cpu"))
    model.load_state_dict(safetensors.torch.load(weights_safetensors(config, final.weights)))
    with torch.no_grad():
        images = mnist_tensors().test_images.float().div(255).view(-1, 1, 28, 28)
        said = model.eval()(images).argmax(dim=1)
    assert int((said.numpy() == final.predictions).sum()) >= 9_990, "but for ties, within rounding"


@BOTH
def test_pictures_are_the_cpus(config: TrainConfig) -> None:
    """Finished in another thread, as a worker does it, while the training goes on."""
    mine, expected = recorded(config), recorded(replace(config, device="cpu"))
    assert [shot.step for shot in mine] == [shot.step for shot in expected] == list(range(49))
    assert all(shot.is_finite for shot in mine)
    levels = theirs = None
    compared = FEW if config.is_convolutional else len(mine)
    for one, other in zip(mine[:compared], expected[:compared], strict=True):
        levels, theirs = unpacked(one, levels), unpacked(other, theirs)
        assert np.abs(levels.astype(int) - theirs.astype(int)).max() <= 1
        shown = [np.frombuffer(each.probabilities, np.uint8).astype(int) for each in (one, other)]
        assert np.abs(shown[0] - shown[1]).max() <= 1
        counts = [np.frombuffer(each.confusion, "<i2").reshape(10, 10) for each in (one, other)]
        assert int(np.abs(counts[0] - counts[1]).sum()) <= 8


def recorded(config: TrainConfig) -> list[Picture]:
    shots: list[Picture] = []
    threads: list[threading.Thread] = []
    for report in Training(config).with_pictures(lambda: 5):
        if isinstance(report, Draft):
            before = threads[-1] if threads else None
            threads.append(threading.Thread(target=finish, args=(report, before, shots)))
            threads[-1].start()
    threads[-1].join()
    return shots


def finish(draft: Draft, before: threading.Thread | None, shots: list[Picture]) -> None:
    if before is not None:
        before.join()
    shots.append(draft.finish())


@BOTH
def test_a_digit_is_read_there(config: TrainConfig) -> None:
    digit = mnist_tensors().test_images[0].numpy().tobytes()
    said = []
    for device in (GPU, "cpu"):
        each = replace(config, device=device)
        state = Training(each)._network.memory
        said.append(Reader(each, digit).read(0, state).probabilities)
    np.testing.assert_allclose(said[0], said[1], atol=1e-5)


def test_a_race_follows_the_cpu() -> None:
    rules = (Entrant(Rule.MUON, 0.02), Entrant(Rule.ADAGRAD, 0.01), Entrant(Rule.NESTEROV, 0.01))
    config = MnistRaceConfig(rules, train_share=0.02, device=GPU)
    found = [report for each in (config, replace(config, device="cpu")) for report in race(each)]
    steps = [report.losses for report in found if hasattr(report, "losses")]
    mine, expected = np.concatenate(steps[: len(steps) // 2], 1), np.concatenate(steps[len(steps) // 2 :], 1)
    np.testing.assert_allclose(mine[1:], expected[1:], rtol=ROUNDING, atol=ROUNDING)
    np.testing.assert_allclose(mine[0], expected[0], rtol=0.05, atol=0.05)  # bfloat16 keeps three digits
