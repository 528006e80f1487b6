"""The settings of the next run."""

from __future__ import annotations

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.lessons.train.state import (
    ACTIVATION,
    BATCH_SIZE,
    DEVICE,
    EPOCHS,
    HIDDEN,
    LEARNING_RATE,
    OPTIMIZER,
    SEED,
    SHARE,
    WEIGHT_DECAY,
)
from lib.lessons.train.texts import TrainTexts
from lib.ui.devices import devices
from lib.ui.frame import Frame, device_label
from lib.ui.state import State


def controls(view: Frame, state: State, texts: TrainTexts) -> TrainConfig:
    """Draw the settings; returns the config that they make, always a possible one."""
    hidden = state.text(HIDDEN, texts.hidden, help=texts.hidden_help)
    network = TrainConfig(hidden=hidden)
    sizes = " → ".join(str(size) for size in network.layer_sizes)
    st.caption(texts.network.format(sizes=sizes, count=f"{network.parameter_count:,}"))
    left, right = st.columns(2)
    with left:
        activation = state.choice(ACTIVATION, texts.activation, widget="select")
    with right:
        optimizer = state.choice(OPTIMIZER, texts.optimizer, widget="select")
    left, right = st.columns(2)
    with left:
        learning_rate = state.number(LEARNING_RATE, texts.learning_rate, step=0.001, format="%.6g")
    with right:
        batch_size = state.number(BATCH_SIZE, texts.batch_size)
    epochs = state.slider(EPOCHS, texts.epochs)
    labels = {device.name: device_label(device, view.texts) for device in devices()}
    device = state.choice(
        DEVICE, texts.device, format=lambda name: f"{labels.get(name, name)} ({name})", widget="select"
    )
    with st.expander(texts.more):
        left, right = st.columns(2)
        with left:
            weight_decay = state.number(WEIGHT_DECAY, texts.weight_decay, step=0.001, format="%.6g")
        with right:
            seed = state.number(SEED, texts.seed)
        share = state.slider(SHARE, texts.share)
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
