"""What the networks say of the digit, and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.core.digits.classifier import Answer
from lib.core.digits.prepare import Prepared
from lib.core.lessons import Section
from lib.core.mnist import load_mnist
from lib.figures.digits import Caption, digit_grid_html
from lib.lessons.draw.digit import digit_inside, digit_stages
from lib.lessons.draw.models import Model
from lib.lessons.draw.texts import DrawTexts
from lib.ui.components.digit_bars import digit_bars, is_sent
from lib.ui.components.feature_maps import feature_maps, maps_panel
from lib.ui.frame import Frame

NEIGHBOURS = 10
THICK_STROKE = 4.5
"""Pixels: wider than in 99 of 100 digits of MNIST."""


def show_stages(view: Frame, texts: DrawTexts, prepared: Prepared, *, is_widened: bool) -> None:
    """The way from the drawing to the 28 x 28 pixels."""
    down, right = prepared.shift
    reading = (
        texts.stages_reading_raw
        if prepared.is_raw
        else texts.stages_reading.format(
            height=prepared.box.height, width=prepared.box.width, down=down, right=right
        )
    )
    digit_stages(prepared, labels=texts.stages, reading=reading, colours=view.palette)
    if is_widened:
        st.caption(texts.widened)
    if not prepared.is_raw and prepared.stroke_width > THICK_STROKE:
        st.caption(texts.too_thick.format(pixels=prepared.stroke_width))


def show_bars(view: Frame, texts: DrawTexts, models: Sequence[Model]) -> None:
    """Each network's verdict and ten bars, which follow the pen."""
    digit_bars(
        [(model.name, model.shown) for model in models], labels=texts.bars, lang=view.lang, dark=view.dark
    )


def show_inside(
    view: Frame,
    texts: DrawTexts,
    lesson: dict[str, Section],
    model: Model,
    prepared: Prepared,
    said: Answer,
    *,
    canvas: str,
) -> None:
    """Logits as sums, pixels for and against, single units; of a network with convolutions its maps."""
    from lib.core.digits.inside import look_inside

    st.header(texts.inside)
    if model.config.is_convolutional and is_sent(model.shown):
        st.markdown(lesson["maps"].body)
        feature_maps(model.shown, lang=view.lang, dark=view.dark, canvas=canvas, has_digits=False)
        maps_panel()
    else:
        st.markdown(lesson["inside"].body)
    digit_inside(
        look_inside(model.network, prepared.pixels),
        prepared.fed,
        said.probabilities,
        network=model.weights_id if is_sent(model.shown) and not model.config.is_convolutional else "",
        activation=model.config.activation,
        labels=texts.inside_texts,
        reading=texts.inside_reading.format(name=model.name, digit=said.digit),
        colours=view.palette,
    )


def show_neighbours(
    view: Frame, texts: DrawTexts, lesson: dict[str, Section], model: Model, prepared: Prepared, digit: int
) -> None:
    """The training images that lie nearest."""
    from lib.core.digits.neighbours import nearest

    found = nearest(prepared.fed, NEIGHBOURS)
    st.header(texts.neighbours)
    st.markdown(lesson["nearest"].body.format(parameters=f"{model.config.parameter_count:,}"))
    captions = []
    for each in found:
        words = {"index": each.index, "label": each.label, "distance": each.distance}
        captions.append(
            Caption(
                text=texts.neighbour_caption.format(**words),
                is_right=each.label == digit,
                alt=texts.neighbour_reading.format(**words),
            )
        )
    images = load_mnist().train_images[[each.index for each in found]]
    st.html(digit_grid_html(images, captions, dark=view.dark))
