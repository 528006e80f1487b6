"""The program to take away says what the page says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from lib.core.codegen.digit_script import PICTURE, WEIGHTS, digit_script
from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.prepare import prepare
from lib.core.mnist import load_mnist
from lib.core.png import png_bytes
from lib.core.training.bundled import bundled
from lib.core.training.config import Activation, TrainConfig
from lib.core.training.conv_block import ConvBlock, Pooling
from lib.core.training.export import weights_safetensors
from lib.core.training.model import build_model

CONFIGS = [
    TrainConfig(),
    TrainConfig(hidden=()),
    TrainConfig(hidden=(20, 12), activation=Activation.GELU),
    TrainConfig(hidden=(8, 8, 8, 8), activation=Activation.SIGMOID),
    TrainConfig(conv=(ConvBlock(4, batch_norm=True), ConvBlock(3, 5, 0, Pooling.AVERAGE)), hidden=(9,)),
]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: "-".join(map(str, config.layer_sizes)))
def test_it_prints_the_same_numbers(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = (
        bundled().weights
        if config == TrainConfig()
        else {name: values.numpy() for name, values in build_model(config).state_dict().items()}
    )
    prepared = prepare(load_mnist().test_images[3])
    assert prepared is not None
    said = answer(load_classifier(config, weights), prepared.pixels)
    (tmp_path / PICTURE).write_bytes(png_bytes(prepared.fed))
    (tmp_path / WEIGHTS).write_bytes(weights_safetensors(config, weights))
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(digit_script(config, said.digit), {})  # noqa: S102 - our own code, the thing under test
    lines = printed.getvalue().splitlines()
    assert lines[:10] == [f"{k}: {100 * float(p):.1f} %" for k, p in enumerate(said.probabilities)]
    bias, terms, logit = map(float, re.findall(r"-?\d+\.\d+", lines[10]))
    assert logit == pytest.approx(float(said.logits[said.digit]), abs=6e-4)
    assert bias + terms == pytest.approx(logit, abs=2e-3)
