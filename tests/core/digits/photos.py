"""Photographs of a handwritten digit, made up: what a camera, a scanner or a drawing program might hand over.

Each is one of MNIST's test digits drawn large, or a digit of pen strokes, on a page with the trouble that its scene
names. All numbers (sizes, light, noise, pens) are drawn from wide ranges, by a seed.
``python -m tests.core.digits.photos`` counts how many of each scene the bundled networks read.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from lib.core.digits.examples import example_strokes
from lib.core.mnist import load_mnist

Grey = NDArray[np.float32]
Random = np.random.Generator


@dataclass(frozen=True)
class Photo:
    """A picture file and the digit on it; None where there is none to be read."""

    content: bytes
    label: int | None


@dataclass(eq=False)
class Page:
    """A page being made: ``grey`` (H, W) in 0 to 255, ``ink`` (H, W) in 0 to 1, and how dark its ink is."""

    grey: Grey
    ink: Grey
    label: int | None
    darkness: float

    def inked(self) -> Grey:
        """The page with its ink on it: ink takes a share of the light that falls there."""
        return np.asarray(self.grey * (1 - self.darkness * self.ink), dtype=np.float32)


def _blur(grey: Grey, radius: float) -> Grey:
    picture = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32)


def mnist_shape(random: Random, side: int) -> tuple[Grey, int]:
    """One of the test digits, ``side`` pixels for its 28, with the edge of a pen's stroke: (side, side), 0 to 1."""
    mnist = load_mnist()
    index = int(random.integers(len(mnist.test_images)))
    large = Image.fromarray(mnist.test_images[index]).resize((side, side), Image.Resampling.BICUBIC)
    cut = np.where(np.asarray(large, dtype=np.float32) > random.uniform(90, 150), 255, 0)
    soft = _blur(cut.astype(np.float32), max(0.5, side / 300))
    return np.asarray(soft / 255, dtype=np.float32), int(mnist.test_labels[index])


def pen_shape(random: Random, side: int, pen: float | None = None) -> tuple[Grey, int]:
    """A digit of pen strokes, a little turned, slanted and stretched: (side, side), 0 to 1; ``pen`` as a share."""
    label = int(random.integers(10))
    width = max(2, round(4 * side * (random.uniform(0.035, 0.1) if pen is None else pen)))
    turn, slant = np.radians(random.uniform(-8, 8)), random.uniform(-0.12, 0.2)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = matrix @ np.array([[random.uniform(0.8, 1.1), -slant], [0, 1]])
    picture = Image.new("L", (4 * side, 4 * side))
    pencil = ImageDraw.Draw(picture)
    for stroke in example_strokes(label):
        points = (np.array(stroke.points) - 140) / 280 @ matrix.T * 4 * side * 0.95 + 2 * side
        corners = [(float(x), float(y)) for x, y in points]
        pencil.line(corners, fill=255, width=width)
        for x, y in corners:
            pencil.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    small = picture.resize((side, side), Image.Resampling.BOX)
    return np.asarray(np.asarray(small) / 255, dtype=np.float32), label


def any_shape(random: Random, side: int) -> tuple[Grey, int]:
    """Two of three are MNIST's."""
    return mnist_shape(random, side) if random.random() < 2 / 3 else pen_shape(random, side)


def blank_page(random: Random, height: int = 600, width: int = 600) -> Page:
    """Paper, evenly lit."""
    grey = np.full((height, width), random.uniform(200, 250), np.float32)
    return Page(grey, np.zeros((height, width), np.float32), None, 0.0)


def written_page(
    random: Random, height: int = 600, width: int = 600, *, share: tuple[float, float] = (0.3, 0.65)
) -> Page:
    """Paper with one digit somewhere near the middle, its field of 28 pixels a ``share`` of the shorter side."""
    page = blank_page(random, height, width)
    side = round(random.uniform(*share) * min(height, width))
    shape, page.label = any_shape(random, side)
    free = np.array([height - side, width - side])
    top, left = np.rint(free * random.uniform(0.25, 0.75, 2)).astype(int)
    page.ink[top : top + side, left : left + side] = shape
    page.darkness = random.uniform(0.65, 0.95)
    return page


def _noisy(random: Random, grey: Grey, low: float = 1, high: float = 5) -> Grey:
    return np.asarray(grey + random.normal(0, random.uniform(low, high), grey.shape), dtype=np.float32)


def _file(grey: Grey, format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8))
    picture.save(buffer, format=format, **options)
    return buffer.getvalue()


def _jpeg(random: Random, grey: Grey) -> bytes:
    return _file(grey, "JPEG", quality=int(random.integers(55, 95)))


def _across(random: Random, height: int, width: int) -> Grey:
    """A ramp from 0 to 1 over the page, in any direction."""
    angle = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    ramp = x * np.cos(angle) + y * np.sin(angle)
    return np.asarray((ramp - ramp.min()) / (ramp.max() - ramp.min()), dtype=np.float32)


def _shade(random: Random, grey: Grey) -> Grey:
    """A shadow whose edge is between as wide as the page and a few pixels wide."""
    ramp = _across(random, *grey.shape)
    middle, width = (
        random.uniform(0.2, 0.8),
        random.choice([random.uniform(0.01, 0.1), random.uniform(0.3, 1)]),
    )
    light = np.clip((ramp - middle) / width + 0.5, 0, 1)
    darkest = random.uniform(0.35, 0.75)
    return np.asarray(grey * (darkest + (1 - darkest) * light), dtype=np.float32)


def clean(random: Random) -> Photo:
    """As a scanner makes it."""
    page = written_page(random)
    return Photo(_file(_noisy(random, page.inked(), 0, 2)), page.label)


def shadow(random: Random) -> Photo:
    """A shadow across the page."""
    page = written_page(random)
    return Photo(_jpeg(random, _noisy(random, _shade(random, page.inked()))), page.label)


def desk_strip(random: Random) -> Photo:
    """A strip of desk at one edge, or at two."""
    page = written_page(random)
    grey = page.inked()
    for _ in range(int(random.integers(1, 3))):
        side = int(random.integers(4))
        strip = round(random.uniform(0.02, 0.14) * 600)
        turned = np.rot90(grey, side)
        slope = random.uniform(-0.03, 0.03) * np.arange(600)
        mask = np.arange(600)[None, :] < strip + slope[:, None]
        turned[mask] = random.uniform(20, 130)
    return Photo(_jpeg(random, _noisy(random, grey)), page.label)


def dark_desk(random: Random) -> Photo:
    """The whole sheet, turned a little, on a dark desk with a grain."""
    page = written_page(random, 500, 400, share=(0.4, 0.7))
    grain = random.normal(0, 1, (750, 1)) * random.uniform(0, 1) + random.normal(0, 1, (750, 750))
    desk = _blur(np.asarray(128 + 30 * grain, dtype=np.float32), 1.5) - 128 + random.uniform(25, 110)
    scale = random.uniform(0.7, 1.15)
    size = (round(400 * scale), round(500 * scale))
    turn = random.uniform(-12, 12)

    def laid(values: Grey) -> Grey:
        small = Image.fromarray(values).resize(size, Image.Resampling.BILINEAR)
        turned = small.rotate(turn, Image.Resampling.BILINEAR, expand=True)
        field = Image.new("F", (750, 750))
        left, top = (
            round((750 - n) * random_place) for n, random_place in zip(turned.size, place, strict=True)
        )
        field.paste(turned, (left, top))
        return np.asarray(field, dtype=np.float32)

    place = random.uniform(0.3, 0.7, 2)
    cover = laid(np.ones_like(page.grey))
    grey = np.asarray(laid(page.inked()) + (1 - cover) * desk, dtype=np.float32)
    return Photo(_jpeg(random, _noisy(random, grey)), page.label)


def _speckled(random: Random, page: Page, count: int) -> None:
    for _ in range(count):
        size = random.uniform(0.004, 0.015) * 600
        y, x = random.uniform(0.02, 0.98, 2) * 600
        rows, columns = np.mgrid[:600, :600]
        spot = np.hypot(rows - y, columns - x) < size / 2 + 0.5
        if page.ink[spot].max(initial=0) > 0:
            continue
        page.ink[spot] = random.uniform(0.6, 1)
        page.darkness = page.darkness or 0.8


def speck(random: Random) -> Photo:
    """One speck of dirt."""
    page = written_page(random)
    _speckled(random, page, 1)
    return Photo(_file(_noisy(random, page.inked(), 0, 3)), page.label)


def specks(random: Random) -> Photo:
    """Several."""
    page = written_page(random)
    _speckled(random, page, int(random.integers(3, 15)))
    return Photo(_jpeg(random, _noisy(random, page.inked())), page.label)


def pencil(random: Random) -> Photo:
    """A pale grey pencil with gaps, and a camera's and JPEG's noise."""
    page = written_page(random, share=(0.35, 0.65))
    page.darkness = random.uniform(0.25, 0.5)
    grain = _blur(np.asarray(random.uniform(0, 255, page.ink.shape), dtype=np.float32), 1.2)
    page.ink *= np.where(grain > 128 - random.uniform(0, 25), 1, random.uniform(0.3, 0.7))
    buffer = _file(_noisy(random, page.inked(), 3, 8), "JPEG", quality=int(random.integers(25, 60)))
    return Photo(buffer, page.label)


def ballpoint(random: Random) -> Photo:
    """A thin line: far thinner, for its size, than MNIST's."""
    page = blank_page(random)
    side = round(random.uniform(0.3, 0.7) * 600)
    shape, page.label = pen_shape(random, side, random.uniform(0.012, 0.03))
    top, left = random.integers(20, 580 - side, 2)
    page.ink[top : top + side, left : left + side] = shape
    page.darkness = random.uniform(0.5, 0.9)
    return Photo(_jpeg(random, _noisy(random, _shade(random, page.inked()), 1, 4)), page.label)


def small_in_large(random: Random) -> Photo:
    """A small digit in a large photograph."""
    height, width = (1500, 2000) if random.random() < 0.7 else (3000, 4000)
    page = written_page(random, height, width, share=(0.05, 0.12))
    return Photo(_jpeg(random, _noisy(random, page.inked(), 0, 4)), page.label)


def sixteen_bit(random: Random) -> Photo:
    """16-bit grey, its values anywhere in the range."""
    page = written_page(random)
    top = random.choice([65535, 65535, 40000, 4095])
    values = np.clip(_noisy(random, page.inked(), 0, 3) / 255 * top, 0, 65535).astype(np.uint16)
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, format="PNG")
    return Photo(buffer.getvalue(), page.label)


def turned_by_exif(random: Random) -> Photo:
    """Stored lying down: the file's EXIF data say how to turn it."""
    page = written_page(random, 600, 450)
    picture = Image.fromarray(np.clip(np.rint(_noisy(random, page.inked())), 0, 255).astype(np.uint8))
    orientation, turn = {0: (1, 0), 1: (6, 90), 2: (3, 180), 3: (8, 270)}[int(random.integers(4))]
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    picture.rotate(turn, expand=True).save(buffer, format="JPEG", quality=85, exif=exif)
    return Photo(buffer.getvalue(), page.label)


def transparent(random: Random) -> Photo:
    """Ink on nothing: black, white or coloured, its paper transparent."""
    page = written_page(random)
    pixels = np.zeros((600, 600, 4), np.uint8)
    pixels[..., :3] = random.choice([[0, 0, 0], [255, 255, 255], [30, 60, 200], [200, 30, 30]])
    pixels[..., 3] = np.rint(255 * page.ink)
    if random.random() < 0.5:  # what is hidden below the transparency is no ink
        pixels[page.ink == 0, :3] = random.integers(0, 256, 3)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return Photo(buffer.getvalue(), page.label)


def colour_pen(random: Random) -> Photo:
    """Red, green, blue, orange, even yellow felt pens on warm or cold paper."""
    page = written_page(random)
    pens = [[200, 30, 30], [20, 130, 50], [40, 60, 200], [240, 130, 20], [245, 215, 40], [90, 170, 240]]
    pen = np.array(random.choice(pens), dtype=np.float32)
    paper = np.array([random.uniform(215, 250), random.uniform(215, 245), random.uniform(190, 250)])
    cover = page.ink[..., None] * random.uniform(0.8, 1)
    colour = (paper * (1 - cover) + pen * cover) * (_shade(random, np.ones_like(page.ink))[..., None])
    colour = np.clip(colour + random.normal(0, 3, colour.shape), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(colour).save(buffer, format="JPEG", quality=int(random.integers(65, 95)))
    return Photo(buffer.getvalue(), page.label)


def _ruled(random: Random, page: Page, *, both: bool) -> None:
    gap = random.uniform(0.05, 0.12) * 600
    slope = random.uniform(-0.05, 0.05)
    rows, columns = np.mgrid[:600, :600].astype(np.float32)
    thick, dark = random.uniform(1, 3), random.uniform(0.1, 0.4)
    for along, across in [(columns, rows), (-rows, columns)][: 2 if both else 1]:
        distance = np.abs((across + slope * along + random.uniform(0, gap)) % gap - gap / 2)
        page.grey *= 1 - dark * np.clip(thick / 2 + 0.5 - distance, 0, 1)


def ruled(random: Random) -> Photo:
    """Paper with lines."""
    page = written_page(random, share=(0.3, 0.6))
    _ruled(random, page, both=False)
    return Photo(_jpeg(random, _noisy(random, page.inked())), page.label)


def squared(random: Random) -> Photo:
    """Paper with squares."""
    page = written_page(random, share=(0.3, 0.6))
    _ruled(random, page, both=True)
    return Photo(_jpeg(random, _noisy(random, page.inked())), page.label)


def chalk(random: Random) -> Photo:
    """Light on dark: a blackboard, a screen's dark mode."""
    page = written_page(random)
    ground = random.uniform(10, 80)
    grey = ground + (random.uniform(190, 250) - ground) * page.ink
    return Photo(_jpeg(random, _noisy(random, np.asarray(grey, dtype=np.float32), 0, 6)), page.label)


def cropped(random: Random) -> Photo:
    """Cut so close that the digit almost fills the picture."""
    side = int(random.integers(60, 500))
    shape, label = any_shape(random, side)
    grey = random.uniform(200, 250) * (1 - random.uniform(0.65, 0.95) * shape)
    return Photo(_file(_noisy(random, np.asarray(grey, dtype=np.float32), 0, 3)), label)


def phone(random: Random) -> Photo:
    """All at once: shadow, desk, specks, noise, a digit not in the middle."""
    page = written_page(random, share=(0.2, 0.5))
    _speckled(random, page, int(random.integers(0, 5)))
    grey = _shade(random, page.inked())
    strip = round(random.uniform(0, 0.1) * 600)
    np.rot90(grey, int(random.integers(4)))[:, :strip] = random.uniform(20, 120)
    return Photo(_jpeg(random, _noisy(random, _blur(grey, random.uniform(0.3, 1.5)), 1, 6)), page.label)


def blank_noise(random: Random) -> Photo:
    """Paper and a camera's noise."""
    page = blank_page(random)
    return Photo(_file(_noisy(random, page.grey, 2, 20)), None)


def blank_shadow(random: Random) -> Photo:
    """Paper with a shadow across it."""
    page = blank_page(random)
    return Photo(_jpeg(random, _noisy(random, _shade(random, page.grey), 1, 8)), None)


def blank_desk(random: Random) -> Photo:
    """Paper and a strip of desk."""
    page = blank_page(random)
    np.rot90(page.grey, int(random.integers(4)))[:, : int(random.integers(10, 90))] = random.uniform(20, 120)
    return Photo(_jpeg(random, _noisy(random, page.grey, 1, 6)), None)


def blank_specks(random: Random) -> Photo:
    """Paper with dirt on it."""
    page = blank_page(random)
    _speckled(random, page, int(random.integers(1, 6)))
    return Photo(_jpeg(random, _noisy(random, page.inked(), 1, 6)), None)


def blank_ruled(random: Random) -> Photo:
    """Lines or squares, and nothing written."""
    page = blank_page(random)
    _ruled(random, page, both=random.random() < 0.5)
    return Photo(_jpeg(random, _noisy(random, page.inked(), 1, 6)), None)


SCENES: dict[str, Callable[[Random], Photo]] = {
    scene.__name__: scene
    for scene in (
        clean,
        shadow,
        desk_strip,
        dark_desk,
        speck,
        specks,
        pencil,
        ballpoint,
        small_in_large,
        sixteen_bit,
        turned_by_exif,
        transparent,
        colour_pen,
        ruled,
        squared,
        chalk,
        cropped,
        phone,
    )
}
BLANKS: dict[str, Callable[[Random], Photo]] = {
    scene.__name__: scene for scene in (blank_noise, blank_shadow, blank_desk, blank_specks, blank_ruled)
}


def photo(scene: str, seed: int) -> Photo:
    """The same picture for the same scene and seed."""
    names = [*SCENES, *BLANKS]
    return {**SCENES, **BLANKS}[scene](np.random.default_rng([seed, names.index(scene)]))


def main() -> None:
    """A table: of each scene how many are read right, by the bundled MLP and the bundled CNN."""
    from lib.core.digits.classifier import answer, load_classifier
    from lib.core.digits.prepare import prepare
    from lib.core.digits.upload import UploadError, ink_of_picture
    from lib.core.training.bundled import CNN, MLP, bundled

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("scenes", nargs="*", default=[*SCENES, *BLANKS])
    chosen = parser.parse_args()
    networks = [load_classifier(bundled(each).config, bundled(each).weights) for each in (MLP, CNN)]
    for scene in chosen.scenes:
        right, wrong = [0, 0], list[str]()
        for seed in range(chosen.seed, chosen.seed + chosen.count):
            made = photo(scene, seed)
            said: list[object]
            try:
                prepared = prepare(ink_of_picture(made.content).ink)
                said = (
                    [answer(each, prepared.pixels).digit for each in networks] if prepared else ["no ink"] * 2
                )
            except UploadError as error:
                said = [None, None] if made.label is None else [str(error)] * 2
            right = [n + (each == made.label) for n, each in zip(right, said, strict=True)]
            if said[0] != made.label:
                wrong.append(f"{seed}: {made.label} read {said}")
        print(f"{scene:16s} {right[0]:3d} {right[1]:3d} of {chosen.count}   {'; '.join(wrong)}", flush=True)


if __name__ == "__main__":
    main()
