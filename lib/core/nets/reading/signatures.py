"""What a learner's program may call: arguments as torch has them, and the explorer's layer that a call means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from lib.core.conv.layer import LayerError, NamedPadding, PaddingMode
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Function,
    Layer,
    Linear,
    MaxPool,
    Pair,
)

Word = TypeVar("Word", bound=StrEnum)
MUST = object()
"""An argument without a default."""
_SLIDING: dict[str, object] = {"kernel_size": MUST, "stride": None, "padding": 0}
_CONV: dict[str, object] = {
    "out_channels": MUST,
    "kernel_size": MUST,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "groups": 1,
    "bias": True,
    "padding_mode": "zeros",
}
MODULES: Mapping[str, Mapping[str, object]] = {
    "Conv2d": {"in_channels": MUST, **_CONV},
    "LazyConv2d": _CONV,
    "MaxPool2d": {**_SLIDING, "dilation": 1, "return_indices": False, "ceil_mode": False},
    "AvgPool2d": {**_SLIDING, "ceil_mode": False, "count_include_pad": True, "divisor_override": None},
    "AdaptiveAvgPool2d": {"output_size": MUST},
    "AdaptiveMaxPool2d": {"output_size": MUST, "return_indices": False},
    "BatchNorm2d": {
        "num_features": MUST,
        "eps": 1e-5,
        "momentum": 0.1,
        "affine": True,
        "track_running_stats": True,
    },
    "LazyBatchNorm2d": {"eps": 1e-5, "momentum": 0.1, "affine": True, "track_running_stats": True},
    "Dropout": {"p": 0.5, "inplace": False},
    "Flatten": {"start_dim": 1, "end_dim": -1},
    "Linear": {"in_features": MUST, "out_features": MUST, "bias": True},
    "LazyLinear": {"out_features": MUST, "bias": True},
    "ReLU": {"inplace": False},
    "LeakyReLU": {"negative_slope": 0.01, "inplace": False},
    "Sigmoid": {},
    "Tanh": {},
    "GELU": {"approximate": "none"},
    "SiLU": {"inplace": False},
    "Softmax": {"dim": None},
    "LogSoftmax": {"dim": None},
    "Identity": {},
}
"""Arguments of ``torch.nn``'s modules in their order, with their defaults."""
FUNCTIONS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "relu": ("ReLU", {"inplace": False}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": 0.01, "inplace": False}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "gelu": ("GELU", {"approximate": "none"}),
    "silu": ("SiLU", {"inplace": False}),
    "max_pool2d": ("MaxPool2d", {**_SLIDING, "dilation": 1, "ceil_mode": False, "return_indices": False}),
    "avg_pool2d": ("AvgPool2d", MODULES["AvgPool2d"]),
    "adaptive_avg_pool2d": ("AdaptiveAvgPool2d", {"output_size": MUST}),
    "adaptive_max_pool2d": ("AdaptiveMaxPool2d", {"output_size": MUST, "return_indices": False}),
    "dropout": ("Dropout", {"p": 0.5, "training": True, "inplace": False}),
    "flatten": ("Flatten", {"start_dim": 0, "end_dim": -1}),
    "softmax": ("Softmax", {"dim": None}),
    "log_softmax": ("LogSoftmax", {"dim": None}),
}
"""The same for functions of ``torch.nn.functional``, which take the input first."""
LEFT_OUT = frozenset({"Softmax", "LogSoftmax", "Identity"})
IGNORED = frozenset({"device", "dtype", "training"})
UNDRAWN = frozenset({"eps", "momentum", "negative_slope"})
"""Arguments that change neither shapes nor parameters, and are not drawn."""
ONLY_DEFAULT = frozenset(
    {
        "return_indices",
        "divisor_override",
        "affine",
        "track_running_stats",
        "approximate",
        "end_dim",
    }
)


def _pair(value: Any) -> Pair:
    """A number for both directions, or a pair; the layer refuses anything else."""
    both: Pair = (value, value) if isinstance(value, int) and not isinstance(value, bool) else value
    return both


def _conv(values: Mapping[str, Any]) -> Conv:
    padding, mode, named = values["padding"], values["padding_mode"], None
    if isinstance(padding, str):
        named = _member("padding", padding, NamedPadding)
        padding = 0
    return Conv(
        values["out_channels"],
        _pair(values["kernel_size"]),
        _pair(values["stride"]),
        _pair(padding),
        _pair(values["dilation"]),
        values["groups"],
        _flag("bias", values["bias"]),
        _member("padding_mode", mode, PaddingMode),
        named,
        values.get("in_channels"),
    )


def _member(name: str, value: Any, kind: type[Word]) -> Word:
    try:
        return kind(value)
    except ValueError:
        raise LayerError(name, value, ", ".join(kind)) from None


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise LayerError(name, value, "True, False")
    return value


def _sliding(values: Mapping[str, Any]) -> tuple[Pair, Pair, Pair]:
    kernel = _pair(values["kernel_size"])
    return kernel, kernel if values["stride"] is None else _pair(values["stride"]), _pair(values["padding"])


def _max_pool(values: Mapping[str, Any]) -> MaxPool:
    return MaxPool(*_sliding(values), _pair(values["dilation"]), _flag("ceil_mode", values["ceil_mode"]))


def _avg_pool(values: Mapping[str, Any]) -> AvgPool:
    ceil, counts = values["ceil_mode"], values["count_include_pad"]
    return AvgPool(*_sliding(values), _flag("ceil_mode", ceil), _flag("count_include_pad", counts))


def _dropout(values: Mapping[str, Any]) -> Dropout:
    p = values["p"]
    if (
        isinstance(p, bool)
        or not isinstance(p, int | float)
        or not 0 <= p <= 1
        or abs(100 * p - round(100 * p)) > 1e-9
    ):
        raise LayerError("p", p, "0, 0.01, …, 1")
    return Dropout(round(100 * p), _flag("inplace", values["inplace"]))


def _flatten(values: Mapping[str, Any]) -> Flatten:
    if values["start_dim"] != 1:
        raise LayerError("start_dim", values["start_dim"], "1")
    return Flatten()


def _linear(values: Mapping[str, Any]) -> Linear:
    return Linear(values["out_features"], _flag("bias", values["bias"]), values.get("in_features"))


def _activation(function: Function) -> Callable[[Mapping[str, Any]], Activation]:
    return lambda values: Activation(function, _flag("inplace", values.get("inplace", False)))


MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Layer]] = {
    "Conv2d": _conv,
    "LazyConv2d": _conv,
    "MaxPool2d": _max_pool,
    "AvgPool2d": _avg_pool,
    "AdaptiveAvgPool2d": lambda values: AdaptiveAvgPool(_pair(values["output_size"])),
    "AdaptiveMaxPool2d": lambda values: AdaptiveMaxPool(_pair(values["output_size"])),
    "BatchNorm2d": lambda values: BatchNorm(values["num_features"]),
    "LazyBatchNorm2d": lambda _: BatchNorm(),
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Linear": _linear,
    "LazyLinear": _linear,
    "ReLU": _activation(Function.RELU),
    "LeakyReLU": _activation(Function.LEAKY_RELU),
    "Sigmoid": _activation(Function.SIGMOID),
    "Tanh": _activation(Function.TANH),
    "GELU": _activation(Function.GELU),
    "SiLU": _activation(Function.SILU),
}
