"""The settings of the next run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from lib.core.training.config import MAX_MACS, ConfigError, TrainConfig, largest_batch
from lib.core.training.conv_block import IMAGE_SIDE, ConvBlock, Pooling
from lib.lessons.train.state import (
    ACTIVATION,
    BATCH_SIZE,
    CONV,
    DEVICE,
    EPOCHS,
    FULLY_CONNECTED,
    HIDDEN,
    LAST_OPTIMIZER,
    LEARNING_RATE,
    NETWORK,
    OPTIMIZER,
    SEED,
    SHARE,
    SOFTMAX,
    TABLE,
    WEIGHT_DECAY,
    NetworkKind,
    usual_decay,
    usual_rate,
)
from lib.lessons.train.texts import TrainTexts
from lib.ui.devices import devices
from lib.ui.frame import Frame, device_label
from lib.ui.state import Key, State, offers

STACKS = {
    "8, 16": ((ConvBlock(8), ConvBlock(16)), ()),
    "LeNet-5": ((ConvBlock(6, 5, 2, Pooling.AVERAGE), ConvBlock(16, 5, 0, Pooling.AVERAGE)), (120, 84)),
    "16, 32": ((ConvBlock(16), ConvBlock(32)), ()),
}
"""Blocks and hidden layers to begin with."""


def config_of(state: State) -> TrainConfig:
    """What the settings make of a training, always a possible one.

    Layers that are too much together are left out; a batch whose maps would not fit into memory is made smaller.
    """
    conv, hidden = _layers(state)
    try:
        network = TrainConfig(conv=conv, hidden=hidden, batch_size=1)
    except ConfigError:  # each part is possible, both together are not
        network = TrainConfig(conv=conv, hidden=(), batch_size=1)
    return replace(
        network,
        activation=state[ACTIVATION],
        optimizer=state[OPTIMIZER],
        learning_rate=state[LEARNING_RATE],
        batch_size=min(int(state[BATCH_SIZE]), largest_batch(conv)),
        epochs=state[EPOCHS],
        weight_decay=state[WEIGHT_DECAY],
        seed=state[SEED],
        train_share=state[SHARE] / 100,
        device=state[DEVICE],
        softmax_first=state[SOFTMAX],
    )


def _layers(state: State) -> tuple[tuple[ConvBlock, ...], tuple[int, ...]]:
    """Blocks of convolution, none for an MLP, and hidden layers."""
    if state[NETWORK] is NetworkKind.CNN:
        return state[CONV], state[FULLY_CONNECTED]
    return (), state[HIDDEN]


def controls(view: Frame, state: State, texts: TrainTexts) -> TrainConfig:
    """Draw the settings; returns what they make."""
    _network(state, texts)
    left, right = st.columns(2)
    with left:
        state.choice(ACTIVATION, texts.activation, widget="select", help=texts.activation_help)
    with right:
        optimizer = state.choice(
            OPTIMIZER, texts.optimizer, widget="select", help=texts.optimizer_help, on_change=follow_optimizer
        )
        state.set(LAST_OPTIMIZER, optimizer)
    left, right = st.columns(2)
    with left:
        state.number(
            LEARNING_RATE, texts.learning_rate, step=0.001, format="%.6g", help=texts.learning_rate_help
        )
    with right:
        state.number(BATCH_SIZE, texts.batch_size, help=texts.batch_size_help)
    state.slider(EPOCHS, texts.epochs, help=texts.epochs_help)
    labels = {device.name: device_label(device, view.texts) for device in devices()}
    state.choice(
        DEVICE,
        texts.device,
        format=lambda name: view.texts.aside.format(name=labels.get(name, name), note=name),
        widget="select",
        help=texts.device_help,
    )
    with st.expander(texts.more, expanded=state[SOFTMAX]):
        left, right = st.columns(2)
        with left:
            state.number(
                WEIGHT_DECAY, texts.weight_decay, step=0.001, format="%.6g", help=texts.weight_decay_help
            )
        with right:
            state.number(SEED, texts.seed, help=texts.seed_help)
        state.slider(SHARE, texts.share, help=texts.share_help)
        state.toggle(SOFTMAX, texts.softmax, help=texts.softmax_help)
    config = config_of(state)
    if config.batch_size < state[BATCH_SIZE]:
        st.warning(texts.batch_too_large.format(most=config.batch_size))
    return config


def follow_optimizer() -> None:
    """Another optimizer brings its usual learning rate and weight decay, where the learner has not set others."""
    now = TABLE.now()
    before, after = now[LAST_OPTIMIZER], now[OPTIMIZER]
    changes: dict[Key[Any], object] = {}
    if now[LEARNING_RATE] == usual_rate(before):
        changes[LEARNING_RATE] = usual_rate(after)
    if now[WEIGHT_DECAY] == usual_decay(before):
        changes[WEIGHT_DECAY] = usual_decay(after)
    TABLE.change(changes)


def _network(state: State, texts: TrainTexts) -> None:
    kind = state.choice(NETWORK, texts.kind, format=lambda kind: texts.kinds[kind], help=texts.kind_help)
    if kind is NetworkKind.CNN:
        state.text(CONV, texts.conv, help=texts.conv_help)
        offers(
            TABLE,
            "_stacks",
            texts.stacks,
            list(STACKS),
            changes=lambda name: {CONV: STACKS[name][0], FULLY_CONNECTED: STACKS[name][1]},
        )
        state.text(FULLY_CONNECTED, texts.hidden, help=texts.fully_connected_help)
    else:
        state.text(HIDDEN, texts.hidden, help=texts.hidden_help)
    network = config_of(state)
    if network.hidden != _layers(state)[1]:
        st.warning(texts.too_large.format(macs=f"{MAX_MACS:,}"))
    st.caption(texts.network.format(sizes=_sizes(network), count=f"{network.parameter_count:,}"))


def _sizes(network: TrainConfig) -> str:
    """The shapes of one image on its way through.

    >>> _sizes(TrainConfig(conv=(ConvBlock(8), ConvBlock(16)), hidden=()))
    '1×28×28 → 8×14×14 → 16×7×7 → 784 → 10'
    """
    maps = [f"{each.block.channels}×{each.side_out}×{each.side_out}" for each in network.conv_shapes]
    before = [f"1×{IMAGE_SIDE}×{IMAGE_SIDE}", *maps] if maps else []
    return " → ".join([*before, *map(str, network.layer_sizes)])
