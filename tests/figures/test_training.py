"""Charts of a run: never too large to send, and true to the numbers."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lib.core.thin import smooth, thin
from lib.core.training.reports import EpochReport
from lib.figures.training import (
    RunSeries,
    accuracy_figure,
    accuracy_reading,
    confusion_figure,
    epoch_loss_figure,
    loss_figure,
    loss_reading,
)
from lib.ui.lang import Lang
from lib.ui.texts.charts import CHART_TEXTS

TEXTS = CHART_TEXTS[Lang.EN]
LIMIT_BYTES = 50_000
finite = st.floats(0, 1e6, width=32, allow_subnormal=False)


def series(steps: int, epochs: int, name: str = "Run") -> RunSeries:
    losses = np.random.default_rng(steps).exponential(size=steps).astype(np.float32)
    each = steps // epochs
    reports = tuple(
        EpochReport(i, i * each, 0.1, 0.2, 9000 + i, 10000, 1.0 * i) for i in range(1, epochs + 1)
    )
    return RunSeries(name, losses, reports, each, epochs)


def unpacked(numbers: dict[str, str]) -> np.ndarray:
    assert numbers["dtype"] == "f4"
    return np.frombuffer(base64.b64decode(numbers["bdata"]), "<f4")


def test_the_loss_chart_has_the_runs_own_numbers() -> None:
    run = series(100, 5)
    (line,) = loss_figure([run], TEXTS, smoothing=0.0, log_y=False, dark=False)["data"]
    assert np.array_equal(unpacked(line["y"]), run.losses)
    assert np.allclose(unpacked(line["x"]), np.arange(1, 101) / run.steps_per_epoch)


@pytest.mark.parametrize("runs", [1, 2, 8])
@pytest.mark.parametrize("dark", [False, True])
def test_no_chart_is_larger_than_50_kilobytes(runs: int, dark: bool) -> None:
    all_runs = [series(60_000, 50, f"A rather long name of a run {i}") for i in range(runs)]
    figures = [
        loss_figure(all_runs, TEXTS, smoothing=0.9, log_y=True, dark=dark),
        epoch_loss_figure(all_runs, TEXTS, dark=dark),
        accuracy_figure(all_runs, TEXTS, dark=dark),
    ]
    assert max(len(json.dumps(figure, allow_nan=False).encode()) for figure in figures) <= LIMIT_BYTES


def test_the_accuracy_chart_has_the_reports_numbers() -> None:
    run = series(100, 5)
    figure = accuracy_figure([run], TEXTS, dark=False)
    assert figure["data"][0]["y"] == [report.test_accuracy for report in run.epochs]


@given(arrays(np.float32, st.integers(1, 3000), elements=finite), st.integers(4, 200))
def test_thinning_keeps_order_ends_and_extremes(values: np.ndarray, limit: int) -> None:
    x = np.arange(len(values), dtype=np.float64)
    thin_x, thin_y = thin(x, values, limit)
    assert len(thin_x) == len(thin_y) <= max(limit, 4)
    assert np.all(np.diff(thin_x) > 0)
    assert (thin_x[0], thin_x[-1]) == (0, len(values) - 1)
    assert np.array_equal(values[thin_x.astype(int)], thin_y)
    assert (thin_y.min(), thin_y.max()) == (values.min(), values.max())


@given(arrays(np.float32, st.integers(1, 1200), elements=finite), st.sampled_from([0.0, 0.3, 0.9, 0.99]))
def test_smoothing_is_tensorboards_recursion(values: np.ndarray, weight: float) -> None:
    expected, last = [], 0.0
    for step, value in enumerate(values.tolist(), start=1):
        last = last * weight + (1 - weight) * value
        expected.append(last / (1 - weight**step))
    assert np.allclose(smooth(values, weight), expected, rtol=1e-4, atol=1e-4)


def test_what_is_no_number_is_on_no_chart() -> None:
    run = series(100, 5)
    run.losses[40:] = np.nan
    run.losses[41] = np.inf
    broken = tuple(EpochReport(i, 20 * i, float("nan"), float("inf"), 980, 10000, 1.0) for i in range(1, 6))
    runs = [RunSeries("<b>Run</b> %{x}", run.losses, broken, 20, 5)]
    for log_y in (False, True):
        figure = loss_figure(runs, TEXTS, smoothing=0.9, log_y=log_y, dark=False)
        assert [unpacked(trace["x"])[-1] for trace in figure["data"]] == [pytest.approx(40 / 20)] * 2
        for trace in figure["data"]:
            assert np.isfinite(unpacked(trace["y"])).all()
        assert "NaN" not in json.dumps(figure, allow_nan=False)
    points = epoch_loss_figure(runs, TEXTS, dark=False)["data"][0]
    assert points["y"] == [None] * 5
    assert points["hovertemplate"].startswith("&lt;b&gt;Run&lt;/b&gt; &#37;{x}: ")
    assert "nan" not in loss_reading(runs, TEXTS) + accuracy_reading(runs, TEXTS)


@pytest.mark.parametrize(
    ("low", "high", "some"), [(0.2, 2.4, {0.2, 0.5, 1.0}), (0.002, 2.4, {0.003, 0.1}), (1e-7, 2.4, {1e-3})]
)
def test_a_log_axis_says_its_numbers_in_full(low: float, high: float, some: set[float]) -> None:
    runs = [RunSeries("Run", np.array([high, low], np.float32), (), 1, 2)]
    axis = loss_figure(runs, TEXTS, smoothing=0.0, log_y=True, dark=False)["layout"]["yaxis"]
    assert some <= {round(tick, 9) for tick in axis["tickvals"]}
    assert [float(text) for text in axis["ticktext"]] == pytest.approx(axis["tickvals"])
    assert len(axis["tickvals"]) <= 12


def test_a_digit_that_is_never_read_right_has_no_colour() -> None:
    matrix = np.diag(np.array([0, *[100] * 9]))
    matrix[0, 6] = 980
    wrong, right = confusion_figure(matrix, TEXTS, dark=False)["data"]
    assert right["z"][0][0] is None
    assert right["z"][1][1] == 100
    assert wrong["z"][0][6] == wrong["zmax"] == 980


@pytest.mark.parametrize("log_y", [False, True])
def test_a_floor_is_drawn_once_with_its_number(log_y: bool) -> None:
    floor = 1.4612
    runs = [replace(series(100, 5, name), floor=floor) for name in ("a", "b")]
    for figure in (
        loss_figure([*runs, series(100, 5)], TEXTS, smoothing=0.9, log_y=log_y, dark=False),
        epoch_loss_figure([*runs, series(100, 5)], TEXTS, dark=False),
    ):
        (line,) = [trace for trace in figure["data"] if trace["name"] == "floor"]
        assert line["y"] == [floor, floor]
        (said,) = figure["layout"]["annotations"]
        assert "1.4612" in said["text"]
        is_log = figure["layout"]["yaxis"].get("type") == "log"
        assert said["y"] == pytest.approx(np.log10(floor) if is_log else floor)
    assert all(
        trace["name"] != "floor" for trace in epoch_loss_figure([series(100, 5)], TEXTS, dark=False)["data"]
    )


def test_a_learners_name_is_no_markup_of_a_chart() -> None:
    named = series(100, 5, "<b>lr<0.1, wd>0 %{x}</b> & more")
    figures = [
        loss_figure([named], TEXTS, smoothing=smoothing, log_y=False, dark=False) for smoothing in (0.0, 0.9)
    ]
    figures += [figure([named], TEXTS, dark=False) for figure in (epoch_loss_figure, accuracy_figure)]
    for figure in figures:
        written = json.dumps(
            [[trace.get("name"), trace.get("hovertemplate", "")] for trace in figure["data"]]
        )
        assert "&lt;b&gt;lr&lt;0.1" in written
        assert "<b>" not in written
        assert "%{x}</b>" not in written
