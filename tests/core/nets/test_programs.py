"""The programs that the page hands out, executed; the repairs that it offers, tried; tables that add up."""

from __future__ import annotations

import contextlib
import importlib
import io
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import Phase, given, settings

from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.classics import Classic, classic
from lib.core.nets.effective import (
    MASS,
    EffectiveField,
    PaddingAloneError,
    TooLargeError,
    cached_weights,
    effective_field,
    side_of_mass,
)
from lib.core.nets.failures import Why
from lib.core.nets.fixes import fixes, nearest_size, smallest_size
from lib.core.nets.graph import INPUT, Network
from lib.core.nets.layers import Activation, Add, Conv, Dropout, Flatten, Function, Layer, Linear, MaxPool
from lib.core.nets.pictures import as_input, bundled_photo, square_photo
from lib.core.nets.program import program, text_table
from lib.core.nets.stack import MAX_ROWS, Stack, StackRow, general_stack, stack_of
from lib.core.torchvision_compat import import_torchvision
from lib.lessons.cnn.feed import WEIGHT_FILES
from tests.core.nets.cases import networks

STACKS = 200


def executed(code: str, *, on_meta: bool) -> str:
    """What a program prints, or the error that ends it."""
    printed = io.StringIO()
    names: dict[str, Any] = {}
    device = torch.device("meta") if on_meta else contextlib.nullcontext()
    with contextlib.redirect_stdout(printed), device:
        try:
            exec(compile(code, "program", "exec"), names)  # noqa: S102 - the page's own program
        except (ValueError, RuntimeError, IndexError, NotImplementedError) as error:
            return f"{type(error).__name__}: {error}"
    return printed.getvalue().strip()


@pytest.mark.parametrize("name", list(Classic))
def test_a_classics_program_prints_what_is_promised(name: Classic) -> None:
    written = program(analyse(classic(name)))
    assert executed(written.code, on_meta=name is not Classic.LENET5_1998) == written.printed


def test_googlenets_auxiliary_outputs_are_in_its_program() -> None:
    written = program(analyse(classic(Classic.GOOGLENET, aux=True).resized(batch=2)))
    assert executed(written.code, on_meta=True) == written.printed
    assert written.printed.startswith("13,004,888 parameters")


@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_programs_of_random_stacks_run_or_break_as_told() -> None:
    broke = 0

    @settings(max_examples=STACKS, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(networks(joins=True, overwriting=True))
    def agrees(network: Network) -> None:
        nonlocal broke
        found = analyse(network)
        written = program(found)
        broke += found.failure is not None
        assert executed(written.code, on_meta=False) == written.printed
        assert len(text_table(found, ["a", "b", "c", "d", "e", "f", "g"]).splitlines()) >= len(found.rows) + 2

    agrees()
    assert broke > STACKS / 30


def stack(*layers: Layer) -> Stack:
    return Stack(tuple(map(StackRow, layers)))


BROKEN: dict[str, tuple[Stack, int, Why]] = {
    "sigmoid, then in place": (
        stack(Conv(4), Activation(Function.SIGMOID), Activation(inplace=True), Activation(inplace=True)),
        8,
        Why.INPLACE,
    ),
    "dropout in place": (stack(Conv(4), Activation(), Dropout(50, inplace=True)), 8, Why.INPLACE),
    "features": (Stack((StackRow(Flatten()), StackRow(Linear(10, in_features=7)))), 8, Why.IN_FEATURES),
    "features of a picture": (Stack((StackRow(Linear(10, in_features=192)),)), 8, Why.IN_FEATURES),
    "channels": (Stack((StackRow(Conv(4)), StackRow(Conv(4, in_channels=3)))), 8, Why.IN_CHANNELS),
    "kernel": (Stack((StackRow(Conv(4, (11, 11))),)), 8, Why.KERNEL_TOO_LARGE),
    "pool": (general_stack(1, 4, 0, channels=3), 8, Why.POOL_TOO_SMALL),
    "pool padding": (Stack((StackRow(MaxPool(padding=(2, 2))),)), 8, Why.POOL_PADDING),
    "groups": (Stack((StackRow(Conv(4, groups=2)),)), 8, Why.GROUPS_IN),
    "flat": (Stack((StackRow(Flatten()), StackRow(Conv(4)))), 8, Why.NOT_SPATIAL),
    "skip": (Stack((StackRow(Conv(3)), StackRow(Add(), 0))), 8, Why.ADD_SIZES),
}


@pytest.mark.parametrize(("broken", "size", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_the_first_repair_leaves_nothing_broken(broken: Stack, size: int, why: Why) -> None:
    found = analyse(broken.network(size=size))
    assert found.failure is not None
    assert found.failure.problem.why is why
    offered = fixes(broken, size=size, batch=1, failure=found.failure)
    assert offered
    mended = analyse(offered[0].stack.network(size=size, batch=offered[0].batch))
    assert mended.failure is None
    written = program(mended)
    assert executed(written.code, on_meta=False) == written.printed


def test_repairs_of_random_stacks_make_progress() -> None:
    """Whatever breaks, the first repair lets the broken row run, or takes it away."""
    mended = 0

    @settings(max_examples=STACKS, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(networks(overwriting=True))
    def agrees(network: Network) -> None:
        nonlocal mended
        network = replace(network, input_shape=(*network.input_shape[:2], 9, 9))
        own, found = stack_of(network), analyse(network)
        if own is None or found.failure is None:
            return
        batch = network.input_shape[0]
        offered = fixes(own, size=9, batch=batch, failure=found.failure)
        assert offered, found.failure
        after = analyse(offered[0].stack.network(size=9, batch=offered[0].batch))
        assert after.failure is None or after.failure != found.failure
        mended += 1

    agrees()
    assert mended >= STACKS / 60


def test_the_nearest_size_is_the_nearest() -> None:
    for name, size in ((Classic.LENET5, 28), (Classic.ALEXNET, 40), (Classic.VGG16, 20)):
        network = classic(name, size=size)
        found = nearest_size(network, low=1, high=1024)
        assert found is not None
        assert analyse(network.resized(size=found)).failure is None
        between = range(min(size, found), max(size, found) + 1)
        assert all(analyse(network.resized(size=each)).failure for each in between if each != found)


def test_the_smallest_size_for_many_pools_is_the_smallest() -> None:
    network = general_stack(2, 6, 1).network(size=28)
    found = smallest_size(network, high=1024)
    assert found == 64
    assert smallest_size(general_stack(0, 6, 0).network(size=1), high=32) is None


def test_nothing_large_is_made_for_a_large_shape() -> None:
    """A network of 2048 pixels and 1024 pictures costs numbers alone."""
    network = replace(classic(Classic.VGG16, size=2048), input_shape=(1024, 3, 2048, 2048))
    found: Analysis = analyse(network)
    assert found.failure is None
    assert found.kept_bytes > 10**12


# --- the effective field --------------------------------------------------------------------------------------


def measured(network: Network, row: int) -> EffectiveField:
    shape = analyse(network).rows[row].shape
    picture = partial(as_input, square_photo(bundled_photo()))
    return effective_field(network, row, (shape[2] // 2, shape[3] // 2), picture)


def never(channels: int, size: int) -> Any:
    raise AssertionError(f"a picture of {channels} x {size} x {size} was made")


def test_the_effective_field_is_inside_the_theoretical_one() -> None:
    found = measured(classic(Classic.RESNET18, size=128), 68 - 6)
    assert found.side is not None
    assert found.ratio is not None
    assert 0 < found.ratio < 1
    assert found.heat.max() == 1
    assert found.heat.shape == (64, 64)
    again = measured(classic(Classic.RESNET18, size=128), 68 - 6)
    np.testing.assert_array_equal(found.heat, again.heat)


def test_a_linear_networks_effective_field_is_its_kernels() -> None:
    """Without activations the gradient does not depend on the picture: the convolved kernels, by autograd here."""
    network = general_stack(2, 0, 0, channels=1).network(size=28)
    rows = tuple(
        replace(row, inputs=(number - 1,)) for number, row in enumerate([network.rows[0], network.rows[2]])
    )
    plain = Network(network.input_shape, rows)
    found = measured(plain, 1)
    assert found.theoretical == 9
    touched = np.argwhere(found.heat > 0)
    assert touched.min() == 14 - 4
    assert touched.max() == 14 + 4
    assert found.side is not None
    assert found.side <= 9


def test_the_middle_of_a_unit_at_the_border_is_not_moved_into_the_picture() -> None:
    """One unit inside tells by autograd where its middle is; from there it is one jump a unit."""
    network = stack(*[Conv(1, (3, 3), stride=(2, 2), padding=(1, 1))] * 3).network(size=65)
    jump, inside = 8, (4, 4)
    found = effective_field(network, 2, inside, lambda c, s: np.ones((1, c, s, s), np.float32))
    touched = np.argwhere(found.heat > 0)
    assert found.middle == tuple((touched.min(axis=0) + touched.max(axis=0)) / 2)
    corner = effective_field(network, 2, (0, 1), lambda c, s: np.ones((1, c, s, s), np.float32))
    assert corner.middle == (found.middle[0] - 4 * jump, found.middle[1] - 3 * jump)
    assert corner.middle[0] == 0


def test_the_square_holds_its_share_and_a_smaller_one_does_not() -> None:
    generator = np.random.default_rng(0)
    heat = generator.random((41, 41)) ** 4
    side = side_of_mass(heat, (20.0, 20.0))
    assert side is not None

    def held(reach: int) -> float:
        return float(heat[20 - reach : 21 + reach, 20 - reach : 21 + reach].sum() / heat.sum())

    assert held((side - 1) // 2) >= MASS > held((side - 3) // 2)


def test_what_is_too_large_is_not_run() -> None:
    with pytest.raises(TooLargeError):
        measured(classic(Classic.VGG16, size=512), 30)
    network = classic(Classic.VGG16)
    with pytest.raises(TooLargeError):
        effective_field(network, len(network.rows) - 1, (0, 0), never)


def test_no_picture_is_made_for_an_input_that_is_too_large() -> None:
    wide = Stack((StackRow(Conv(1, (1, 1), stride=(8, 8))),), 4096).network(size=512)
    assert analyse(wide).output_bytes < 10**6
    with pytest.raises(TooLargeError):
        effective_field(wide, 0, (0, 0), never)


def test_a_gradient_that_would_be_written_outside_memory_is_not_asked_for() -> None:
    network = Stack((StackRow(MaxPool((2, 2), (1, 1), (1, 1), (3, 3))),), 1).network(size=2)
    with pytest.raises(PaddingAloneError):
        effective_field(network, 0, (0, 0), never)


def test_weights_that_lie_in_torchs_cache_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_torchvision()
    models: Any = importlib.import_module("torchvision.models")
    for name, file in WEIGHT_FILES.items():
        assert models.get_model_weights(name).IMAGENET1K_V1.url.rpartition("/")[2] == file
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    file = WEIGHT_FILES["resnet18"]
    assert cached_weights("checkpoints", file) is None
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.manual_seed(1)
    net = models.resnet18(weights=None).eval()
    torch.save(net.state_dict(), folder / file)
    network, picture = classic(Classic.RESNET18, size=64), np.ones((1, 3, 64, 64), np.float32)
    row = next(number for number, each in enumerate(network.rows) if each.name == "layer2.1.relu")
    found = effective_field(network, row, (3, 3), lambda *_: picture, cached_weights("checkpoints", file))
    assert found.pretrained
    x = torch.from_numpy(picture).requires_grad_()
    maps = net.layer2(net.layer1(net.maxpool(net.relu(net.bn1(net.conv1(x))))))
    (gradient,) = torch.autograd.grad(maps[:, :, 3, 3].sum(), x)
    expected = gradient.abs().sum(dim=(0, 1)).numpy()
    np.testing.assert_allclose(found.heat, expected / expected.max(), atol=1e-5)
    (folder / file).write_bytes(b"no weights")
    assert not effective_field(
        network, row, (3, 3), lambda *_: picture, cached_weights("checkpoints", file)
    ).pretrained


def test_the_longest_stack_is_analysed() -> None:
    longest = stack(*[Conv(8, padding=(1, 1))] * MAX_ROWS)
    found = analyse(longest.network(size=32))
    assert found.failure is None
    assert found.rows[-1].field.sizes == (2 * MAX_ROWS + 1,) * 2
    assert found.network.rows[0].inputs == (INPUT,)
