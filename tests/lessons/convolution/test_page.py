"""/convolution without a browser: settings, presets, corrections, the axes of their own."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lib.core.conv.layer import LayerKind
from lib.core.conv.presets import Preset, opening_layer
from lib.core.conv.settings import HEIGHT_KEYS
from lib.core.conv.shape import output_shape
from lib.core.lessons import load_lesson
from lib.lessons.convolution.texts import CONVOLUTION_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import assert_lives, open_page, run_code, shown_text


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", list(LayerKind))
def test_every_kind_shows_what_its_code_makes(kind: LayerKind, lang: str) -> None:
    at = open_page("convolution", kind=kind, W="9", F="3", S="2", P="1", lang=lang)
    _, printed = run_code(at)
    shape = printed.splitlines()[0]
    assert shape in shown_text(at)


@pytest.mark.parametrize("kind", list(LayerKind))
def test_a_kind_alone_opens_with_what_it_is_for(kind: LayerKind) -> None:
    chosen = open_page("convolution")
    chosen.button_group(key="kind").set_value(kind).run()
    opened = open_page("convolution", kind=kind)
    assert opened.code[-1].value == chosen.code[-1].value
    assert run_code(opened)[1].splitlines()[0].endswith(f"{output_shape(opening_layer(kind))[-1]}])")


def test_a_transposed_layer_with_another_kinds_numbers_comes_back_from_its_address() -> None:
    at = open_page("convolution", kind=LayerKind.TRANSPOSED, W="7", F="3", P="1", S="1")
    assert {key: at.query_params[key] for key in ("W", "F", "P", "S")} == {
        "W": "7",
        "F": "3",
        "P": "1",
        "S": "1",
    }
    again = open_page("convolution", **{key: str(value) for key, value in at.query_params.items()})
    assert again.code[-1].value == at.code[-1].value


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_sets_every_control_and_the_address(preset: Preset) -> None:
    at = open_page("convolution", own="true", H="9", FH="5")
    at.button_group(key="_preset").set_value(preset).run()
    assert_lives(at)
    address = {key: value for key, value in at.query_params.items() if isinstance(value, str)}
    assert not set(address) & set(HEIGHT_KEYS.values())
    again = open_page("convolution", **address)
    assert again.code[-1].value == at.code[-1].value


@pytest.mark.parametrize(
    ("query", "used"), [({"W": "9999"}, "256"), ({"F": "x"}, "3"), ({"S": "0"}, "1"), ({"P": "1e309"}, "10")]
)
def test_a_number_beyond_its_limit_becomes_the_nearest(query: dict[str, str], used: str) -> None:
    at = open_page("convolution", **query)
    ((key, value),) = query.items()
    assert f"`{key}={value}`" in at.warning[0].value
    assert f"`{used}`" in at.warning[0].value
    assert str(at.slider(key=key).value) == used


def test_axes_of_their_own_start_where_the_width_is_and_leave_the_address_again() -> None:
    at = open_page("convolution", W="12", F="5")
    at.toggle(key="own").set_value(True).run()
    assert (at.slider(key="H").value, at.slider(key="FH").value) == (12, 5)
    at.slider(key="H").set_value(8).run()
    assert at.query_params["H"] == "8"
    at.toggle(key="own").set_value(False).run()
    assert "H" not in at.query_params
    assert_lives(at)


def test_large_sizes_open_long_sliders() -> None:
    at = open_page("convolution", W="128")
    assert at.slider(key="W").max == 256
    at.toggle(key="large").set_value(False).run()
    assert (at.slider(key="W").max, at.slider(key="W").value) == (32, 32)


@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_of_a_whole_batch_says_so(lang: Lang) -> None:
    texts = CONVOLUTION_TEXTS[lang]
    alone = shown_text(open_page("convolution", lang=lang))
    assert texts.whole_batch not in alone
    assert "1 × 1 × 7 × 7 × (1 × 3 × 3) = 441" in alone
    at = open_page("convolution", N="4", lang=lang)
    assert shown_text(at).count(texts.whole_batch) == 2
    assert "4 × 1 × 7 × 7 × (1 × 3 × 3) = 1,764" in shown_text(at)


@pytest.mark.parametrize("strides", [(1, 1), (2, 1)])
def test_two_convolutions_in_a_row_are_one_with_a_larger_kernel_and_not_with_a_relu_between(
    strides: tuple[int, int],
) -> None:
    torch.manual_seed(0)
    first, second = nn.Conv2d(2, 3, 3, strides[0], 1).double(), nn.Conv2d(3, 4, 3, strides[1], 1).double()
    x = torch.randn(1, 2, 20, 20, dtype=torch.float64)
    side = 3 + 2 * strides[0]
    # The one kernel: how the middle output of the two depends on the input.
    size = x.shape[-1] // (strides[0] * strides[1])
    middle, cut = size // 2, 2
    x.requires_grad_()
    answers = second(first(x))[0, :, middle, middle]
    slopes = torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in answers])
    corner = middle * strides[0] * strides[1] - side // 2
    kernel = slopes[:, 0, :, corner : corner + side, corner : corner + side]
    assert slopes.count_nonzero() == kernel.count_nonzero() == kernel.numel()
    bias = second(first(torch.zeros_like(x)))[0, :, middle, middle]
    one = F.conv2d(x, kernel, bias, strides[0] * strides[1], padding=side // 2)

    def apart(two: torch.Tensor) -> tuple[float, float]:
        """How far from the one convolution: away from the edges, and anywhere."""
        gap = (two - one).abs()
        return gap[..., cut:-cut, cut:-cut].max().item(), gap.max().item()

    inside, anywhere = apart(second(first(x)))
    assert inside < 1e-12 < 1e-3 < anywhere
    assert apart(second(first(x).relu()))[0] > 0.1
    for lang in Lang:
        texts = CONVOLUTION_TEXTS[lang]
        shown = shown_text(open_page("convolution", lang=lang))
        assert load_lesson("convolution", lang)["conv_weights"].body in shown
        assert texts.more in load_lesson("convolution", lang)["conv_weights"].body
        assert "ReLU" in texts.relu


@pytest.mark.parametrize(
    ("kernels", "field"), [((3,), 3), ((5,), 5), ((3, 3), 5), ((3, 1), 3), ((3, 1, 5), 7)]
)
def test_the_window_is_the_field_of_the_first_layer_and_later_ones_see_more_where_f_is_above_one(
    kernels: tuple[int, ...], field: int
) -> None:
    layers = nn.Sequential(*(nn.Conv2d(1, 1, size, padding=size // 2) for size in kernels))
    x = torch.randn(1, 1, 21, 21, requires_grad=True)
    layers(x)[0, 0, 10, 10].backward()
    assert x.grad is not None
    assert x.grad.count_nonzero() == field * field
