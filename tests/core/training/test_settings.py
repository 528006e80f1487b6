"""Which settings of a training are refused and what the others add up to: limits to the last value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace

import pytest
import torch
from torch.utils.data import DataLoader
from torch.utils.flop_counter import FlopCounterMode

from lib.core.training.as_of import AsOfConfig
from lib.core.training.closer import CloserConfig, seconds_again, windows
from lib.core.training.config import (
    MAX_BATCH_SIZE,
    MAX_BATCH_VALUES,
    Activation,
    ConfigError,
    OptimizerKind,
    TrainConfig,
    largest_batch,
)
from lib.core.training.conv_block import TEXT_ALLOWED, ConvBlock, Pooling, blocks_from_json, parse_conv
from lib.core.training.model import build_model
from lib.core.training.picture_codec import due_steps

RUN = TrainConfig(epochs=3, train_share=0.1, batch_size=100, hidden=(20,))  # 180 steps, 60 an epoch
SMALL = (ConvBlock(1, 5, 0), ConvBlock(2, pool=Pooling.NONE, batch_norm=True))


def refused(make: Callable[..., object], *given: object, **settings: object) -> tuple[str, object, str]:
    with pytest.raises(ConfigError) as caught:
        make(*given, **settings)
    found = caught.value
    assert str(found) == f"{found.setting} = {found.value!r} is not possible; allowed: {found.allowed}"
    return found.setting, found.value, found.allowed


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("hidden", (1,) * 5, "0 to 4 layers"),
        ("activation", "Swish", "ReLU, Tanh, Sigmoid, GELU"),
        ("optimizer", "adam", "Adam, AdamW, SGD, SGD+momentum, Nesterov, RMSprop, Adagrad"),
        *(
            ("learning_rate", value, "above 0 to 10")
            for value in (0, -1, 10.01, math.nan, math.inf, True, "1")
        ),
        *(("batch_size", value, "1 to 4096, whole") for value in (0, 4097, 1.0, True, "8")),
        *(("epochs", value, "1 to 50, whole") for value in (0, 51)),
        *(("weight_decay", value, "0 to 1") for value in (-0.01, 1.01, math.nan, None)),
        *(("seed", value, "0 to 2147483647, whole") for value in (-1, 2**31)),
        *(("train_share", value, "0.01 to 1") for value in (0.0099, 1.01)),
        *(("device", value, "cpu, cuda:N, mps") for value in ("", 7)),
    ],
)
def test_a_setting_beyond_the_limits_is_named_with_them(name: str, value: object, allowed: str) -> None:
    given, shown = refused(TrainConfig, **{name: value})[:2], refused(TrainConfig, **{name: value})[2]
    assert given[0] == name
    assert given[1] == value or (value != value and given[1] != given[1])
    assert shown == allowed


@pytest.mark.parametrize("size", [0, 1025, 2.0, True])
def test_a_hidden_layers_size_is_refused_by_itself(size: object) -> None:
    assert refused(TrainConfig, hidden=(5, size)) == ("hidden", size, "1 to 1024, whole")


@pytest.mark.parametrize(
    ("settings", "name", "allowed"),
    [
        ({"channels": 0}, "channels", "1 to 64, whole"),
        ({"channels": 65}, "channels", "1 to 64, whole"),
        ({"channels": 1, "kernel": 8}, "kernel", "1 to 7, whole"),
        ({"channels": 1, "kernel": 0}, "kernel", "1 to 7, whole"),
        ({"channels": 1, "padding": 4}, "padding", "0 to 3, whole"),
        ({"channels": 1, "padding": -1}, "padding", "0 to 3, whole"),
        ({"channels": 1, "pool": "sum"}, "pool", "max, average, none"),
        ({"channels": 1, "batch_norm": 1}, "batch_norm", "true, false"),
    ],
)
def test_a_block_beyond_the_limits_is_named_with_them(
    settings: dict[str, object], name: str, allowed: str
) -> None:
    assert refused(ConvBlock, **settings) == (name, settings[name], allowed)


def test_stacks_that_are_refused() -> None:
    tiny = ConvBlock(1, 1, 0, Pooling.NONE)
    assert refused(TrainConfig, conv=(tiny,) * 5) == (
        "conv", "1k1n, 1k1n, 1k1n, 1k1n, 1k1n", "0 to 4 blocks",
    )  # fmt: skip
    assert TrainConfig(conv=(tiny,) * 4).is_convolutional
    large = (ConvBlock(64, pool=Pooling.NONE), ConvBlock(64))
    assert refused(TrainConfig, conv=large, batch_size=1) == ("conv", "64n, 64", "at most 16,000,000 MACs")
    shrunk = (ConvBlock(1, 7, 0), ConvBlock(1, 7, 0), ConvBlock(2, 3, 0))
    assert refused(TrainConfig, conv=shrunk) == ("conv", "1k7p0, 1k7p0, 2p0", "kernels that fit 2 × 2")
    for text, shown in (("8.x", "8.x"), ("8" * 61, "8" * 60), ("8.8.8.8.8", "8.8.8.8.8"), ("8x", "8x")):
        assert refused(parse_conv, text) == ("conv", shown, TEXT_ALLOWED)
    assert len(parse_conv("1.1.1n" + " " * 54)) == 3
    assert len(parse_conv("1k1n.1k1n.1k1n.1k1n")) == 4
    assert parse_conv("8k7")[0].padding == 3
    bad = [{"channels": 8, "stride": 2}]
    assert refused(blocks_from_json, bad) == ("conv", bad, TEXT_ALLOWED)


@pytest.mark.parametrize("conv", [(ConvBlock(32), ConvBlock(32)), (ConvBlock(8), ConvBlock(16)), SMALL])
def test_the_largest_batch_of_a_stack_is_let_through_and_no_larger_one(conv: tuple[ConvBlock, ...]) -> None:
    values = 0
    model = build_model(TrainConfig(conv=conv, hidden=(), batch_size=2))

    def count(_module: torch.nn.Module, _given: object, made: torch.Tensor) -> None:
        nonlocal values
        values += made[0].numel()

    kinds = (torch.nn.Conv2d, torch.nn.MaxPool2d)
    handles = [layer.register_forward_hook(count) for layer in model if isinstance(layer, kinds)]
    model(torch.zeros(2, 1, 28, 28))
    # Without pooling what comes out of a block is counted too.
    values += sum(each.block.channels * each.side_out**2 for each in TrainConfig(conv=conv, batch_size=2).conv_shapes
                  if each.block.pool is Pooling.NONE)  # fmt: skip
    assert len(handles) > 1
    most = min(MAX_BATCH_SIZE, MAX_BATCH_VALUES // values)
    assert largest_batch(conv) == most
    assert TrainConfig(conv=conv, batch_size=most).batch_size == most
    if most < MAX_BATCH_SIZE:
        assert refused(TrainConfig, conv=conv, batch_size=most + 1) == (
            "batch_size",
            most + 1,
            f"1 to {most}",
        )


def test_the_last_settings_that_are_let_through() -> None:
    config = TrainConfig(
        hidden=(1, 1024, 1, 1024),
        learning_rate=10,
        batch_size=4096,
        epochs=50,
        weight_decay=1,
        seed=2**31 - 1,
    )
    assert TrainConfig.from_dict(config.to_dict()) == config
    least = TrainConfig(
        hidden=(), learning_rate=1e-300, batch_size=1, epochs=1, weight_decay=0, train_share=0.01
    )
    assert least.total_steps == 600
    by_name = TrainConfig(activation="Tanh", optimizer="Nesterov")  # type: ignore[arg-type]
    assert by_name.activation is Activation.TANH
    assert by_name.optimizer is OptimizerKind.NESTEROV
    assert refused(TrainConfig.from_dict, {"hidden": [1], "colour": 3}) == (
        "colour", 3, ", ".join(sorted(each.name for each in fields(TrainConfig))),
    )  # fmt: skip


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(),
        TrainConfig(hidden=(), batch_size=7, train_share=0.013, epochs=3),
        TrainConfig(hidden=(30, 20), batch_size=4096, train_share=0.3333),
        TrainConfig(hidden=(6,), conv=SMALL, batch_size=600, train_share=0.01),
    ],
)
def test_a_config_adds_up_to_what_torch_makes_of_it(config: TrainConfig) -> None:
    model = build_model(config)
    linear = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    assert config.layer_sizes == (*(layer.in_features for layer in linear), linear[-1].out_features)
    assert config.parameter_count == sum(each.numel() for each in model.parameters())
    values = 28 * 28 + linear[0].in_features
    handles = [
        layer.register_forward_hook(lambda _module, _given, made: outputs.append(made[0].numel()))
        for layer in model
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d)
    ]
    outputs: list[int] = []
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(torch.zeros(1, 1, 28, 28))
    assert len(outputs) == len(handles)
    assert config.macs == counter.get_total_flops() // 2
    values += sum(outputs)
    # Float32: parameters, gradients and two buffers of the optimizer; three of each value of a batch.
    assert config.held_bytes == 16 * config.parameter_count + 12 * values * config.batch_size
    images = round(60_000 * config.train_share)
    assert config.train_images == images
    assert config.steps_per_epoch == len(DataLoader(range(images), batch_size=config.batch_size))  # type: ignore[arg-type]
    assert config.total_steps == config.epochs * config.steps_per_epoch


def test_no_two_settings_share_an_identity() -> None:
    others: dict[str, object] = {
        "hidden": (49,), "activation": Activation.GELU, "optimizer": OptimizerKind.SGD, "learning_rate": 0.002,
        "batch_size": 65, "epochs": 9, "weight_decay": 0.1, "seed": 1, "train_share": 0.5, "device": "cuda:0",
        "conv": SMALL, "softmax_first": True,
    }  # fmt: skip
    assert others.keys() == {each.name for each in fields(TrainConfig)}
    configs = [TrainConfig(), *(TrainConfig(**{name: value}) for name, value in others.items())]  # type: ignore[arg-type]
    assert len({config.identity for config in configs}) == len(configs)
    for config in configs:
        assert TrainConfig.from_dict(config.to_dict()) == config


def test_a_network_as_of_a_step() -> None:
    for step in (0, 37, 180):
        asked = AsOfConfig(RUN, step)
        assert (asked.total_steps, asked.identity) == (step, f"{RUN.identity}@{step}")
        assert (asked.steps_per_epoch, asked.device) == (60, "cpu")
    for other in (-1, 181, 1.0, True):
        assert refused(AsOfConfig, RUN, other) == ("step", other, "0 to 180, whole")


@pytest.mark.parametrize(
    ("given", "name", "allowed"),
    [
        ((-1, 5), "first", "0 to 180, whole"),
        ((181, 181), "first", "0 to 180, whole"),
        ((9, 8), "last", "9 to 180, whole"),
        ((9, 181), "last", "9 to 180, whole"),
        ((9, 12, -1), "every", "0 to 180, whole"),
        ((9, 12, 181), "every", "0 to 180, whole"),
    ],
)
def test_a_closer_look_beyond_the_run_is_refused(given: tuple[int, ...], name: str, allowed: str) -> None:
    value = given[("first", "last", "every").index(name)]
    assert refused(CloserConfig, RUN, *given) == (name, value, allowed)


def test_what_a_closer_look_looks_at() -> None:
    assert CloserConfig(RUN, 0, 180, every=180).steps == [0, 180]
    assert CloserConfig(RUN, 7, 20, every=4).steps == [7, 11, 15, 19]
    assert CloserConfig(RUN, 5, 5, every=4).steps == [5]
    own = CloserConfig(RUN, 98, 180)
    assert own.steps == [step for step in due_steps(180) if 98 <= step <= 180]
    assert own.steps[0] == 98
    assert own.steps[-1] == own.total_steps == 180
    for length in (1, 783, 785):
        assert refused(CloserConfig, RUN, 0, 1, digit=bytes(length)) == ("digit", length, "784 bytes")
    looks = [
        CloserConfig(RUN, 0, 9, 3), CloserConfig(RUN, 1, 9, 3), CloserConfig(RUN, 0, 8, 3), CloserConfig(RUN, 0, 9, 2),
        CloserConfig(replace(RUN, seed=5), 0, 9, 3), CloserConfig(RUN, 0, 9, 3, bytes(784)),
        CloserConfig(RUN, 0, 9, 3, bytes(783) + b"\1"),
    ]  # fmt: skip
    assert len({each.identity for each in looks}) == len(looks)
    assert looks[0].identity == CloserConfig(RUN, 0, 9, 3).identity == f"{RUN.identity}@0-9/3 "
    assert len(looks[-1].identity) == len(looks[0].identity) + 16


@pytest.mark.parametrize("pace", [0.1, 1.0, 2.0, 3.9, 4.0, 10.0, 99.0])
@pytest.mark.parametrize("total", [100, 180, 938, 9380])
def test_the_windows_of_a_pace(pace: float, total: int) -> None:
    every = max(1, math.floor(pace / 2))
    for step in range(0, total + 1, 13):
        found = windows(step, total, pace)
        assert len(found) == len(set(found)) <= 2
        for first, last, between in found:
            assert between == every
            assert first % (60 * every) == 0
            assert last == min(total, first + 59 * every)
            assert first < total
            assert last > 100, "to step 100 each step has a picture"
            assert last * 0.08 > every, "later on the run's own pictures are farther apart than these"
        own, following = step // (60 * every), round(step / (60 * every) + 1e-9)
        for place in {own, following}:
            first, last = place * 60 * every, min(total, place * 60 * every + 59 * every)
            wanted = last > 100 and last * 0.08 > every + 1e-9 and first < total
            assert ((first, last, every) in found) == wanted, (step, place)


def test_training_again_takes_as_long_as_it_took() -> None:
    assert seconds_again(RUN, 50, 2.0, 125) == 5.0
    assert seconds_again(RUN, 0, 9.0, 10) == pytest.approx(RUN.macs * 100 * 10 / 2e9)
