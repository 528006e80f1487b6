"""The page: a digit, the way to the network's pixels, what the networks say of it and why, and the tray."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import streamlit as st

from lib.core.codegen.digit_script import PICTURE, WEIGHTS, digit_script
from lib.core.digits.classifier import Answer
from lib.core.digits.prepare import Prepared, prepare
from lib.core.digits.upload import UploadProblem
from lib.core.lessons import load_lesson
from lib.core.mnist import MnistFileError
from lib.core.png import png_bytes
from lib.core.training.bundled import bundled_problem
from lib.core.training.export import weights_safetensors
from lib.lessons.draw.answers import show_bars, show_inside, show_neighbours, show_stages
from lib.lessons.draw.controls import choose_inside, choose_models
from lib.lessons.draw.desk import kept
from lib.lessons.draw.models import Model, available_models
from lib.lessons.draw.robust import robustness
from lib.lessons.draw.source import PAD, Source, choose_source, draw_example
from lib.lessons.draw.state import INSIDE, MODELS, RAW, RECIPES, SOURCE, TABLE, Origin
from lib.lessons.draw.texts import DRAW_TEXTS, DrawTexts
from lib.lessons.draw.tray import catch_up, keep_buttons, tray, tray_is_behind
from lib.ui.boundary import show_bundled_file
from lib.ui.components.code import code_block
from lib.ui.components.digit_bars import is_sent
from lib.ui.components.live_feed import live_feed
from lib.ui.drawing import keep_drawing
from lib.ui.frame import Frame, frame
from lib.ui.runs.texts import RUN_TEXTS
from lib.ui.state import State
from lib.ui.torch_once import fetch_torchvision, use_torch


def show() -> None:
    """The page."""
    view = frame("draw")
    texts, run_texts = DRAW_TEXTS[view.lang], RUN_TEXTS[view.lang]
    lesson = load_lesson("draw", view.lang)
    use_torch()
    fetch_torchvision()
    catch_up()
    st.title(texts.title)
    st.markdown(lesson["intro"].body)
    body(view)
    with st.container():
        models = available_models(texts, run_texts)
        if not models:
            return
        now = TABLE.now()
        asked = [model_id for model_id in now[MODELS] if model_id in models] or [*models][:1]
        inside = now[INSIDE] if now[INSIDE] in asked else asked[0]
        st.fragment(tray)(view, texts, run_texts, lesson, models, models[inside])


@st.fragment
def body(view: Frame) -> None:
    """What a lifted pen changes; the frame and the tray are left alone."""
    texts = DRAW_TEXTS[view.lang]
    from lib.core.digits.classifier import answer

    models = available_models(texts, RUN_TEXTS[view.lang])
    for recipe in RECIPES.values():
        problem = bundled_problem(recipe)
        if problem is not None:
            show_bundled_file(problem)
    if not models:
        return
    with TABLE.read(view.lang) as state:
        if tray_is_behind(state):
            st.rerun()  # the tray below shows what was kept
        drawing, way, said = st.columns([300, 256, 280], gap="medium")
        with drawing:
            source = _source(state, texts)
            is_raw = state.toggle(RAW, texts.raw, help=texts.raw_help)
        with said:
            chosen = choose_models(state, texts, models)
            inside = choose_inside(state, texts, chosen)
            show_bars(view, texts, chosen)
        prepared = prepare(source.ink, raw=is_raw) if source is not None else None
        answers = [] if prepared is None else [answer(model.network, prepared.pixels) for model in chosen]
        _feed(prepared, state[SOURCE], dict(zip(chosen, answers, strict=False)), is_raw=is_raw)
        if source is None or prepared is None:
            with way:
                _nothing_yet(texts, state[SOURCE], is_refused=isinstance(kept().upload, UploadProblem))
            return
        if state[SOURCE] is not Origin.TEST:
            keep_drawing(prepared.fed)
        with way:
            show_stages(view, texts, prepared, is_widened=source.is_widened)
        with said:
            keep_buttons(texts, prepared, is_drawn=source.is_drawn)
        canvas = PAD if source.is_drawn and not is_raw else ""
        _look_inside(view, chosen, inside, prepared, answers[chosen.index(inside)], canvas)


def _source(state: State, texts: DrawTexts) -> Source | None:
    """The digit; none where a file of MNIST that it comes from cannot be used."""
    try:
        return choose_source(state, texts)
    except MnistFileError as error:
        show_bundled_file(error)
    return None


def _feed(
    prepared: Prepared | None, origin: Origin, answers: Mapping[Model, Answer], *, is_raw: bool
) -> None:
    """Tell the pictures that live in the browser which digit is on the page."""
    fed = None if prepared is None else prepared.fed
    live_feed(
        picture=fed,
        revision=0 if fed is None else zlib.crc32(fed.tobytes()),
        canvas=PAD if origin is Origin.DRAW else "",
        raw=is_raw,
        answers={
            model.weights_id: said.logits.tolist()
            for model, said in answers.items()
            if not is_sent(model.shown) and said.is_number
        },
    )


def _nothing_yet(texts: DrawTexts, origin: Origin, *, is_refused: bool) -> None:
    if origin is Origin.UPLOAD and not is_refused:
        st.info(texts.empty_upload)
    if origin is Origin.DRAW:
        st.info(texts.empty)
        st.button(texts.example, icon=":material/gesture:", on_click=draw_example, type="primary")


def _look_inside(
    view: Frame, chosen: list[Model], inside: Model, prepared: Prepared, main: Answer, canvas: str
) -> None:
    """Everything below the digit: why it is read so, its neighbours, how far it can be changed, the program."""
    texts, lesson = DRAW_TEXTS[view.lang], load_lesson("draw", view.lang)
    st.caption(lesson["prepare"].body)
    if not main.is_number:
        st.warning(texts.diverged_inside, icon=":material/trending_up:")
        return
    show_inside(view, texts, lesson, inside, prepared, main, canvas=canvas)
    try:
        show_neighbours(view, texts, lesson, inside, prepared, main.digit)
    except MnistFileError as error:
        show_bundled_file(error)
    st.fragment(robustness)(view, texts, lesson, chosen, inside, prepared.pixels, main.digit)
    _code(view, inside, prepared, main.digit)


def _code(view: Frame, model: Model, prepared: Prepared, digit: int) -> None:
    """The program for this digit and this network, with the two files that it reads."""
    texts, lesson = DRAW_TEXTS[view.lang], load_lesson("draw", view.lang)
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
    code_block(digit_script(model.config, digit))
