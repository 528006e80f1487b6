"""Moving, turning and blurring the digit, and what the network makes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.digits.prepare import SIDE
from lib.core.digits.robustness import RANGES, Change, Changes, Curve
from lib.core.lessons import Section
from lib.figures.digits import Caption, digit_grid_html
from lib.figures.robustness import curve_figure, networks_figure, spans_read_as
from lib.lessons.draw.models import Model
from lib.lessons.draw.state import ALONG, CHANGES, TABLE
from lib.lessons.draw.texts import DrawTexts
from lib.ui.components.chart import chart
from lib.ui.components.columns import settings_and_picture
from lib.ui.frame import Frame
from lib.ui.state import State


def robustness(
    view: Frame,
    texts: DrawTexts,
    lesson: dict[str, Section],
    models: Sequence[Model],
    model: Model,
    pixels: NDArray[np.float32],
    digit: int,
) -> None:
    """Sliders, the changed digit, and the curve over one of the sliders."""
    from lib.core.digits.classifier import answer
    from lib.core.digits.robustness import change_digit, probability_curve

    with TABLE.read(view.lang, explains=False) as state:
        st.header(texts.robust)
        st.markdown(lesson["robust"].body)
        settings, shown = settings_and_picture("robust")
        with settings:
            changes = _sliders(view, state, texts)
            changed = change_digit(pixels, changes)
            said = answer(model.network, changed)
            words = texts.changed.format(digit=said.digit, percent=f"{100 * said.confidence:.1f}")
            image = np.asarray(np.rint(np.clip(changed, 0, 1) * 255), np.uint8).reshape(1, SIDE, SIDE)
            caption = Caption(text="", is_right=None, alt=words.replace("**", ""))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.html(digit_grid_html(image, [caption], dark=view.dark, smallest="100%"), width=96)
                st.markdown(words)
        with shown:
            along = state.choice(ALONG, texts.along, format=lambda name: texts.changes[name])
            curve = probability_curve(model.network, pixels, changes, along)
            name = texts.changes[along]
            reading = curve_sentence(curve, digit, texts)
            chart(
                curve_figure(
                    curve.values,
                    curve.probabilities,
                    at=getattr(changes, along.value),
                    digit=digit,
                    x_title=view.texts.aside.format(name=name, note=texts.units[along]),
                    y_title=view.texts.aside.format(name=texts.probability, note="%"),
                    dark=view.dark,
                ),
                key="robust_curve",
                alt=reading,
            )
            st.caption(reading)
            if len(models) > 1:
                _compare(view, texts, models, pixels, changes, along, digit)


def in_words(spans: Sequence[tuple[float, float]], texts: DrawTexts) -> str:
    """Runs of values, one after the other: "from -3 to 4, at 6"."""
    words = [
        texts.span_one.format(at=f"{low:g}")
        if low == high
        else texts.span.format(low=f"{low:g}", high=f"{high:g}")
        for low, high in spans
    ]
    return texts.spans_joined.join(words)


def curve_sentence(curve: Curve, digit: int, texts: DrawTexts) -> str:
    """Where along the curve the digit is read as ``digit``, of the values that were tried."""
    spans = spans_read_as(curve.values, curve.probabilities, digit)
    low, high = float(curve.values[0]), float(curve.values[-1])
    slots = {
        "change": texts.changes[curve.change],
        "digit": digit,
        "low": f"{low:g}",
        "high": f"{high:g}",
        "count": len(curve.values),
        "spans": in_words(spans, texts),
    }
    if not spans:
        return texts.curve_never.format(**slots)
    is_whole = spans == ((low, high),)
    return (texts.curve_always if is_whole else texts.curve_reading).format(**slots)


def _compare(
    view: Frame,
    texts: DrawTexts,
    models: Sequence[Model],
    pixels: NDArray[np.float32],
    changes: Changes,
    along: Change,
    digit: int,
) -> None:
    """The same change for each network that is asked: how long each goes on reading the digit."""
    from lib.core.digits.robustness import probability_curve

    curves = [probability_curve(model.network, pixels, changes, along) for model in models]
    sentences = []
    for model, curve in zip(models, curves, strict=True):
        spans = spans_read_as(curve.values, curve.probabilities, digit)
        sentences.append(
            texts.kept_place.format(name=model.name, spans=in_words(spans, texts))
            if spans
            else texts.never_read.format(name=model.name)
        )
    title = texts.compared.format(digit=digit, change=texts.changes[along])
    st.markdown(f"**{title}**")
    chart(
        networks_figure(
            curves[0].values,
            {model.name: curve.probabilities[:, digit] for model, curve in zip(models, curves, strict=True)},
            at=getattr(changes, along.value),
            x_title=view.texts.aside.format(name=texts.changes[along], note=texts.units[along]),
            y_title=view.texts.aside.format(name=texts.probability, note="%"),
            dark=view.dark,
        ),
        key="robust_networks",
        alt=f"{title}{view.texts.colon}{' '.join(sentences)}",
    )
    st.text("\n".join(sentences))


def _sliders(view: Frame, state: State, texts: DrawTexts) -> Changes:
    values = {
        change.value: state.slider(
            key,
            view.texts.aside.format(name=texts.changes[change], note=texts.units[change]),
            step=float(RANGES[change].step),
        )
        for change, key in CHANGES.items()
    }
    changes = Changes(**values)
    neutral = {key: key.default for key in CHANGES.values()}
    st.button(
        texts.reset,
        icon=":material/restart_alt:",
        on_click=TABLE.change,
        args=(neutral,),
        disabled=changes.is_neutral,
    )
    return changes
