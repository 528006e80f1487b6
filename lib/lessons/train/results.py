"""What a finished run has learned: the final line, confusion, digits, mistakes, weights."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.mnist import Mnist, load_mnist
from lib.core.training.evaluate import confusion, final_line, per_digit_accuracy, worst_mistakes
from lib.core.training.reports import FinalReport
from lib.figures.digits import Caption, digit_grid_html, weight_grid_html
from lib.figures.training import confusion_figure, confusion_reading, per_digit_figure, per_digit_reading
from lib.lessons.train.as_of import known
from lib.lessons.train.state import DRAW, TABLE
from lib.lessons.train.texts import TrainTexts
from lib.ui.components.chart import chart
from lib.ui.components.code import code_block
from lib.ui.frame import Frame
from lib.ui.lang import Lang
from lib.ui.runs.runs import Shown
from lib.ui.state import State
from lib.ui.texts.charts import CHART_TEXTS

TEN = 10
MAX_WEIGHT_IMAGES = 64


def results(view: Frame, state: State, texts: TrainTexts, shown: Shown) -> None:
    """Draw them, of a run that stands: as of its last step."""
    run = shown.view
    final = known(state, texts, run, shown)
    if final is None:
        return
    mnist = load_mnist()
    labels, predictions = mnist.test_labels, final.predictions
    st.header(texts.results)
    line = final_line(int((labels == predictions).sum()), len(labels))
    if run.final is None:
        st.caption(texts.as_of.format(step=f"{run.steps_done:,}", steps=f"{run.total_steps:,}"))
    code_block(line, key="final_line", language=None)
    if not np.isfinite(final.confidences).all():
        return  # what such a network says is no answer: see the explanation above
    _confusion(view, texts, mnist, final)
    _ten(view, texts, mnist, final)
    _mistakes(view, texts, mnist, final)
    _weights(view, texts, shown, final)


def _confusion(view: Frame, texts: TrainTexts, mnist: Mnist, final: FinalReport) -> None:
    words = CHART_TEXTS[view.lang]
    matrix = confusion(mnist.test_labels, final.predictions)
    accuracies = per_digit_accuracy(matrix)
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{texts.confusion}**")
        chart(
            confusion_figure(matrix, words, dark=view.dark),
            key="confusion",
            alt=confusion_reading(matrix, words),
        )
    with right:
        st.markdown(f"**{texts.per_digit}**")
        chart(
            per_digit_figure(accuracies, words, dark=view.dark),
            key="per_digit",
            alt=per_digit_reading(accuracies, words),
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
    chosen = np.random.default_rng(drawn).choice(len(mnist.test_labels), TEN, replace=False)
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


def _mistakes(view: Frame, texts: TrainTexts, mnist: Mnist, final: FinalReport) -> None:
    st.markdown(f"**{texts.mistakes}**")
    worst = worst_mistakes(mnist.test_labels, final.predictions, final.confidences, TEN)
    if not len(worst):
        st.caption(texts.no_mistakes)
        return
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
    st.html(digit_grid_html(mnist.test_images[worst], captions, dark=view.dark))


def _weights(view: Frame, texts: TrainTexts, shown: Shown, final: FinalReport) -> None:
    is_cnn = shown.config.is_convolutional
    st.markdown(f"**{texts.kernels if is_cnn else texts.weights}**")
    if not is_cnn and not shown.config.hidden:
        st.caption(texts.weights_none)
    weights = final.weights["0.weight" if is_cnn else "1.weight"]
    if len(weights) > MAX_WEIGHT_IMAGES:
        st.caption(texts.weights_first.format(shown=MAX_WEIGHT_IMAGES, count=len(weights)))
    st.html(_weight_images(shown.config.identity, view.lang, weights[:MAX_WEIGHT_IMAGES], dark=view.dark))


@st.cache_data(show_spinner=False, max_entries=64)
def _weight_images(identity: str, lang: Lang, _weights: NDArray[np.float32], *, dark: bool) -> str:  # noqa: ARG001
    """Made once for all who have the same training: equal settings make equal weights."""
    return weight_grid_html(_weights, dark=dark, texts=CHART_TEXTS[lang])
