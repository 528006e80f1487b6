"""LeNet-5, as published in 1998 and as it is usually rewritten today.

Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, Proc. IEEE 1998.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.nets.graph import Builder, Network
from lib.core.nets.layers import (
    C3,
    Activation,
    AvgPool,
    Conv,
    Flatten,
    Function,
    Linear,
    Rbf,
    Subsample,
)


@dataclass(frozen=True)
class LeNetParts:
    """What differs between the two versions, each on its own.

    ``sparse_c3``: maps of C3 see some of S2's maps, not all. ``trained_pools``: a coefficient and a bias a map.
    ``rbf_output``: distances to fixed targets instead of a linear layer. ``scaled_tanh``: 1.7159 tanh(2x / 3).
    """

    sparse_c3: bool
    trained_pools: bool
    rbf_output: bool
    scaled_tanh: bool


OF_1998 = LeNetParts(sparse_c3=True, trained_pools=True, rbf_output=True, scaled_tanh=True)
POPULAR = LeNetParts(sparse_c3=False, trained_pools=False, rbf_output=False, scaled_tanh=False)


def lenet5(parts: LeNetParts = POPULAR, *, size: int = 32, classes: int = 10) -> Network:
    """LeNet-5 on one (1, size, size) picture.

    >>> from lib.core.nets.analysis import analyse
    >>> [analyse(lenet5(parts)).parameters for parts in (OF_1998, POPULAR)]
    [60000, 61706]
    """
    build = Builder((1, 1, size, size))
    squash = Activation(Function.SCALED_TANH if parts.scaled_tanh else Function.TANH)
    build.add("c1", Conv(6, (5, 5), in_channels=1), block="c1")
    build.add("act1", squash, block="c1")
    _pool(build, 2, parts)
    build.add("c3", C3 if parts.sparse_c3 else Conv(16, (5, 5), in_channels=6), block="c3")
    build.add("act3", squash, block="c3")
    _pool(build, 4, parts)
    build.add("flatten", Flatten(), block="c5")
    build.add("c5", Linear(120, in_features=400), block="c5")
    build.add("act5", squash, block="c5")
    build.add("f6", Linear(84, in_features=120), block="f6")
    build.add("act6", squash, block="f6")
    build.add("output", Rbf(classes) if parts.rbf_output else Linear(classes, in_features=84), block="output")
    return build.network()


def _pool(build: Builder, number: int, parts: LeNetParts) -> None:
    name = f"s{number}"
    build.add(name, Subsample() if parts.trained_pools else AvgPool(), block=name)
    if parts.trained_pools:
        squash = Function.SCALED_TANH if parts.scaled_tanh else Function.TANH
        build.add(f"act{number}", Activation(squash), block=name)
