"""Networks with convolutions: the engine against the textbook loop, and the config against PyTorch's modules."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from lib.core.digits.classifier import load_classifier, predict
from lib.core.mnist import load_mnist
from lib.core.training.bundled import CNN, bundled
from lib.core.training.config import (
    MAX_BATCH_SIZE,
    MAX_MACS,
    Activation,
    ConfigError,
    OptimizerKind,
    TrainConfig,
)
from lib.core.training.conv_block import ConvBlock, Pooling, block_shapes, conv_text, parse_conv
from lib.core.training.conv_network import ConvNetwork
from lib.core.training.data import mnist_tensors
from lib.core.training.engine import train
from lib.core.training.model import build_model
from lib.core.training.reports import StepsReport
from lib.core.training.textbook import textbook_steps
from tests.core.training.loop import AsTensors, engine_weights_after

BLOCKS = st.builds(
    ConvBlock,
    channels=st.integers(1, 6),
    kernel=st.integers(1, 5),
    padding=st.integers(0, 3),
    pool=st.sampled_from(Pooling),
    batch_norm=st.booleans(),
)
STACKS = st.lists(BLOCKS, min_size=1, max_size=3).map(tuple)
REFERENCE = TrainConfig(conv=(ConvBlock(8), ConvBlock(16)), hidden=(), epochs=1)


def small(blocks: tuple[ConvBlock, ...], **others: object) -> TrainConfig | None:
    """A config of these blocks, None where nothing is left of the picture."""
    try:
        return TrainConfig.from_dict(
            {"conv": [vars(each) for each in blocks], "train_share": 0.01, "hidden": (), **others}
        )
    except ConfigError:
        return None


def first_losses(config: TrainConfig, steps: int) -> list[float]:
    report = next(train(config, chunk_steps=lambda: steps))
    assert isinstance(report, StepsReport)
    return [float(loss) for loss in report.losses]


def test_three_hundred_steps_are_the_loops() -> None:
    expected = [loss for _, loss in islice(textbook_steps(REFERENCE, AsTensors()), 300)]
    losses = first_losses(REFERENCE, 300)
    assert len(losses) == 300
    np.testing.assert_allclose(losses, expected, rtol=0, atol=1e-3)
    assert losses[-1] < 0.5 * losses[0]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    blocks=STACKS,
    hidden=st.lists(st.integers(1, 12), max_size=2).map(tuple),
    activation=st.sampled_from(Activation),
    optimizer=st.sampled_from(OptimizerKind),
    batch_size=st.integers(2, 40),
    seed=st.integers(0, 2**31 - 1),
)
def test_any_stack_starts_as_the_textbook_does(
    blocks: tuple[ConvBlock, ...],
    hidden: tuple[int, ...],
    activation: Activation,
    optimizer: OptimizerKind,
    batch_size: int,
    seed: int,
) -> None:
    config = small(
        blocks, hidden=hidden, activation=activation, optimizer=optimizer, batch_size=batch_size, seed=seed
    )
    if config is None:
        return
    steps = min(6, config.steps_per_epoch)
    expected = [loss for _, loss in islice(textbook_steps(config, AsTensors()), steps)]
    np.testing.assert_allclose(first_losses(config, steps), expected, rtol=2e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("optimizer", "batch_norm"),
    # A bias before a batch norm has no gradient but rounding, of which Adam would make whole steps.
    [(OptimizerKind.ADAM, False), (OptimizerKind.SGD, True), (OptimizerKind.NESTEROV, True)],
)
def test_weights_and_running_statistics_are_the_textbooks(optimizer: OptimizerKind, batch_norm: bool) -> None:
    blocks = (ConvBlock(4, batch_norm=batch_norm), ConvBlock(6, 5, 0, Pooling.AVERAGE))
    config = TrainConfig(
        conv=blocks, hidden=(12,), optimizer=optimizer, batch_size=20, epochs=2, train_share=0.01
    )
    *_, (model, _) = textbook_steps(config, AsTensors())
    weights, _ = engine_weights_after(config, config.total_steps)
    state = model.state_dict()
    assert list(weights) == list(state)
    for name, tensor in state.items():
        np.testing.assert_allclose(weights[name], tensor.numpy(), rtol=1e-3, atol=5e-4, err_msg=name)
    if batch_norm:
        assert int(weights["1.num_batches_tracked"]) == config.total_steps


@settings(max_examples=60, deadline=None, derandomize=True)
@given(blocks=STACKS, activation=st.sampled_from(Activation))
def test_shapes_costs_and_answers_are_pytorchs(blocks: tuple[ConvBlock, ...], activation: Activation) -> None:
    config = small(blocks, hidden=(5,), activation=activation)
    try:
        model = None if config is None else build_model(config)
    except RuntimeError:
        model = None
    if config is None or model is None:
        with pytest.raises(ConfigError):
            TrainConfig(conv=blocks, hidden=(5,))
        return
    rows = mnist_tensors().test_images[:3]
    model.eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        expected = model(rows.float().div(255).view(-1, 1, 28, 28))
    assert config.macs == counter.get_total_flops() // (2 * 3)
    assert config.parameter_count == sum(parameter.numel() for parameter in model.parameters())
    with torch.no_grad():
        torch.testing.assert_close(ConvNetwork(config).logits(rows), expected, rtol=1e-4, atol=1e-5)
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    torch.testing.assert_close(load_classifier(config, weights)(rows / 255), expected)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(blocks=STACKS)
def test_text_and_dictionary_hold_all_of_a_stack(blocks: tuple[ConvBlock, ...]) -> None:
    config = small(blocks)
    if config is None:
        with pytest.raises(ConfigError):
            parse_conv(conv_text(blocks))
        return
    assert parse_conv(conv_text(blocks)) == blocks
    assert TrainConfig.from_dict(config.to_dict()) == config
    assert TrainConfig.from_dict(config.to_dict()).identity == config.identity


def test_an_mlps_identity_is_what_it_was_before_there_were_blocks() -> None:
    assert TrainConfig().identity == "d133155b4318dea8"
    assert "conv" not in TrainConfig().to_dict()
    assert REFERENCE.identity != TrainConfig(hidden=(), epochs=1).identity


@pytest.mark.parametrize(
    "text", ["", "8.", "8k9", "8k3p9", "65", "0", "8x", "8k7p0.8k7p0.8k7p0", "8.8.8.8.8", "８"]
)
def test_texts_that_are_no_stack_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_conv(text)


def test_blocks_may_shrink_a_picture_to_one_pixel_and_no_further() -> None:
    shrinking = [ConvBlock(3, 7, 0), ConvBlock(4, 5, 0), ConvBlock(2, 3, 0, Pooling.NONE)]
    shapes = block_shapes(shrinking)
    image = torch.zeros(1, 1, 28, 28)
    for shape in shapes:
        assert image.shape[1:] == (shape.channels_in, shape.side_in, shape.side_in)
        image = torch.nn.Conv2d(shape.channels_in, shape.block.channels, shape.block.kernel)(image)
        assert image.shape[-1] == shape.side_conv
        image = image if shape.block.pool is Pooling.NONE else torch.nn.functional.max_pool2d(image, 2)
    assert image.shape == (1, 2, 1, 1)
    assert shapes[-1].side_out == 1
    with pytest.raises(ConfigError, match="kernels that fit 1 × 1"):
        block_shapes([*shrinking, ConvBlock(2, 2, 0, Pooling.NONE)])


def test_what_would_take_all_memory_or_all_day_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="batch_size"):
        TrainConfig(conv=(ConvBlock(32), ConvBlock(32)), batch_size=MAX_BATCH_SIZE)
    with pytest.raises(ConfigError, match=f"{MAX_MACS:,}"):
        TrainConfig(conv=(ConvBlock(64, pool=Pooling.NONE), ConvBlock(64)), batch_size=1)
    most = TrainConfig(conv=(ConvBlock(8),), hidden=(5,)).macs
    monkeypatch.setattr("lib.core.training.config.MAX_MACS", most)
    TrainConfig(conv=(ConvBlock(8),), hidden=(5,))
    with pytest.raises(ConfigError, match=f"{most:,}"):
        TrainConfig(conv=(ConvBlock(8),), hidden=(6,))
    monkeypatch.undo()
    pytorchs_own_example = (ConvBlock(32, padding=0, pool=Pooling.NONE), ConvBlock(64, padding=0))
    assert TrainConfig(conv=pytorchs_own_example, hidden=(128,)).parameter_count == 1_199_882


def test_the_bundled_cnn_is_small_and_reads_988_of_1000() -> None:
    trained = bundled(CNN)
    assert CNN.path.stat().st_size < 100_000
    assert trained.config == CNN.config
    predictions = predict(load_classifier(trained.config, trained.weights), load_mnist().test_images)
    assert int((predictions == load_mnist().test_labels).sum()) >= 9880
