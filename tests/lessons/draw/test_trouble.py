"""/draw where something is wrong: files missing or damaged, a network that diverged, a tray of two tabs."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from lib.core import mnist
from lib.core.bundled_files import BundledFileError
from lib.core.digits.classifier import answer, load_classifier
from lib.core.digits.ink import CANVAS
from lib.core.digits.tray import KeptDigit
from lib.core.training import bundled as bundled_module
from lib.core.training.bundled import CNN, MLP, bundled, bundled_problem
from lib.jobs.views import RunStatus
from lib.lessons.draw import desk, source, tray
from lib.lessons.draw.models import Model
from lib.lessons.draw.state import TUNING
from lib.lessons.draw.texts import DRAW_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, shown_text


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of bundled networks that a test may spoil."""
    for recipe in (MLP, CNN):
        shutil.copy(recipe.path, tmp_path)
    monkeypatch.setattr(bundled_module, "FOLDER", tmp_path)
    bundled.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    bundled.cache_clear()


@pytest.mark.parametrize(("lang", "words"), [("en", "is missing"), ("zh", "缺失")])
def test_a_missing_network_is_named_and_the_other_answers(models: Path, lang: str, words: str) -> None:
    (models / MLP.file).unlink()
    at = open_page("draw", source="test", digit="0", lang=lang)
    assert [MLP.file in each.value and words in each.value for each in at.error] == [True]
    assert "**7**" in shown_text(at)


def test_a_damaged_network_is_named(models: Path) -> None:
    (models / CNN.file).write_bytes(b"no network")
    problem = bundled_problem(CNN)
    assert problem is not None
    assert problem.reason == "damaged"
    at = open_page("draw", source="test", digit="0")
    assert any(CNN.file in each.value and "damaged" in each.value for each in at.error)
    assert "now read as **7**" in shown_text(at)


def test_without_any_network_the_page_says_why(models: Path) -> None:
    for recipe in (MLP, CNN):
        (models / recipe.file).unlink()
    at = open_page("draw")
    assert len(at.error) == 2
    assert not at.exception


def test_without_mnist_one_can_still_draw(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mnist, "FOLDER", tmp_path)
    mnist.load_mnist.cache_clear()
    try:
        at = open_page("draw", source="test", digit="0")
        assert any("train-images" in each.value for each in at.error)
        drawn = open_page("draw", ink="I2A0Y2A3Y")
        assert not drawn.exception
        assert "now read as" in shown_text(drawn)
    finally:
        monkeypatch.undo()
        mnist.load_mnist.cache_clear()


def test_the_remedy_names_the_file() -> None:
    error = BundledFileError(MLP.path, "missing")
    assert str(error).endswith("`git checkout -- assets/models/mnist_mlp.safetensors`")


def test_a_network_that_diverged_is_none() -> None:
    weights = {name: np.full_like(values, np.nan) for name, values in bundled().weights.items()}
    assert not Model("x", "x", MLP.config, weights).is_sound
    said = answer(load_classifier(MLP.config, weights), np.zeros(784, np.float32))
    assert not said.is_number
    huge = {name: np.full_like(values, 1e30) for name, values in bundled().weights.items()}
    assert Model("x", "x", MLP.config, huge).is_sound
    assert not answer(load_classifier(MLP.config, huge), np.ones(784, np.float32)).is_number


class Sent:
    """What a browser says that its canvas shows."""

    def __init__(self, image_bytes: bytes | None) -> None:
        self.image_bytes = image_bytes


def picture(width: int, height: int, mode: str = "RGBA", kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height), 255).save(file, kind)
    return file.getvalue()


def test_a_canvas_of_any_size_is_not_taken_for_one() -> None:
    """A picture of a few kilobytes can be hundreds of megabytes once it is unpacked."""
    fits = source._pixels(Sent(picture(CANVAS, CANVAS)))  # type: ignore[arg-type]
    assert fits is not None
    assert fits.shape == (CANVAS, CANVAS)
    bad = [
        None,
        b"",
        b"no picture",
        picture(6000, 6000),
        picture(CANVAS, 5000),
        picture(CANVAS, CANVAS, "L"),
        picture(CANVAS, CANVAS, "RGB", "JPEG"),
        picture(CANVAS, CANVAS)[:-40],
    ]
    for each in bad:
        assert source._pixels(Sent(each)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", list(Lang))
def test_where_all_digits_are_held_out_there_is_nothing_to_learn_from(
    monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    held = [KeptDigit(mnist.load_mnist().test_images[0].tobytes(), 7, held_out=True)]
    monkeypatch.setattr(desk, "kept_digits", lambda: held)
    at = open_page("draw", source="test", digit="0", lang=lang)
    texts = DRAW_TEXTS[lang]
    assert texts.tune_none in [each.value for each in at.info]
    (button,) = [each for each in at.button if each.label == texts.tune_start]
    assert button.disabled


def test_digits_are_told_apart_by_what_they_are() -> None:
    first, second = KeptDigit(bytes(784), 3), KeptDigit(bytes(783) + b"\1", 3)
    assert first.key != second.key
    assert first.key == KeptDigit(bytes(784), 3, held_out=True).key


@pytest.mark.parametrize(("status", "followed"), [(RunStatus.RUNNING, "it"), (RunStatus.FINISHED, "")])
def test_whoever_comes_back_finds_the_fine_tuning_that_goes_on(
    monkeypatch: pytest.MonkeyPatch, status: RunStatus, followed: str
) -> None:
    class Now(dict[object, object]):
        def set(self, key: object, value: object) -> None:
            self[key] = value

    now = Now({TUNING: ""})
    monkeypatch.setattr(tray, "latest", lambda _: SimpleNamespace(id="it", status=status))
    tray._follow(now)  # type: ignore[arg-type]
    assert now[TUNING] == followed
    now[TUNING] = "another"
    tray._follow(now)  # type: ignore[arg-type]
    assert now[TUNING] == "another"
