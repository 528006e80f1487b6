"""Each refusal is told by its reason and its numbers; that its words are PyTorch's is tested elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.core.conv.layer import POINT, Axis, Layer, LayerKind, NamedPadding, PaddingMode
from lib.core.conv.legality import Reason, problem_of
from tests.core.conv.cases import torch_refusal

FINE = Axis(9, 3)
CONV, TURNED = LayerKind.CONV2D, LayerKind.TRANSPOSED


def layer(kind: LayerKind, height: Axis = FINE, width: Axis = FINE) -> Layer:
    return Layer(kind, height, width)


SAME = replace(layer(CONV), named_padding=NamedPadding.SAME)
REFLECT = replace(layer(CONV), padding_mode=PaddingMode.REFLECT)
CIRCULAR = replace(layer(CONV), padding_mode=PaddingMode.CIRCULAR)
REFUSED = [
    (
        replace(layer(CONV), in_channels=4, out_channels=6, groups=3),
        Reason.GROUPS_IN,
        {"channels": 4, "groups": 3},
    ),
    (
        replace(layer(TURNED), in_channels=6, out_channels=4, groups=3),
        Reason.GROUPS_OUT,
        {"channels": 4, "groups": 3},
    ),
    (SAME.with_axes(Axis(9, 3, 1), Axis(9, 3, 3)), Reason.SAME_STRIDE, {"stride": 3}),
    (SAME.with_axes(Axis(9, 3, 2), Axis(9, 3, 1)), Reason.SAME_STRIDE, {"stride": 2}),
    (replace(layer(TURNED), padding_mode=PaddingMode.REFLECT), Reason.TRANSPOSED_MODE, {}),
    (
        REFLECT.with_axes(Axis(5, 3, 1, 5), Axis(6, 3, 1, 1)),
        Reason.REFLECT,
        {"padding": 5, "size": 5},
    ),
    (
        REFLECT.with_axes(Axis(5, 3, 1, 5), Axis(6, 3, 1, 7)),
        Reason.REFLECT,
        {"padding": 7, "size": 6},
    ),
    (
        CIRCULAR.with_axes(Axis(5, 3, 1, 1), Axis(6, 3, 1, 7)),
        Reason.CIRCULAR,
        {"padding": 7, "size": 6},
    ),
    (
        CIRCULAR.with_axes(Axis(5, 3, 1, 6), Axis(6, 3, 1, 6)),
        Reason.CIRCULAR,
        {"padding": 6, "size": 5},
    ),
    (layer(CONV, Axis(4, 5), Axis(4, 9)), Reason.KERNEL_TOO_LARGE, {"kernel": 9, "padded": 4}),
    (
        layer(CONV, Axis(3, 4, 1, 0, 2), Axis(9, 3)),
        Reason.KERNEL_TOO_LARGE,
        {"kernel": 7, "padded": 3},
    ),
    (
        layer(LayerKind.CONV1D, POINT, Axis(3, 9, 1, 2)),
        Reason.KERNEL_TOO_LARGE,
        {"kernel": 9, "padded": 7},
    ),
    (
        layer(TURNED, Axis(4, 3, 2, 0, 1, 1), Axis(4, 3, 2, 0, 1, 2)),
        Reason.OUTPUT_PADDING,
        {"output_padding": 2, "limit": 1},
    ),
    (
        layer(TURNED, Axis(4, 3, 1, 0, 3, 3), Axis(4, 3, 1, 0, 1, 0)),
        Reason.OUTPUT_PADDING,
        {"output_padding": 3, "limit": 2},
    ),
    (layer(TURNED, Axis(1, 2, 1, 3), Axis(4, 3)), Reason.OUTPUT_TOO_SMALL, {"output": -4}),
    (layer(TURNED, Axis(1, 2, 1, 1), Axis(4, 3)), Reason.OUTPUT_TOO_SMALL, {"output": 0}),
    (
        layer(LayerKind.MAX_POOL, Axis(9, 3, 3, 2), Axis(9, 3, 3, 1)),
        Reason.POOL_PADDING,
        {"padding": 2, "kernel": 3, "limit": 1},
    ),
    (
        layer(LayerKind.AVG_POOL, Axis(9, 5, 3, 2), Axis(9, 2, 3, 2)),
        Reason.POOL_PADDING,
        {"padding": 2, "kernel": 2, "limit": 1},
    ),
    (
        # Within half of what dilation makes of the kernel, beyond half of the kernel itself.
        layer(LayerKind.MAX_POOL, Axis(9, 3, 3, 2, 2), Axis(9, 3, 3, 1)),
        Reason.POOL_PADDING,
        {"padding": 2, "kernel": 3, "limit": 1},
    ),
    (layer(LayerKind.MAX_POOL, Axis(2, 4, 1), Axis(9, 3)), Reason.POOL_TOO_SMALL, {"output": -1}),
    (layer(LayerKind.AVG_POOL, Axis(9, 3), Axis(3, 4, 1)), Reason.POOL_TOO_SMALL, {"output": 0}),
]


@pytest.mark.parametrize(("refused", "reason", "details"), REFUSED)
def test_a_refusal_says_why_and_with_which_numbers(
    refused: Layer, reason: Reason, details: dict[str, int]
) -> None:
    problem = problem_of(refused)
    assert problem is not None
    assert (problem.reason, problem.details) == (reason, details)
    assert (problem.error, problem.message) == torch_refusal(refused)


def test_every_reason_is_among_them() -> None:
    assert {reason for _, reason, _ in REFUSED} == set(Reason)


@pytest.mark.parametrize(
    "legal",
    [
        SAME,
        REFLECT.with_axes(Axis(5, 3, 1, 4), Axis(6, 3, 1, 5)),
        CIRCULAR.with_axes(Axis(5, 3, 1, 5), Axis(6, 3, 1, 6)),
        layer(CONV, Axis(4, 4), Axis(4, 6, 1, 1)),
        layer(TURNED, Axis(4, 3, 2, 0, 1, 1), Axis(4, 3, 1, 0, 3, 2)),
        layer(TURNED, Axis(1, 3, 1, 1), Axis(4, 3)),
        layer(LayerKind.MAX_POOL, Axis(9, 4, 3, 2), Axis(9, 3, 3, 1)),
        layer(LayerKind.AVG_POOL, Axis(3, 3), Axis(4, 4)),
    ],
)
def test_the_last_legal_ones(legal: Layer) -> None:
    assert problem_of(legal) is None
    assert torch_refusal(legal) is None
