"""What a finished run has learned: the final line, confusion, digits, mistakes, weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from lib.core.mnist import Mnist, MnistFileError, load_mnist
from lib.core.training.evaluate import confusion, final_line, per_digit_accuracy, ten_images, worst_mistakes
from lib.core.training.reports import FinalReport
from lib.figures.digits import Caption, digit_grid_html, weight_grid_html
from lib.figures.training import confusion_figure, confusion_reading, per_digit_figure, per_digit_reading
from lib.lessons.train.as_of import known
from lib.lessons.train.state import DRAW, TABLE
from lib.lessons.train.texts import TRAIN_TEXTS, TrainTexts
from lib.ui.components.chart import chart, chart_text
from lib.ui.components.code import code_block
from lib.ui.frame import Frame
from lib.ui.lang import Lang
from lib.ui.runs.runs import Shown
from lib.ui.runs.texts import RUN_TEXTS
from lib.ui.state import State
from lib.ui.texts.charts import CHART_TEXTS

TEN = 10
MAX_WEIGHT_IMAGES = 64


@dataclass(frozen=True)
class Drawn:
    """What the results look like: the same for all who have the same training, language and background.

    Charts as the browser takes them, pictures as HTML.
    """

    line: str
    is_sound: bool
    confusion: str
    confusion_reading: str
    per_digit: str
    per_digit_reading: str
    mistakes: str
    weights: str


def results(view: Frame, state: State, texts: TrainTexts, shown: Shown) -> None:
    """Draw them, of a run that stands: as of its last step."""
    try:
        _results(view, state, texts, shown)
    except MnistFileError as error:
        words = RUN_TEXTS[view.lang]
        st.error(words.mnist_problem.format(path=error.path.name, reason=words.file_reasons[error.reason]))


def _results(view: Frame, state: State, texts: TrainTexts, shown: Shown) -> None:
    run = shown.view
    final = known(state, texts, RUN_TEXTS[view.lang], run, shown)
    if final is None:
        return
    st.header(texts.results)
    drawn = _drawn(shown.config.identity, run.steps_done, view.lang, final, dark=view.dark)
    if run.final is None:
        st.caption(texts.as_of.format(step=f"{run.steps_done:,}", steps=f"{run.total_steps:,}"))
    code_block(drawn.line, key="final_line", language=None)
    if not drawn.is_sound:
        return  # what such a network says is no answer: see the explanation above
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{texts.confusion}**")
        chart(drawn.confusion, key="confusion", alt=drawn.confusion_reading)
    with right:
        st.markdown(f"**{texts.per_digit}**")
        chart(drawn.per_digit, key="per_digit", alt=drawn.per_digit_reading)
    _ten(view, texts, load_mnist(), final)
    st.markdown(f"**{texts.mistakes}**")
    if drawn.mistakes:
        st.html(drawn.mistakes)
    else:
        st.caption(texts.no_mistakes)
    _weights(texts, shown, final, drawn.weights)


@st.cache_resource(show_spinner=False, max_entries=64)
def _drawn(identity: str, steps: int, lang: Lang, _final: FinalReport, *, dark: bool) -> Drawn:  # noqa: ARG001
    """Made once for all who have the same training: equal settings make equal numbers."""
    mnist, words, texts = load_mnist(), CHART_TEXTS[lang], TRAIN_TEXTS[lang]
    matrix = confusion(mnist.test_labels, _final.predictions)
    accuracies = per_digit_accuracy(matrix)
    correct = int((mnist.test_labels == _final.predictions).sum())
    images = _final.weights["0.weight" if "0.weight" in _final.weights else "1.weight"][:MAX_WEIGHT_IMAGES]
    is_sound = bool(np.isfinite(_final.confidences).all())
    return Drawn(
        line=final_line(correct, len(mnist.test_labels)),
        is_sound=is_sound,
        confusion=chart_text(confusion_figure(matrix, words, dark=dark)),
        confusion_reading=confusion_reading(matrix, words),
        per_digit=chart_text(per_digit_figure(accuracies, words, dark=dark)),
        per_digit_reading=per_digit_reading(accuracies, words),
        mistakes=_mistakes(mnist, _final, texts, dark=dark) if is_sound else "",
        weights=weight_grid_html(images, dark=dark, texts=words) if is_sound else "",
    )


@st.fragment
def _ten(view: Frame, texts: TrainTexts, mnist: Mnist, final: FinalReport) -> None:
    heading, button = st.columns([3, 1], vertical_alignment="center")
    heading.markdown(f"**{texts.ten}**")
    drawn = TABLE.now()[DRAW]
    button.button(
        texts.ten_again,
        icon=":material/casino:",
        key="ten_again",
        width="stretch",
        on_click=TABLE.change,
        args=({DRAW: drawn + 1},),
    )
    chosen = ten_images(drawn, len(mnist.test_labels))
    captions = []
    for index in chosen.tolist():
        words = {"index": index, "label": mnist.test_labels[index], "prediction": final.predictions[index]}
        captions.append(
            Caption(
                text=texts.caption.format(**words),
                is_right=bool(words["label"] == words["prediction"]),
                alt=texts.caption_reading.format(**words),
            )
        )
    st.html(digit_grid_html(mnist.test_images[chosen], captions, dark=view.dark))


def _mistakes(mnist: Mnist, final: FinalReport, texts: TrainTexts, *, dark: bool) -> str:
    """The most confident ones; empty where there is none."""
    worst = worst_mistakes(mnist.test_labels, final.predictions, final.confidences, TEN)
    captions = []
    for index in worst.tolist():
        words = {
            "index": index,
            "label": mnist.test_labels[index],
            "prediction": final.predictions[index],
            "confidence": 100 * float(final.confidences[index]),
        }
        captions.append(
            Caption(
                text=texts.mistake_caption.format(**words),
                is_right=False,
                alt=texts.mistake_reading.format(**words),
            )
        )
    return digit_grid_html(mnist.test_images[worst], captions, dark=dark) if captions else ""


def _weights(texts: TrainTexts, shown: Shown, final: FinalReport, images: str) -> None:
    is_cnn = shown.config.is_convolutional
    st.markdown(f"**{texts.kernels if is_cnn else texts.weights}**")
    if not is_cnn and not shown.config.hidden:
        st.caption(texts.weights_none)
    weights = final.weights["0.weight" if is_cnn else "1.weight"]
    if len(weights) > MAX_WEIGHT_IMAGES:
        st.caption(texts.weights_first.format(shown=MAX_WEIGHT_IMAGES, count=len(weights)))
    st.html(images)
