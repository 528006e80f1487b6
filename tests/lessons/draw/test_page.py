"""/draw without a browser: test images, their reasons and their code."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from lib.core.digits.prepare import prepare
from lib.core.mnist import load_mnist
from lib.core.png import png_bytes
from lib.core.training.bundled import bundled
from lib.core.training.export import weights_safetensors
from lib.lessons.draw.texts import DRAW_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, shown_text


@pytest.mark.parametrize(("lang", "verdict"), [("en", "now read as **7**"), ("zh", "现在读作 **7**")])
def test_a_test_image_is_read(lang: str, verdict: str) -> None:
    at = open_page("draw", source="test", digit="0", lang=lang)
    assert verdict in shown_text(at)


def test_its_code_says_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_page("draw", source="test", digit="18")
    prepared = prepare(load_mnist().test_images[18])
    assert prepared is not None
    (tmp_path / "digit.png").write_bytes(png_bytes(prepared.fed))
    (tmp_path / "weights.safetensors").write_bytes(weights_safetensors(bundled().config, bundled().weights))
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(at.code[-1].value, {})  # noqa: S102
    verdict = re.search(r"now read as \*\*(\d)\*\* \(([\d.]+) %\)", shown_text(at))
    assert verdict
    assert f"{verdict[1]}: {verdict[2]} %" in printed.getvalue().splitlines()


def test_a_bad_address_is_explained_and_the_page_lives() -> None:
    bad = {
        "digit": "99999",
        "pen": "-3",
        "raw": "maybe",
        "models": "nobody",
        "inside": "nobody",
        "ink": "<script>",
        "rotate": "1e9",
        "along": "sideways",
        "mixed": "7",
        "tune_epochs": "0",
    }
    at = open_page("draw", source="test", **bad)
    warnings = "\n".join(warning.value for warning in at.warning)
    for key, value in bad.items():
        assert f"{key}={value}" in warnings
    assert "now read as" in shown_text(at)


def test_fed_raw_it_sees_something_else() -> None:
    at = open_page("draw", source="test", digit="0", raw="true")
    assert "now read as **7**" in shown_text(at)  # a test image is 28 x 28 already
    turned = open_page("draw", source="test", digit="0", raw="true", rotate="30")
    assert "now read as" in shown_text(turned)


def test_the_small_cnn_is_asked_beside_the_mlp() -> None:
    at = open_page("draw", source="test", digit="0", models="bundled,cnn", inside="cnn")
    shown = "".join(text.value for text in at.text)
    assert "Bundled CNN reads it from" in shown
    assert "Bundled network reads it from" in shown
    assert "nn.Conv2d(8, 16, kernel_size=5, padding=2)" in at.code[-1].value


def test_a_learners_name_of_a_network_is_no_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = replace(DRAW_TEXTS[Lang.EN], bundled="**mine** [x](http://y)")
    monkeypatch.setitem(DRAW_TEXTS, Lang.EN, texts)
    at = open_page("draw", source="test", digit="0", models="bundled,cnn")
    offered = [option.content for group in at.button_group for option in group.proto.options]
    assert [each for each in offered if "mine" in each] != []
    assert not any("**mine**" in each for each in offered)
