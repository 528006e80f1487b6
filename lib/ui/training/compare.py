"""The learner's runs side by side: a table, a choice of what lies on the charts, and what to do with each."""

from __future__ import annotations

import contextlib

import streamlit as st

from lib.core.training.config import TrainConfig
from lib.core.training.export import metrics_csv, metrics_json, seconds_to, weights_safetensors
from lib.core.training.handwriting import HandwritingConfig
from lib.jobs.manager import MAX_NAME, get_manager
from lib.jobs.views import NotOwnerError, RunView, UnknownRunError
from lib.ui.owner import owner_token
from lib.ui.texts.train import TrainTexts
from lib.ui.training.live import MAX_OVERLAY, OVERLAY
from lib.ui.training.runs import my_runs, run_names

TARGET_ACCURACY = 97.0
DEFAULTS = TrainConfig()


def settings_text(config: TrainConfig) -> str:
    """A config in one line: the network, the optimizer, and what differs from the defaults.

    >>> settings_text(TrainConfig(epochs=2))
    '784-50-10 ReLU · Adam 0.001 · batch 64 · 2 epochs'
    """
    parts = [
        f"{'-'.join(str(size) for size in config.layer_sizes)} {config.activation}",
        f"{config.optimizer} {config.learning_rate:g}",
        f"batch {config.batch_size}",
        f"{config.epochs} epochs",
    ]
    if config.weight_decay:
        parts.append(f"decay {config.weight_decay:g}")
    if config.seed != DEFAULTS.seed:
        parts.append(f"seed {config.seed}")
    if config.train_share != DEFAULTS.train_share:
        parts.append(f"{config.train_share:.0%}")
    if config.device != DEFAULTS.device:
        parts.append(config.device)
    if isinstance(config, HandwritingConfig):
        parts.append(f"{config.start_name} → {config.digits} × {config.copies} + {config.mixed} MNIST")
    return " · ".join(parts)


def compare(texts: TrainTexts) -> None:
    """Draw the table and its tools; nothing before the first run is over."""
    runs = [run for run in my_runs() if run.status.is_over]
    if not runs:
        return
    names = run_names(my_runs(), texts)
    st.subheader(texts.compare)
    st.caption(texts.compare_hint)
    st.pills(
        texts.on_charts,
        [run.id for run in runs][-MAX_OVERLAY - 1 :],
        selection_mode="multi",
        format_func=lambda run_id: names.get(run_id, run_id),
        key=OVERLAY,
    )
    st.dataframe([_row(run, names, texts) for run in runs], hide_index=True)
    with st.expander(texts.manage, key="manage"):
        _manage(runs, names, texts)


def _row(run: RunView, names: dict[str, str], texts: TrainTexts) -> dict[str, object]:
    assert isinstance(run.config, TrainConfig)
    return {
        texts.column_name: names[run.id],
        texts.column_config: settings_text(run.config),
        texts.column_status: texts.status[run.status],
        texts.column_accuracy: run.epochs[-1].test_accuracy if run.epochs else None,
        texts.column_seconds: round(run.seconds, 2),
        texts.column_to_97: _rounded(seconds_to(run.epochs, TARGET_ACCURACY)),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


def _manage(runs: list[RunView], names: dict[str, str], texts: TrainTexts) -> None:
    by_id = {run.id: run for run in runs}
    chosen = st.selectbox(
        texts.which_run,
        list(by_id)[::-1],
        format_func=lambda run_id: names.get(run_id, run_id),
        key=f"manage_run_{runs[-1].id}",  # a new run is what one wants to name or download
    )
    if chosen is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            texts.new_name,
            value=by_id[chosen].name or "",
            max_chars=MAX_NAME,
            key=_name_key(chosen),
            width=240,
        )
        st.button(texts.rename, on_click=_rename, args=(chosen,), icon=":material/edit:")
        st.button(texts.remove, on_click=_remove, args=(chosen,), icon=":material/delete:")
    _downloads(by_id[chosen], names[chosen], texts)


def _name_key(run_id: str) -> str:
    return f"name_{run_id}"


def _rename(run_id: str) -> None:
    name: str = st.session_state[_name_key(run_id)]
    with contextlib.suppress(UnknownRunError, NotOwnerError):  # it is gone: the table says so by itself
        get_manager().rename(run_id, owner_token(), name)


def _remove(run_id: str) -> None:
    with contextlib.suppress(UnknownRunError, NotOwnerError):  # gone already
        get_manager().remove(run_id, owner_token())
    if st.query_params.get("run") == run_id:
        del st.query_params["run"]


def _downloads(run: RunView, name: str, texts: TrainTexts) -> None:
    config = run.config
    assert isinstance(config, TrainConfig)
    stem = "".join(c if c.isalnum() else "-" for c in name) or "run"
    with st.container(horizontal=True):
        st.download_button(
            texts.csv,
            data=lambda: metrics_csv(run.losses, run.epochs, config.steps_per_epoch),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            texts.json,
            data=lambda: metrics_json(config, run.losses, run.epochs),
            file_name=f"{stem}.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
        )
        final = run.final
        if final is not None:
            st.download_button(
                texts.safetensors,
                data=lambda: weights_safetensors(config, final.weights),
                file_name=f"{stem}.safetensors",
                mime="application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
            )
