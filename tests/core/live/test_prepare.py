"""MNIST's preparation in the browser: the same pixels as ours, of hundreds of drawings."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from lib.core.digits.ink import CANVAS, Stroke, render_strokes
from lib.core.digits.prepare import Ink, prepare
from lib.core.mnist import load_mnist
from tests.core.live.browser_scripts import ask, packed

random = np.random.default_rng(0)


def scribble() -> Ink:
    """Some strokes as a hand makes them, thick or thin, short or long."""
    strokes = []
    for _ in range(random.integers(1, 5)):
        steps = random.normal(0, random.uniform(2, 40), (random.integers(1, 12), 2)).cumsum(axis=0)
        points = np.clip(np.rint(steps + random.uniform(0, CANVAS, 2)), 0, CANVAS).astype(int).tolist()
        strokes.append(Stroke(int(random.integers(4, 41)), tuple((x, y) for x, y in points)))
    return render_strokes(strokes)


def specks() -> Ink:
    """A picture of any size with some ink somewhere: sides that shrink, grow, and stay."""
    height, width = random.integers(1, 90, 2)
    ink: NDArray[np.uint8] = random.integers(0, 256, (height, width), dtype=np.uint8)
    return np.where(random.random((height, width)) < random.choice([0.01, 0.3, 1.0]), ink, 0).astype(np.uint8)


def test_every_pixel_is_ours() -> None:
    drawings = [scribble() for _ in range(250)] + [specks() for _ in range(250)]
    drawings += [*load_mnist().test_images[:100], np.zeros((CANVAS, CANVAS), np.uint8)]
    tasks = [
        {"task": "prepare", "height": d.shape[0], "width": d.shape[1], "pixels": packed(d), "raw": raw}
        for d in drawings
        for raw in (False, True)
    ]
    expected = [prepare(d, raw=raw) for d in drawings for raw in (False, True)]
    for theirs, task in zip(expected, tasks, strict=True):
        ours = ask(task)
        if theirs is None:
            assert ours is None
            continue
        pixels = np.frombuffer(base64.b64decode(ours), np.uint8).reshape(28, 28)
        np.testing.assert_array_equal(pixels, theirs.fed, err_msg=str((task["height"], task["width"])))
