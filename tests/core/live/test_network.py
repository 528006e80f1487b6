"""The browser's forward pass against PyTorch's: every layer of any network that the page trains."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.core.mnist import load_mnist
from lib.core.training.browser_network import browser_network
from lib.core.training.bundled import CNN, MLP, Recipe, bundled
from lib.core.training.config import Activation, ConfigError, TrainConfig
from lib.core.training.conv_block import ConvBlock, Pooling
from lib.core.training.model import build_model
from tests.core.live.browser_scripts import ask, floats, packed

STACKS = st.lists(
    st.builds(
        ConvBlock,
        channels=st.integers(1, 9),
        kernel=st.integers(1, 7),
        padding=st.integers(0, 3),
        pool=st.sampled_from(Pooling),
        batch_norm=st.booleans(),
    ),
    max_size=3,
).map(tuple)


def digits(count: int) -> NDArray[np.float32]:
    return (load_mnist().test_images[:count].reshape(count, -1) / np.float32(255)).astype(np.float32)


def trained(config: TrainConfig) -> tuple[nn.Sequential, dict[str, NDArray[np.float32]]]:
    """A network whose batch norms have seen something, and its weights."""
    model = build_model(config)
    with torch.no_grad():
        for _ in range(3):
            model(torch.rand(8, 1, 28, 28))
    model.eval()
    return model, {name: value.numpy() for name, value in model.state_dict().items()}


def layers_of(model: nn.Sequential, pixels: NDArray[np.float32]) -> list[Tensor]:
    """Each layer's output (N, ...), that of a convolution after its batch norm."""
    values = torch.from_numpy(pixels).view(-1, 1, 28, 28)
    found: list[Tensor] = []
    with torch.no_grad():
        for layer in model:
            values = layer(values)
            if isinstance(layer, nn.BatchNorm2d):
                found.pop()
            found.append(values)
    return found


def assert_equal(config: TrainConfig, model: nn.Sequential, weights: dict[str, NDArray[np.float32]]) -> None:
    images = digits(2)
    answers = ask({"task": "forward", "network": browser_network(config, weights), "pixels": packed(images)})
    expected = layers_of(model, images)
    for i, said in enumerate(answers):
        assert len(said["layers"]) == len(expected)
        for ours, theirs in zip(said["layers"], expected, strict=True):
            np.testing.assert_allclose(floats(ours), theirs[i].reshape(-1).numpy(), rtol=1e-5, atol=1e-5)
        probabilities = expected[-1][i].softmax(dim=0).numpy()
        np.testing.assert_allclose(said["probabilities"], probabilities, atol=1e-6)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    blocks=STACKS,
    hidden=st.lists(st.integers(1, 20), max_size=2).map(tuple),
    name=st.sampled_from(Activation),
)
def test_every_layer_is_pytorchs(
    blocks: tuple[ConvBlock, ...], hidden: tuple[int, ...], name: Activation
) -> None:
    try:
        config = TrainConfig(conv=blocks, hidden=hidden, activation=name)
    except ConfigError:
        return
    assert_equal(config, *trained(config))


def test_the_bundled_networks_say_the_same_of_300_digits() -> None:
    images = digits(300)
    for recipe in (MLP, CNN):
        model = bundled_model(recipe)
        network = browser_network(recipe.config, bundled(recipe).weights)
        answers = ask({"task": "forward", "network": network, "pixels": packed(images)})
        with torch.no_grad():
            expected = model(torch.from_numpy(images).view(-1, 1, 28, 28)).numpy()
        ours = np.stack([floats(said["logits"]) for said in answers])
        np.testing.assert_allclose(ours, expected, atol=1e-4, rtol=0)


def bundled_model(recipe: Recipe) -> nn.Sequential:
    model = build_model(recipe.config)
    model.load_state_dict({name: torch.tensor(values) for name, values in bundled(recipe).weights.items()})
    return model.eval()


def test_what_a_learner_changes_is_what_pytorch_would_say_of_the_changed_network() -> None:
    images = digits(3)
    model = bundled_model(CNN)
    network = browser_network(CNN.config, bundled(CNN).weights)
    question = {"task": "forward", "network": network, "pixels": packed(images)}
    averaged = nn.Sequential(*(nn.AvgPool2d(2) if isinstance(each, nn.MaxPool2d) else each for each in model))
    linear = nn.Sequential(*(nn.Identity() if isinstance(each, nn.ReLU) else each for each in model))
    silenced = bundled_model(CNN)
    with torch.no_grad():
        silenced[0].weight[[1, 5]] = 0  # type: ignore[operator]
        silenced[0].bias[[1, 5]] = 0  # type: ignore[operator]
    changes: list[dict[str, object]] = [
        {"pooling": "average"},
        {"activations": False},
        {"silenced": [[0, [1, 5]]]},
    ]
    for changed, change in zip((averaged, linear, silenced), changes, strict=True):
        said = ask({**question, **change})
        for each, expected in zip(said, layers_of(changed, images)[-1], strict=True):
            np.testing.assert_allclose(floats(each["logits"]), expected.numpy(), atol=1e-4, rtol=1e-5)
