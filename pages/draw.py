"""/draw: write a digit, see it prepared as MNIST's makers did, and look inside the network that reads it."""

from __future__ import annotations

import streamlit as st

from lib.core.codegen.digit_script import PICTURE, WEIGHTS, digit_script
from lib.core.digits.prepare import Prepared, prepare
from lib.core.lessons import load_lesson
from lib.core.mnist import MnistFileError
from lib.core.png import png_bytes
from lib.core.training.export import weights_safetensors
from lib.ui.address import check_address
from lib.ui.draw.answers import show_answers, show_inside, show_neighbours, show_stages
from lib.ui.draw.controls import address_params, choose_inside, choose_models
from lib.ui.draw.models import Model, available_models
from lib.ui.draw.robust import robustness
from lib.ui.draw.source import choose_source
from lib.ui.draw.tray import catch_up, keep_buttons, tray, tray_is_behind
from lib.ui.frame import frame
from lib.ui.runs.texts import RUN_TEXTS
from lib.ui.texts.draw import DRAW_TEXTS
from lib.ui.torch_once import fetch_torchvision, use_torch

view = frame("draw")
texts, run_texts = DRAW_TEXTS[view.lang], RUN_TEXTS[view.lang]
lesson = load_lesson("draw", view.lang)
use_torch()
fetch_torchvision()

catch_up()
st.title(texts.title)
st.markdown(lesson["intro"].body)


@st.fragment
def body() -> None:
    """What a lifted pen changes; the frame and the tray are left alone."""
    models = available_models(texts, run_texts)
    check_address("draw", address_params(texts, models), view.lang)
    if tray_is_behind():
        st.rerun()  # the tray below shows what was kept
    drawing, way, said = st.columns([300, 290, 330], gap="medium")
    with drawing:
        source = choose_source(texts)
        is_raw = st.toggle(texts.raw, key="raw", help=texts.raw_help, bind="query-params")
    with said:
        chosen = choose_models(texts, models)
        inside = choose_inside(texts, chosen)
    st.session_state["_inside_model"] = inside.id
    prepared = prepare(source.ink, raw=is_raw) if source is not None else None
    if source is None or prepared is None:
        with way:
            st.info(texts.empty_upload if st.session_state["source"] == "upload" else texts.empty)
        return
    from lib.core.digits.classifier import answer

    answers = [answer(model.network, prepared.pixels) for model in chosen]
    with way:
        show_stages(view, texts, prepared)
    with said:
        show_answers(view, texts, chosen, answers)
        keep_buttons(texts, prepared, is_drawn=source.is_drawn)
    st.caption(lesson["prepare"].body)
    main = answers[chosen.index(inside)]
    show_inside(view, texts, lesson, inside, prepared, main)
    try:
        show_neighbours(view, texts, lesson, inside, prepared, main.digit)
    except MnistFileError as error:
        st.error(
            run_texts.mnist_problem.format(path=error.path.name, reason=run_texts.file_reasons[error.reason])
        )
    st.fragment(robustness)(view, texts, lesson, inside, prepared.pixels, main.digit)
    code(inside, prepared, main.digit)


def code(model: Model, prepared: Prepared, digit: int) -> None:
    """The program for this digit and this network, with the two files that it reads."""
    st.markdown(f"**{view.texts.code_heading}**")
    st.markdown(f"{lesson['code'].body} {texts.code_note}")
    with st.container(horizontal=True):
        st.download_button(
            texts.download_digit,
            data=lambda: png_bytes(prepared.fed),
            file_name=PICTURE,
            mime="image/png",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            texts.download_weights,
            data=lambda: weights_safetensors(model.config, model.weights),
            file_name=WEIGHTS,
            mime="application/octet-stream",
            on_click="ignore",
            icon=":material/download:",
        )
    st.code(digit_script(model.config, digit), language="python")


body()
with st.container():
    models = available_models(texts, run_texts)
    st.fragment(tray)(
        view,
        texts,
        run_texts,
        lesson,
        models,
        models.get(st.session_state["_inside_model"], next(iter(models.values()))),
    )
