"""The code block, executed: it prints what it says, and it makes the numbers that the picture has."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.conv.code import Snippet, snippet
from lib.core.conv.data import fits_picture, named_kernel, picture_data, test_digits
from lib.core.conv.layer import Axis, Layer, LayerKind, worked_example
from lib.core.conv.legality import problem_of
from lib.core.conv.look import NAMED_KERNELS, Edit, InputKind, KernelKind, Look, parse_look
from lib.core.conv.presets import Preset, preset_layer
from tests.core.conv.cases import layers, legal_groups

PIXELS = test_digits()[0]
PLACE = st.integers(0, 5)
VALUE = st.sampled_from([-3.0, 0.5, 7.0, 12.0])


@st.composite
def looks(draw: st.DrawFn) -> Look:
    """Any input and kernel, with edits and a shift."""
    kind = draw(st.sampled_from(list(InputKind)))
    width = draw(st.integers(1, 9))
    row = st.text("0123456789", min_size=width, max_size=width)
    return Look(
        input=kind,
        number=draw(st.integers(0, 99)) if kind is InputKind.RANDOM else 0,
        drawn=tuple(draw(st.lists(row, min_size=1, max_size=9))) if kind is InputKind.DRAWN else (),
        kernel=draw(st.sampled_from(list(KernelKind))),
        shift=draw(st.sampled_from([(0, 0), (1, 0), (-2, 1)])),
        input_edits=tuple(draw(st.lists(st.builds(Edit, st.tuples(PLACE, PLACE, PLACE), VALUE), max_size=2))),
        weight_edits=tuple(
            draw(st.lists(st.builds(Edit, st.tuples(PLACE, PLACE, PLACE, PLACE), VALUE), max_size=2))
        ),
        channel=draw(st.sampled_from([0, 0, 1, 2, 40])),
    )


def run(made: Snippet) -> tuple[dict[str, Any], str]:
    """The names that the code leaves, and what it printed."""
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(made.code, names)  # noqa: S102 - our own code, the thing under test
    return names, printed.getvalue().strip()


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(layers().map(legal_groups), looks(), st.booleans())
def test_code_makes_the_pictures_numbers_and_prints_what_it_says(
    layer: Layer, look: Look, relu: bool
) -> None:
    made = snippet(layer, look, PIXELS, relu=relu)
    problem = problem_of(layer)
    if problem is not None:
        assert made.printed == f"{problem.error}: {problem.message}"
        transposed = layer.kind is LayerKind.TRANSPOSED
        with (
            torch.backends.mkldnn.flags(enabled=not transposed),
            pytest.raises((ValueError, RuntimeError)) as caught,
        ):
            run(made)
        assert (type(caught.value).__name__, str(caught.value)) == (problem.error, problem.message)
        return
    names, printed = run(made)
    assert printed.replace("-0.0", "0.0") == made.printed.replace("-0.0", "0.0")
    shown = picture_data(layer, look, PIXELS)
    assert names["x"].shape == layer.input_shape
    x, y = (names["x"][-1], names["y"][0]) if layer.batched else (names["x"], names["y"])
    np.testing.assert_array_equal(x.numpy().ravel(), shown.inputs.astype(np.float32).ravel())
    if shown.weight is not None:
        np.testing.assert_array_equal(names["layer"].weight.detach().numpy().ravel(), shown.weight.ravel())
    outputs = shown.outputs(layer).ravel()
    np.testing.assert_allclose(y.numpy().ravel(), outputs.clip(min=0) if relu else outputs, atol=1e-3)
    assert len(made.printed.splitlines()) > 1 or not fits_picture(layer)


@pytest.mark.parametrize("preset", list(Preset))
def test_presets_run(preset: Preset) -> None:
    layer = preset_layer(preset)
    names, printed = run(snippet(layer, Look(), PIXELS))
    assert printed.startswith(f"torch.Size({list(names['y'].shape)})")
    if preset is Preset.WORKED:
        assert layer == worked_example()
        assert "nn.Conv2d(3, 64, kernel_size=3, padding=1)" in snippet(layer, Look(), PIXELS).code
        assert list(names["y"].shape) == [32, 64, 128, 128]


def test_layers_too_large_for_the_picture_give_their_shape() -> None:
    axis = Axis(size=256, kernel=3)
    layer = Layer(LayerKind.CONV2D, axis, axis, in_channels=64, out_channels=2)
    assert not fits_picture(layer)
    made = snippet(layer, Look(), PIXELS)
    names, printed = run(made)
    assert made.printed == printed == f"torch.Size({list(names['y'].shape)})"


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("kind", list(InputKind))
def test_code_of_a_long_input_makes_the_pictures_numbers(kind: InputKind, channels: int) -> None:
    layer = Layer(LayerKind.CONV2D, Axis(41, 3), Axis(70, 5), in_channels=channels)
    edits = (Edit((0, 40, 69), -3.0), Edit((0, 41, 0), 5.0), Edit((channels, 0, 0), 5.0))
    drawn = ("0123456789", "9876543210") if kind is InputKind.DRAWN else ()
    look = Look(kind, drawn=drawn, input_edits=edits, shift=(2, -1))
    names, _ = run(snippet(layer, look, PIXELS))
    shown = picture_data(layer, look, PIXELS)
    np.testing.assert_array_equal(names["x"][0].numpy(), shown.inputs.astype(np.float32))
    np.testing.assert_allclose(names["y"][0].numpy(), shown.outputs(layer), atol=1e-3)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(looks())
def test_a_look_survives_the_address(look: Look) -> None:
    assert parse_look(look.text) == look


@pytest.mark.parametrize(
    "text",
    ["", "digit", "digit.0~sobel_x~0_0~", "digit.x~blur~0_0~~", "digit.0~blur.3~0_0~~", "digit.0~random~0_0~~",
     "ramp.1~blur~0_0~~", "drawn~blur~0_0~~", "drawn.12.1~blur~0_0~~", "drawn.１２~blur~0_0~~",
     "digit.0~blur~99_0~~", "digit.0~blur~0~~", "digit.0~blur~0_0~0_0_1~", "digit.0~blur~0_0~0_0_0_1e9~",
     "digit.0~blur~0_0~0_0_0_nan~", "digit.0~blur~0_0~~0_0_0_1", "digit.99999~blur~0_0~~", "~" * 5000,
     "drawn." + "z0" * 40 + "~blur~0_0~~", "ramp~blur~0_0~~~0", "ramp~blur~0_0~~~9999",
     "ramp~blur~0_0~~~1~2"],
)  # fmt: skip
def test_texts_that_describe_no_look_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="describes no input and kernel"):
        parse_look(text)


SOBEL = (KernelKind.SOBEL_X, KernelKind.SOBEL_Y)


def test_blur_keeps_a_flat_picture_and_sobel_finds_no_edge_in_it() -> None:
    for kind in NAMED_KERNELS:
        for side in (1, 2, 3, 5, 8):
            total = named_kernel(kind, side, side).sum()
            no_edge = kind is KernelKind.LAPLACIAN or (kind in SOBEL and side > 1)
            assert total == (0 if no_edge else 1)
            if kind not in SOBEL:
                folded = named_kernel(kind, side, 3).sum(axis=1)
                np.testing.assert_array_equal(named_kernel(kind, side, 1)[:, 0], folded)


def test_sobel_has_no_row_of_zeros_round_it_and_no_kernel_of_zeros() -> None:
    for height in range(1, 12):
        for width in range(1, 12):
            across = named_kernel(KernelKind.SOBEL_X, height, width)
            np.testing.assert_array_equal(named_kernel(KernelKind.SOBEL_Y, width, height), across.T)
            assert across[:, 0].all()
            assert across[:, -1].all()
            if width > 1:
                np.testing.assert_array_equal(across, -across[:, ::-1])
    np.testing.assert_array_equal(
        named_kernel(KernelKind.SOBEL_X, 3, 3), [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    )


def test_random_numbers_are_torchs() -> None:
    from lib.core.conv.data import torch_randint

    for seed in (0, 1, 9999):
        generator = torch.Generator().manual_seed(seed)
        expected = torch.randint(-2, 3, (2000,), generator=generator)
        np.testing.assert_array_equal(torch_randint(-2, 3, 2000, seed), expected.numpy())
