"""A trained network as the browser's scripts take it. Imports no torch."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import Pooling

Floats = NDArray[np.float32]
_EPSILON = 1e-5
"""What ``nn.BatchNorm2d`` adds to a variance unless told otherwise."""


def browser_network(config: TrainConfig, weights: Mapping[str, Floats]) -> dict[str, Any]:
    """Layers and weights for ``assets/components/live/network.js``: plain JSON values.

    ``weights`` are named as in ``build_model(config).state_dict()``. A batch norm is folded into the kernels
    before it, with its running statistics, as ``eval()`` uses them. An index into ``layers`` is that of the
    same layer in ``build_model(config)`` less the batch norms before it.

    >>> from lib.core.training.bundled import CNN, bundled
    >>> made = browser_network(CNN.config, bundled(CNN).weights)
    >>> [layer["kind"] for layer in made["layers"]]
    ['conv', 'activation', 'pool', 'conv', 'activation', 'pool', 'flatten', 'linear']
    >>> len(base64.b64decode(made["weights"])) == 4 * CNN.config.parameter_count
    True
    """
    layers: list[dict[str, Any]] = []
    values: list[Floats] = []
    activation = {"kind": "activation", "name": str(config.activation)}
    number = 0  # of the layer in the state_dict
    for shape in config.conv_shapes:
        block = shape.block
        kernels, bias = weights[f"{number}.weight"], weights[f"{number}.bias"]
        if block.batch_norm:
            kernels, bias = _folded(kernels, bias, weights, number + 1)
        values += [kernels, bias]
        layers.append(
            {
                "kind": "conv",
                "inputs": shape.channels_in,
                "outputs": block.channels,
                "kernel": block.kernel,
                "padding": block.padding,
            }
        )
        layers.append(activation)
        if block.pool is not Pooling.NONE:
            layers.append({"kind": "pool", "how": str(block.pool)})
        number += 2 + block.batch_norm + (block.pool is not Pooling.NONE)
    layers.append({"kind": "flatten"})
    number += 1
    for i, (fan_in, fan_out) in enumerate(pairwise(config.layer_sizes)):
        if i:
            layers.append(activation)
        values += [weights[f"{number}.weight"], weights[f"{number}.bias"]]
        layers.append({"kind": "linear", "inputs": fan_in, "outputs": fan_out})
        number += 2
    flat = np.concatenate([each.reshape(-1) for each in values]).astype("<f4")
    return {"layers": layers, "weights": base64.b64encode(flat.tobytes()).decode("ascii")}


def _folded(kernels: Floats, bias: Floats, weights: Mapping[str, Floats], norm: int) -> tuple[Floats, Floats]:
    """Kernels and bias that give at once what a batch norm makes of the old ones' sums."""
    scale, shift, mean, variance = (
        weights[f"{norm}.{name}"].astype(np.float64)
        for name in ("weight", "bias", "running_mean", "running_var")
    )
    factor = scale / np.sqrt(variance + _EPSILON)
    return (
        (kernels * factor[:, None, None, None]).astype(np.float32),
        ((bias - mean) * factor + shift).astype(np.float32),
    )
