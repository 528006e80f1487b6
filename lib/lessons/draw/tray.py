"""The learner's own digits: kept with what they meant, read by every network, and learned from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lib.core.digits.prepare import Prepared
from lib.core.digits.tray import MAX_KEPT, KeptDigit, as_arrays, is_next_held_out, take_out, tray_zip
from lib.core.lessons import Section
from lib.core.mnist import MnistFileError
from lib.core.training.config import TEST_IMAGES
from lib.core.training.evaluate import confusion
from lib.core.training.handwriting import HandwritingConfig, fine_tune_config
from lib.figures.digits import Caption, digit_grid_html
from lib.figures.training import confusion_figure, confusion_reading
from lib.jobs.views import RunStatus
from lib.lessons.draw.desk import kept
from lib.lessons.draw.models import Model, mnist_correct
from lib.lessons.draw.source import clear_canvas
from lib.lessons.draw.state import (
    BUSY,
    MIXED,
    MIXED_COUNTS,
    MODELS,
    NOTICE,
    TABLE,
    TOLD,
    TRAY_SHOWN,
    TUNE_EPOCHS,
    TUNING,
)
from lib.lessons.draw.texts import DrawTexts
from lib.ui.components.chart import chart
from lib.ui.frame import Frame
from lib.ui.pages import page_info
from lib.ui.runs.runs import Shown, look_at
from lib.ui.runs.shared import REDRAW_SECONDS, Refused, begin, end_text, is_active, latest
from lib.ui.runs.texts import RunTexts
from lib.ui.state import Key, State, offers, plain_text
from lib.ui.texts.charts import CHART_TEXTS

HELD_OUT = " ◇"
"""Marks a digit that is never learned from."""


def keep_buttons(texts: DrawTexts, prepared: Prepared, *, is_drawn: bool) -> None:
    """One button a digit: it puts what the network got into the tray, and the next drawing can begin."""

    def keep(label: str) -> dict[Key[Any], object]:
        tray = kept().tray
        is_held_out = is_next_held_out(tray, int(label))
        digit = KeptDigit(prepared.fed.tobytes(), int(label), is_held_out)
        if digit in tray:
            return {NOTICE: texts.kept_already.format(digit=label, number=tray.index(digit) + 1)}
        if len(tray) >= MAX_KEPT:
            return {NOTICE: texts.tray_full.format(limit=MAX_KEPT)}
        tray.append(digit)
        if is_drawn:
            clear_canvas()
        return {NOTICE: texts.kept.format(digit=label, count=len(tray))}

    st.markdown(texts.meant, help=texts.meant_help)
    offers(TABLE, "_keep", texts.meant, [str(k) for k in range(10)], changes=keep)


def catch_up() -> None:
    """At the beginning of the page: the tray will show all that is kept; say what was kept, or why not."""
    notice = TABLE.now()[NOTICE]
    TABLE.change({TRAY_SHOWN: len(kept().tray), NOTICE: ""})
    if notice:
        st.toast(notice)


def tray_is_behind(state: State) -> bool:
    """Whether more was kept than the tray shows, or there is something to say."""
    return bool(state[NOTICE]) or state[TRAY_SHOWN] != len(kept().tray)


def tray(
    view: Frame,
    texts: DrawTexts,
    run_texts: RunTexts,
    lesson: dict[str, Section],
    models: Mapping[str, Model],
    chosen: Model,
) -> None:
    """All that can be done with the tray; ``chosen`` is the network whose readings stand below the digits."""
    st.header(texts.tray)
    st.markdown(lesson["tray"].body)
    digits = kept().tray
    with TABLE.read(view.lang, explains=False) as state:
        state.set(TRAY_SHOWN, len(digits))
        if not digits:
            st.info(texts.tray_empty, icon=":material/inbox:")
            return
        _follow(state)
        _digits(view, texts, digits, chosen)
        _tools(texts, digits)
        results, tuning = st.columns(2, gap="large")
        with results:
            _accuracies(texts, digits, models)
            _confusion(view, texts, digits, chosen)
        with tuning:
            _fine_tune(state, texts, run_texts, digits, models, chosen)
            every = REDRAW_SECONDS if _is_tuning(state) else None
            st.fragment(_progress, run_every=every)(view, texts, run_texts)


def _read(digits: list[KeptDigit], model: Model) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    from lib.core.digits.classifier import predict

    return predict(model.network, as_arrays(digits)[0])


def _digits(view: Frame, texts: DrawTexts, digits: list[KeptDigit], chosen: Model) -> None:
    images, labels = as_arrays(digits)
    captions = []
    for number, (label, prediction) in enumerate(zip(labels, _read(digits, chosen), strict=True), start=1):
        words = {"number": number, "label": label, "prediction": prediction if chosen.is_sound else "–"}
        is_held = digits[number - 1].held_out
        captions.append(
            Caption(
                text=texts.kept_caption.format(**words) + (HELD_OUT if is_held else ""),
                is_right=bool(label == prediction) if chosen.is_sound else None,
                alt=texts.kept_reading.format(**words) + (texts.kept_held if is_held else ""),
            )
        )
    st.html(digit_grid_html(images, captions, dark=view.dark))
    st.caption(texts.tray_legend.format(name=plain_text(chosen.name), sign=HELD_OUT))


def _tools(texts: DrawTexts, digits: list[KeptDigit]) -> None:
    def remove(key: str) -> dict[Key[Any], object]:
        return {} if take_out(digits, key) else {NOTICE: texts.gone}

    with st.container(horizontal=True, gap="small"):
        with st.popover(texts.remove_one, icon=":material/remove_circle:"):
            labels = {each.key: f"{i}: {each.label}" for i, each in enumerate(digits, start=1)}
            offers(
                TABLE,
                "_take_out",
                texts.remove_one,
                list(labels),
                changes=remove,
                format=lambda key: labels.get(key, key),
            )
        st.button(texts.remove_all, icon=":material/delete_sweep:", on_click=digits.clear)
        st.download_button(
            texts.download_tray,
            data=lambda: tray_zip(digits),
            file_name="own-digits.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )


def _accuracies(texts: DrawTexts, digits: list[KeptDigit], models: Mapping[str, Model]) -> None:
    held = [digit for digit in digits if digit.held_out]
    if not held:
        st.caption(texts.none_held_out)
        return
    st.caption(texts.held_out.format(held=len(held), total=len(digits)))
    labels = as_arrays(held)[1]
    lines = [f"| {texts.column_model} | {texts.column_own} | {texts.column_mnist} |", "|---|---|---|"]
    for model in models.values():
        name = plain_text(model.name)
        if not model.is_sound:
            lines.append(f"| {name} | {texts.diverged_short} | {texts.diverged_short} |")
            continue
        right = int((_read(held, model) == labels).sum())
        own = texts.column_own_count.format(
            right=right, total=len(labels), percent=f"{100 * right / len(labels):.1f}"
        )
        try:
            mnist = f"{100 * mnist_correct(model) / TEST_IMAGES:.2f} %"
        except MnistFileError:
            mnist = "–"
        lines.append(f"| {name} | {own} | {mnist} |")
    st.markdown("\n".join(lines))


def _confusion(view: Frame, texts: DrawTexts, digits: list[KeptDigit], chosen: Model) -> None:
    if not chosen.is_sound:
        return
    with st.expander(f"{texts.confusion}{view.texts.colon}{plain_text(chosen.name)}"):
        words = CHART_TEXTS[view.lang]
        matrix = confusion(as_arrays(digits)[1], _read(digits, chosen))
        chart(
            confusion_figure(matrix, words, dark=view.dark),
            key="own_confusion",
            alt=confusion_reading(matrix, words),
        )


def _fine_tune(
    state: State,
    texts: DrawTexts,
    run_texts: RunTexts,
    digits: list[KeptDigit],
    models: Mapping[str, Model],
    chosen: Model,
) -> None:
    st.markdown(f"**{texts.tune}**")
    sound = [model_id for model_id, model in models.items() if model.is_sound]
    if not sound:
        return
    base = st.selectbox(
        texts.tune_base,
        sound,
        index=sound.index(chosen.id) if chosen.id in sound else 0,
        format_func=lambda model_id: models[model_id].name,
        key="tune_base",
    )
    mixed = state.steps(MIXED, texts.tune_mixed, MIXED_COUNTS, help=texts.tune_mixed_help)
    epochs = state.slider(TUNE_EPOCHS, texts.tune_epochs)
    none_to_learn = all(digit.held_out for digit in digits)
    if none_to_learn:
        st.info(texts.tune_none)
    is_held_up = none_to_learn or _is_tuning(state)
    if st.button(texts.tune_start, type="primary", icon=":material/model_training:", disabled=is_held_up):
        _start(state, texts, run_texts, digits, models[base or sound[0]], mixed, epochs)
        st.rerun()
    if state[BUSY]:
        st.warning(state[BUSY])
        state.set(BUSY, "")


def _start(
    state: State,
    texts: DrawTexts,
    run_texts: RunTexts,
    digits: list[KeptDigit],
    base: Model,
    mixed: int,
    epochs: int,
) -> None:
    images, labels = as_arrays([digit for digit in digits if not digit.held_out])
    config = fine_tune_config(
        base.config, base.weights, base.name, images, labels, mixed=mixed, epochs=epochs
    )
    name = texts.tune_name.format(base=base.name, count=len(labels))
    run_id, refused = begin(config, name)
    if refused is None:
        state.set(TUNING, run_id)
    else:
        state.set(BUSY, texts.tune_busy if refused is Refused.BUSY else run_texts.refused[refused])


def _follow(state: State) -> None:
    """Whoever comes back to the page finds the fine-tuning that goes on."""
    if not state[TUNING]:
        run = latest(lambda config: isinstance(config, HandwritingConfig))
        if run is not None and is_active(run):
            state.set(TUNING, run.id)


def _tuning(state: State) -> Shown | None:
    return look_at(state[TUNING]) if state[TUNING] else None


def _is_tuning(state: State) -> bool:
    shown = _tuning(state)
    return shown is not None and not shown.view.status.is_over


def _progress(view: Frame, texts: DrawTexts, run_texts: RunTexts) -> None:
    with TABLE.read(view.lang, explains=False) as state:
        shown = _tuning(state)
        if shown is None:
            return
        run = shown.view
        if run.status.is_over and state[TOLD] != run.id:
            state.set(TOLD, run.id)
            if run.status is RunStatus.FINISHED:
                state.set(MODELS, (*state[MODELS], run.id))
            st.rerun()  # the whole page: the new network is there to be asked
        words = texts.tune_progress.format(step=f"{run.steps_done:,}", steps=f"{run.total_steps:,}")
        st.progress(run.progress, text=f"{run_texts.status[run.status]} · {words}")
        if reason := end_text(run, run_texts):
            st.error(texts.tune_failed.format(reason=reason))
        st.page_link(
            page_info("train").file,
            label=texts.tune_watch,
            icon=page_info("train").icon,
            query_params={"run": run.id, "lang": view.lang},
        )
