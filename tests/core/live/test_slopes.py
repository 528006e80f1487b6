"""Slopes that the browser computes from a network's weights, against autograd; and how little is sent for them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lib.core.digits.classifier import load_classifier
from lib.core.digits.inside import look_inside
from lib.core.mnist import load_mnist
from lib.core.training.browser_network import browser_network
from lib.core.training.config import Activation, TrainConfig
from lib.core.training.model import build_model
from tests.core.live.browser_scripts import ask, packed


@pytest.mark.parametrize("hidden", [(), (12,), (9, 14, 6)])
@pytest.mark.parametrize("activation", list(Activation))
def test_slopes_are_autograds(hidden: tuple[int, ...], activation: Activation) -> None:
    torch.manual_seed(len(hidden))
    config = TrainConfig(hidden=hidden, activation=activation)
    weights = {name: value.numpy() for name, value in build_model(config).state_dict().items()}
    model = load_classifier(config, weights)
    pixels = (load_mnist().test_images[0].reshape(-1) / np.float32(255)).astype(np.float32)
    inside = look_inside(model, pixels)
    at = torch.from_numpy(pixels).double().requires_grad_()
    logits = model.double()(at.view(1, -1))[0]
    slopes = [torch.autograd.grad(logit, at, retain_graph=True)[0].numpy() for logit in logits]
    question = {
        "task": "slopes",
        "network": browser_network(config, weights),
        "derivatives": [packed(values) for values in inside.derivatives],
    }
    ours = ask({**question, "layer": len(hidden), "units": list(range(10))})
    np.testing.assert_allclose(ours, slopes, rtol=1e-9, atol=1e-12)
    if hidden:
        views = inside.units[:4]
        found = ask({**question, "layer": len(hidden) - 1, "units": [view.unit for view in views]})
        np.testing.assert_allclose(found, [view.slope for view in views], rtol=1e-9, atol=1e-12)
