"""The settings of a run, as widgets bound to the address."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from lib.core.training import config as limits
from lib.core.training.config import Activation, ConfigError, OptimizerKind, TrainConfig
from lib.ui.address import Param, bound_choice, check_address, choice, number, whole
from lib.ui.devices import Device, devices
from lib.ui.frame import Frame, device_label
from lib.ui.texts.train import TrainTexts

DEFAULTS = TrainConfig()
MIN_LEARNING_RATE = 1e-6
PROBE_WAIT_SECONDS = 5.0
_LAST_GOOD_HIDDEN = "_last_good_hidden"
_HIDDEN_ALLOWED = f"0–{limits.MAX_HIDDEN_LAYERS} × 1–{limits.MAX_HIDDEN_SIZE}"


def parse_hidden(text: str) -> tuple[int, ...]:
    """Layer sizes from text: commas (also full-width ones) or spaces between them.

    >>> parse_hidden("128, 64"), parse_hidden("")
    ((128, 64), ())

    Raises: ConfigError where a size is not whole or not allowed.
    """
    parts = [part for part in re.split(r"[,，、\s]+", text.strip()) if part]
    # ascii alone: isdecimal takes the digits of all scripts; a long number would be slow to convert.
    if not all(part.isascii() and part.isdecimal() and len(part) <= 6 for part in parts):
        raise ConfigError("hidden", text, _HIDDEN_ALLOWED)
    sizes = tuple(int(part) for part in parts)
    TrainConfig(hidden=sizes)
    return sizes


def _is_hidden(text: str) -> bool:
    try:
        parse_hidden(text)
    except ConfigError:
        return False
    return True


def _params(device_names: Sequence[str], texts: TrainTexts) -> list[Param]:
    return [
        Param("hidden", _is_hidden, texts.hidden_allowed),
        choice("act", [*Activation]),
        choice("opt", [*OptimizerKind]),
        number("lr", MIN_LEARNING_RATE, limits.MAX_LEARNING_RATE),
        whole("batch", 1, limits.MAX_BATCH_SIZE),
        whole("epochs", 1, limits.MAX_EPOCHS),
        number("wd", 0, limits.MAX_WEIGHT_DECAY),
        whole("seed", 0, limits.MAX_SEED),
        whole("share", round(100 * limits.MIN_TRAIN_SHARE), 100),
        choice("device", device_names),
        number("smooth", 0, 0.99),
        choice("log", ["true", "false"]),
    ]


def controls(view: Frame, texts: TrainTexts) -> TrainConfig:
    """Draw the settings; returns the config that they make, always a possible one."""
    found = devices(wait_seconds=PROBE_WAIT_SECONDS)
    check_address("train", _params([device.name for device in found], texts), view.lang)
    hidden = _hidden(texts)
    activation, optimizer = _functions(texts)
    learning_rate, batch_size = _steps(texts)
    epochs = st.slider(texts.epochs, 1, limits.MAX_EPOCHS, DEFAULTS.epochs, key="epochs", bind="query-params")
    device = _device(texts, view, found)
    with st.expander(texts.more):
        weight_decay, seed, share = _more(texts)
    return TrainConfig(
        hidden=hidden,
        activation=activation,
        optimizer=optimizer,
        learning_rate=learning_rate,
        batch_size=batch_size,
        epochs=epochs,
        weight_decay=weight_decay,
        seed=seed,
        train_share=share / 100,
        device=device,
    )


def _functions(texts: TrainTexts) -> tuple[Activation, OptimizerKind]:
    left, right = st.columns(2)
    with left:
        activation = bound_choice(
            texts.activation,
            [*Activation],
            key="act",
            default=DEFAULTS.activation,
            format_func=str,
            widget="select",
        )
    with right:
        optimizer = bound_choice(
            texts.optimizer,
            [*OptimizerKind],
            key="opt",
            default=DEFAULTS.optimizer,
            format_func=str,
            widget="select",
        )
    return Activation(activation), OptimizerKind(optimizer)


def _number(label: str, low: float, high: float, default: float, *, key: str) -> float:
    return st.number_input(
        label,
        min_value=low,
        max_value=high,
        value=default,
        step=0.001,
        format="%.6g",
        key=key,
        bind="query-params",
    )


def _whole(label: str, low: int, high: int, default: int, *, key: str) -> int:
    return st.number_input(label, min_value=low, max_value=high, value=default, key=key, bind="query-params")


def _steps(texts: TrainTexts) -> tuple[float, int]:
    left, right = st.columns(2)
    with left:
        learning_rate = _number(
            texts.learning_rate, MIN_LEARNING_RATE, limits.MAX_LEARNING_RATE, DEFAULTS.learning_rate, key="lr"
        )
    with right:
        batch_size = _whole(texts.batch_size, 1, limits.MAX_BATCH_SIZE, DEFAULTS.batch_size, key="batch")
    return learning_rate, batch_size


def _more(texts: TrainTexts) -> tuple[float, int, int]:
    left, right = st.columns(2)
    with left:
        weight_decay = _number(
            texts.weight_decay, 0.0, limits.MAX_WEIGHT_DECAY, DEFAULTS.weight_decay, key="wd"
        )
    with right:
        seed = _whole(texts.seed, 0, limits.MAX_SEED, DEFAULTS.seed, key="seed")
    low = round(100 * limits.MIN_TRAIN_SHARE)
    share = st.slider(texts.share, low, 100, 100, key="share", bind="query-params")
    return weight_decay, seed, share


def _hidden(texts: TrainTexts) -> tuple[int, ...]:
    in_address = st.query_params.get("hidden")
    if "hidden" not in st.session_state and in_address is not None and not _is_hidden(in_address):
        # The message about the address says so already; the field starts with the default.
        st.session_state["hidden"] = _as_text(DEFAULTS.hidden)
        del st.query_params["hidden"]
    text = st.text_input(
        texts.hidden,
        value=_as_text(DEFAULTS.hidden),
        help=texts.hidden_help,
        key="hidden",
        bind="query-params",
        max_chars=40,
    )
    is_bad = False
    try:
        hidden = parse_hidden(text or "")
    except ConfigError:
        is_bad = True
        hidden = st.session_state.get(_LAST_GOOD_HIDDEN, DEFAULTS.hidden)
    st.session_state[_LAST_GOOD_HIDDEN] = hidden
    config = TrainConfig(hidden=hidden)
    sizes = " → ".join(str(size) for size in config.layer_sizes)
    if is_bad:
        shown = text.replace("`", "'")
        st.warning(texts.hidden_bad.format(value=shown, allowed=texts.hidden_allowed, used=sizes))
    st.caption(texts.network.format(sizes=sizes, count=f"{config.parameter_count:,}"))
    return hidden


def _as_text(hidden: Sequence[int]) -> str:
    return ", ".join(str(size) for size in hidden)


def _device(texts: TrainTexts, view: Frame, found: Sequence[Device]) -> str:
    labels = {device.name: device_label(device, view.texts) for device in found}
    return bound_choice(
        texts.device,
        list(labels),
        key="device",
        default=DEFAULTS.device,
        format_func=lambda name: f"{labels[name]} ({name})",
        widget="select",
    )
