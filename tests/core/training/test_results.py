"""What is made of a training's numbers: mistakes, files to take away, the verdict on its losses."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load

from lib.core.training.config import TrainConfig
from lib.core.training.evaluate import confusion, final_line, per_digit_accuracy, worst_mistakes
from lib.core.training.export import (
    COLUMNS,
    finite,
    metrics_csv,
    metrics_json,
    seconds_to,
    weights_safetensors,
)
from lib.core.training.reports import EpochReport
from lib.core.training.trouble import GUESSING, Trouble, TroubleKind, trouble

PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from([0.25, 0.5, 0.75])), max_size=40
)
EPOCHS = [
    EpochReport(1, 2, 2.25, 2.125, 4, 10, 0.5),
    EpochReport(2, 4, math.nan, math.inf, 7, 10, 1.5),
]
LOSSES = np.array([2.5, math.inf, 0.125, math.nan], np.float32)


@given(PAIRS)
def test_mistakes_are_counted_one_by_one(pairs: list[tuple[int, int, float]]) -> None:
    labels = np.array([label for label, _, _ in pairs], np.uint8)
    predictions = np.array([prediction for _, prediction, _ in pairs], np.uint8)
    matrix = confusion(labels, predictions)
    assert matrix.shape == (10, 10)
    for true in range(10):
        for said in range(10):
            assert matrix[true, said] == sum((a, b) == (true, said) for a, b, _ in pairs)
    accuracy = per_digit_accuracy(matrix)
    assert str(accuracy.dtype) == "float64"
    for digit in range(10):
        right = [a == b for a, b, _ in pairs if a == digit]
        assert accuracy[digit] == pytest.approx(100 * sum(right) / len(right) if right else 0)
    confidences = np.array([confidence for _, _, confidence in pairs], np.float32)
    wrong = sorted((-c, index) for index, (a, b, c) in enumerate(pairs) if a != b)
    for count in (0, 3, 100):
        assert worst_mistakes(labels, predictions, confidences, count).tolist() == [
            i for _, i in wrong[:count]
        ]


def test_the_line_with_which_it_ends() -> None:
    assert final_line(1, 3) == "Got 1 / 3 with accuracy 33.33"


def test_a_table_has_a_row_a_step_and_an_epochs_numbers_at_its_end() -> None:
    rows = list(csv.reader(io.StringIO(metrics_csv(LOSSES, EPOCHS, 2))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1:] == [
        ["1", "1", "2.5", "", "", "", ""],
        ["2", "1", "", "2.25", "2.125", "40.0", "0.5"],
        ["3", "2", "0.125", "", "", "", ""],
        ["4", "2", "", "", "", "70.0", "1.5"],
    ]


def test_the_json_holds_all_and_says_null_for_no_number() -> None:
    config = TrainConfig(hidden=(3,), seed=4)
    read = json.loads(metrics_json(config, LOSSES, EPOCHS), parse_constant=pytest.fail)
    assert read["config"] == config.to_dict()
    assert read["minibatch_losses"] == [2.5, None, 0.125, None]
    assert read["epochs"][0] == {
        "epoch": 1, "step": 2, "train_loss": 2.25, "test_loss": 2.125, "test_correct": 4, "test_total": 10,
        "test_accuracy": 40.0, "seconds": 0.5,
    }  # fmt: skip
    assert (read["epochs"][1]["train_loss"], read["epochs"][1]["test_loss"]) == (None, None)
    assert [finite(value) for value in (0.0, -math.inf, math.nan)] == [0.0, None, None]


def test_weights_are_read_back_with_their_config(tmp_path: Path) -> None:
    config = TrainConfig(hidden=(3,))
    turned = np.arange(6, dtype=np.float32).reshape(2, 3).T  # not contiguous
    data = weights_safetensors(config, {"1.weight": turned, "1.bias": np.ones(3, np.float32)})
    read = load(data)
    assert read["1.weight"].tolist() == turned.tolist()
    assert torch.equal(read["1.bias"], torch.ones(3))
    path = tmp_path / "w.safetensors"
    path.write_bytes(data)
    with safe_open(path, "pt") as opened:
        assert TrainConfig.from_dict(json.loads(opened.metadata()["config"])) == config


def test_the_first_epoch_that_is_good_enough_counts() -> None:
    assert seconds_to(EPOCHS, 40.0) == 0.5
    assert seconds_to(EPOCHS, 40.1) == 1.5
    assert seconds_to(EPOCHS, 70.1) is None


@pytest.mark.parametrize(
    ("losses", "found"),
    [
        ([GUESSING] * 299, None),
        ([GUESSING] * 300, Trouble(TroubleKind.STUCK, 300)),
        ([9.0] * 200 + [GUESSING + 0.049] * 100, Trouble(TroubleKind.STUCK, 300)),
        ([GUESSING] * 200 + [GUESSING + 0.051] * 100, None),
        ([GUESSING] * 200 + [GUESSING - 0.051] * 100, None),
        ([9.0] * 201 + [GUESSING] * 99, None),
        ([GUESSING] * 300 + [math.nan], Trouble(TroubleKind.DIVERGED, 301)),
        ([-math.inf, 1.0, math.nan], Trouble(TroubleKind.DIVERGED, 1)),
        ([], None),
    ],
)
def test_what_losses_say_of_a_training(losses: list[float], found: Trouble | None) -> None:
    assert trouble(np.array(losses, np.float32)) == found
