"""Reasons that add up: against the network itself and torch's own Jacobian."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from lib.core.digits.classifier import answer, load_classifier, predict
from lib.core.digits.inside import look_inside
from lib.core.mnist import load_mnist
from lib.core.training.bundled import bundled
from lib.core.training.config import Activation, TrainConfig
from lib.core.training.conv_block import ConvBlock, Pooling
from lib.core.training.model import build_model

SHAPES = ((), (20,), (16, 12), (9, 8, 7))


def network(hidden: tuple[int, ...], activation: Activation) -> torch.nn.Sequential:
    return build_model(TrainConfig(hidden=hidden, activation=activation, seed=3)).requires_grad_(False)


def some_pixels() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(load_mnist().test_images[11].reshape(-1) / 255, dtype=np.float32)


@pytest.mark.parametrize(("hidden", "activation"), list(product(SHAPES, Activation)))
def test_sums_and_slopes_are_the_networks(hidden: tuple[int, ...], activation: Activation) -> None:
    model, pixels = network(hidden, activation), some_pixels()
    inside = look_inside(model, pixels, units=5)
    np.testing.assert_allclose(inside.logits, answer(model, pixels).logits, atol=1e-5)
    np.testing.assert_allclose(inside.unit_terms.sum(axis=1) + inside.bias, inside.logits, atol=1e-12)
    np.testing.assert_allclose(
        inside.pixel_terms.sum(axis=1) + inside.pixel_constant, inside.logits, atol=1e-12
    )
    double = model.double()
    at = torch.from_numpy(pixels).double().view(1, -1)
    jacobian = torch.func.jacrev(lambda x: double(x)[0])(at)
    np.testing.assert_allclose(inside.slopes, jacobian.view(10, -1).numpy(), atol=1e-9)
    assert inside.is_exact is (activation is Activation.RELU or not hidden)
    assert len(inside.layers) == len(hidden)


@pytest.mark.parametrize("hidden", SHAPES[1:])
def test_units_are_the_most_active_and_their_slopes_make_their_sums(hidden: tuple[int, ...]) -> None:
    model, pixels = network(hidden, Activation.RELU), some_pixels()
    inside = look_inside(model, pixels, units=5)
    values = [abs(unit.value) for unit in inside.units]
    assert values == sorted(values, reverse=True)
    assert values[0] == np.abs(inside.layers[-1]).max()
    for unit in inside.units:
        assert unit.value == inside.layers[-1][unit.unit] == max(0.0, unit.total)
        assert unit.slope @ pixels + unit.constant == pytest.approx(unit.total)


def test_around_an_image_a_relu_network_is_the_linear_map_that_it_shows() -> None:
    model = load_classifier(bundled().config, bundled().weights)
    pixels = some_pixels()
    inside = look_inside(model, pixels)
    nearby = (pixels + np.float32(1e-4) * np.random.default_rng(0).standard_normal(784)).astype(np.float32)
    other = look_inside(model, nearby)
    assert np.array_equal(inside.layers[0] > 0, other.layers[0] > 0)
    np.testing.assert_allclose(inside.slopes @ nearby + inside.pixel_constant, other.logits, atol=1e-6)


def test_the_bundled_network_is_what_its_readme_says() -> None:
    model = load_classifier(bundled().config, bundled().weights)
    mnist = load_mnist()
    assert int((predict(model, mnist.test_images) == mnist.test_labels).sum()) == 9724


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.GELU])
@pytest.mark.parametrize("pool", list(Pooling))
def test_networks_with_maps_add_up_too(pool: Pooling, activation: Activation) -> None:
    config = TrainConfig(
        conv=(ConvBlock(3, batch_norm=True), ConvBlock(4, 5, 0, pool)), hidden=(7,), activation=activation
    )
    weights = {name: value.numpy() for name, value in build_model(config).state_dict().items()}
    model, pixels = load_classifier(config, weights), some_pixels()
    inside = look_inside(model, pixels)
    np.testing.assert_allclose(inside.logits, answer(model, pixels).logits, atol=1e-5)
    np.testing.assert_allclose(inside.unit_terms.sum(axis=1) + inside.bias, inside.logits, atol=1e-12)
    double = load_classifier(config, weights).double()
    at = torch.from_numpy(pixels).double()
    jacobian = torch.func.jacrev(lambda x: double(x)[0])(at)
    np.testing.assert_allclose(inside.slopes, jacobian.numpy(), atol=1e-12)
    assert inside.is_exact is (activation is Activation.RELU)
    step = 1e-7 * torch.from_numpy(inside.slopes[3])
    if inside.is_exact:
        again = inside.slopes @ (at + step).numpy() + inside.pixel_constant
        np.testing.assert_allclose(double(at + step)[0].numpy(), again, atol=1e-10)
