"""/draw in a real browser: digits drawn with the mouse, kept, learned from; reasons that add up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from lib.core.digits.classifier import load_classifier
from lib.core.digits.inside import look_inside
from lib.core.mnist import load_mnist
from lib.core.png import png_bytes
from lib.core.training.bundled import bundled
from tests.core.digits.photos import photo
from tests.e2e.server import Server
from tests.e2e.tabs import RUN_MS
from tests.e2e.waits import absent, box, finished, sideways, texts, until, value

pytestmark = pytest.mark.e2e
Path2D = Sequence[tuple[float, float]]

# Strokes in a box of 1 x 1.
ONE: Sequence[Path2D] = [[(0.55, 0), (0.45, 1)]]
ZERO: Sequence[Path2D] = [
    [
        (0.5, 0),
        (0.22, 0.12),
        (0.1, 0.5),
        (0.22, 0.88),
        (0.5, 1),
        (0.78, 0.88),
        (0.9, 0.5),
        (0.78, 0.12),
        (0.5, 0),
    ]
]
SEVEN: Sequence[Path2D] = [[(0.1, 0), (0.9, 0), (0.4, 1)]]
DIGITS = {"0": ZERO, "1": ONE, "7": SEVEN}


def open_draw(page: Page, server: Server, query: str = "lang=en") -> None:
    page.goto(f"{server.url}/draw?{query}")
    finished(page)


def canvas(page: Page) -> Locator:
    return page.locator("canvas.upper-canvas")


def verdict(page: Page) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("heading", level=2).filter(has_text="reads").first


def resting_place(page: Page) -> FloatRect:
    """Where the canvas is in the window once nothing moves any more."""
    finished(page)
    value(canvas(page), "canvas => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return box(canvas(page))


def draw(
    page: Page,
    strokes: Sequence[Path2D],
    *,
    left: float = 80,
    top: float = 50,
    width: float = 120,
    height: float = 180,
) -> None:
    """With the mouse, into that part of the canvas (280 x 280 pixels)."""
    corner = resting_place(page)
    for stroke in strokes:
        points = [(corner["x"] + left + x * width, corner["y"] + top + y * height) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=8)
        page.mouse.up()


def expect_read(page: Page, digit: str) -> None:
    expect(verdict(page)).to_contain_text(f"reads {digit} (")


def streamlit_button(page: Page, name: str) -> Locator:
    """Not the canvas's own toolbar, which has buttons of the same names."""
    return page.get_by_test_id("stBaseButton-secondary").filter(has_text=name)


@pytest.mark.parametrize(
    "place", [{}, {"left": 15, "top": 180, "width": 55, "height": 85}], ids=["large", "small"]
)
def test_digits_drawn_with_the_mouse_are_read(server: Server, page: Page, place: dict[str, float]) -> None:
    open_draw(page, server, "lang=en&pen=12" if place else "lang=en")
    for digit, strokes in DIGITS.items():
        draw(page, strokes, **place)
        expect_read(page, digit)
        streamlit_button(page, "Clear").click()
        absent(verdict(page))


def strokes_in(url: str) -> int:
    ink = re.search(r"[?&]ink=([^&]*)", url)
    return 1 + ink.group(1).count(".") if ink else 0


def test_undo_clear_and_reload_keep_or_restore_the_drawing(server: Server, page: Page) -> None:
    open_draw(page, server)
    draw(page, ZERO)
    expect_read(page, "0")
    page.wait_for_url(re.compile("ink="))
    page.reload()
    expect_read(page, "0")
    draw(page, [[(0.5, 0.1), (0.5, 0.9)], [(0.2, 0.5), (0.8, 0.5)]])
    until(page, lambda: strokes_in(page.url) == 3)
    streamlit_button(page, "Clear").click()
    absent(verdict(page))
    page.wait_for_url(lambda url: "ink=" not in url)
    streamlit_button(page, "Undo").click()
    expect(verdict(page)).to_be_visible()
    for strokes in (2, 1):
        streamlit_button(page, "Undo").click()
        until(page, lambda left=strokes: strokes_in(page.url) == left)  # type: ignore[misc]
    expect_read(page, "0")


def rows(page: Page) -> list[int]:
    """The listed sum, in thousandths: bias, units, the others, and the logit as the last."""
    shown = texts(page.locator(".sum .sum-value"))
    return [round(1000 * float(re.sub(r"[=+\s]", "", text).replace("−", "-"))) for text in shown]


def test_the_sum_on_the_page_adds_up_for_every_class(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/draw?lang=en&source=test&digit=2")
    expect_read(page, "1")
    for digit in range(10):
        page.get_by_role("button", name=re.compile(rf"^{digit}: logit")).click()
        expect(page.locator(".sum h3")).to_contain_text(f"logit of {digit}")
        *terms, logit = rows(page)
        assert len(terms) == 10
        assert sum(terms) == logit


def expected_slope(digit: int, row: int, column: int) -> str:
    """As the page writes it, of the first test image."""
    model = load_classifier(bundled().config, bundled().weights)
    pixels = (load_mnist().test_images[0].reshape(-1) / np.float32(255)).astype(np.float32)
    slope = look_inside(model, pixels).slopes[digit][28 * row + column]
    return f"{slope:.3f}".replace("-", "−")


def test_pixels_and_units_say_their_numbers(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/draw?lang=en&source=test&digit=0")
    expect_read(page, "7")
    fed = page.locator(".fed .frame")
    fed.focus()
    fed.press("ArrowUp")
    expect(page.locator(".fed .readout")).to_have_text(
        re.compile(r"row 14, column 14: \d+ / 255 = [01]\.\d{4}")
    )
    fed.press("ArrowUp")
    value = int(load_mnist().test_images[0][13, 14])
    expect(page.locator(".fed .readout")).to_contain_text(f"row 13, column 14: {value} / 255")
    evidence = page.locator(".evidence .frame")
    evidence.focus()
    evidence.press("ArrowUp")
    expect(page.locator(".evidence .readout")).to_have_text(
        re.compile(rf"row 14, column 14: .* slope {expected_slope(7, 14, 14)} =")
    )
    chip = page.locator(".chips button").nth(3)
    chip.click()
    expect(page.locator(".chips button").nth(3)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".unit .equation")).to_contain_text("ReLU makes it")


def test_own_digits_are_kept_and_learned_from(server: Server, page: Page) -> None:
    open_draw(page, server)
    # The second 7, drawn elsewhere and wider, is held out.
    for digit, width in (("7", 120), ("1", 120), ("7", 140)):
        draw(page, DIGITS[digit], width=width)
        expect_read(page, digit)
        page.get_by_role("radio", name=digit, exact=True).click()
        absent(verdict(page))
    expect(page.get_by_text("1 / 1 (100.0 %)").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("img", name="Digit 2: meant 1, read 1")).to_be_visible()
    page.get_by_test_id("stBaseButton-primary").filter(has_text="Fine-tune").click()
    expect(page.get_by_role("cell", name="Bundled network + 2 of mine").first).to_be_visible(timeout=RUN_MS)
    draw(page, ZERO)
    both = page.get_by_test_id("stMain").get_by_role("heading", level=2).filter(has_text="reads")
    expect(both).to_have_count(2)
    expect(both.first).to_contain_text("reads 0")
    finished(page)  # a link that is drawn anew under the pointer takes no click
    page.get_by_text("Charts of this run").click()
    expect(page.get_by_text("Bundled network + 2 of mine: 784-50-10 ReLU")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Got \d+ / 10000 with accuracy \d+\.\d\d\s*$"))).to_be_visible()


def test_a_picture_and_raw_input(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/draw?lang=en&source=upload")
    expect(page.get_by_text("Choose a picture of one digit")).to_be_visible()
    (tmp_path / "bad.png").write_bytes(b"no picture")
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.png")
    expect(page.get_by_test_id("stAlert").filter(has_text="cannot be read as a picture")).to_be_visible()
    paper = 255 - load_mnist().test_images[0].repeat(4, axis=0).repeat(4, axis=1)
    (tmp_path / "seven.png").write_bytes(png_bytes(paper))
    page.locator("input[type=file]").set_input_files(tmp_path / "seven.png")
    expect_read(page, "7")
    page.reload()
    expect_read(page, "7")
    expect(page.get_by_text("28 × 28, centred")).to_be_visible()
    page.get_by_test_id("stCheckbox").filter(has_text="Feed it raw").click()
    expect(page.get_by_text("28 × 28, raw")).to_be_visible()
    (tmp_path / "blank.png").write_bytes(photo("blank_noise", 0).content)
    page.locator("input[type=file]").set_input_files(tmp_path / "blank.png")
    expect(page.get_by_test_id("stAlert").filter(has_text="blank paper")).to_be_visible()
    absent(verdict(page))  # no answer to the picture before
    page.get_by_test_id("stCheckbox").filter(has_text="Feed it raw").click()
    (tmp_path / "photo.jpg").write_bytes(photo("dark_desk", 0).content)
    page.locator("input[type=file]").set_input_files(tmp_path / "photo.jpg")
    expect_read(page, "0")


def test_chinese_on_a_phone(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/draw?lang=zh&source=test&digit=0")
    expect(page.get_by_role("heading", name="自带网络：读作 7")).to_be_visible()
    expect(page.get_by_text("数字能移动多远？")).to_be_visible()
    assert sideways(page) <= 0


def test_the_bars_follow_the_pen_and_an_example_is_one_press(server: Server, page: Page) -> None:
    open_draw(page, server)
    pad = page.locator(".st-key-pad")
    expect(pad).to_have_attribute("data-ink", "false")  # the ghost is there
    corner = resting_place(page)
    points = [(corner["x"] + 80 + 120 * x, corner["y"] + 50 + 180 * y) for x, y in SEVEN[0]]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    expect_read(page, "7")  # the pen is still down
    expect(pad).to_have_attribute("data-ink", "true")
    page.mouse.up()
    expect(page.get_by_text("28 × 28, centred")).to_be_visible()
    streamlit_button(page, "Clear").click()
    absent(verdict(page))
    page.get_by_role("button", name="Draw an example").click()
    expect(verdict(page)).to_be_visible()
    expect(page.get_by_text("28 × 28, centred")).to_be_visible()


def test_a_cnn_is_trained_and_asked_beside_the_others(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train?lang=en&network=cnn&conv=4k5,8&epochs=1&share=10")
    expect(page.get_by_text("1×28×28 → 4×14×14 → 8×7×7 → 392 → 10")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile(r"^Got \d+ / 10000 with accuracy \d+\.\d\d\s*$"))).to_be_visible(
        timeout=RUN_MS
    )
    expect(page.get_by_text("conv 4k5, 8 · 392-10 ReLU").first).to_be_visible()
    expect(page.get_by_text("First layer: its kernels as images")).to_be_visible()
    page.goto(f"{server.url}/draw?lang=en&source=test&digit=0")
    expect_read(page, "7")
    groups = page.get_by_test_id("stButtonGroup")
    for name in ("Bundled CNN", "Run 1"):
        groups.filter(has_text="Networks").get_by_text(name, exact=True).click()
    heads = page.get_by_test_id("stMain").get_by_role("heading", level=2).filter(has_text="reads")
    expect(heads).to_have_count(3)
    expect(heads.nth(1)).to_contain_text("Bundled CNN reads 7")
    groups.filter(has_text="Look inside").get_by_text("Run 1", exact=True).click()
    maps = page.locator(".maps")
    expect(maps).to_have_attribute("data-source", "picture")
    expect(maps.locator(".stage h2").nth(1)).to_contain_text("4×28×28")
    expect(page.get_by_text(re.compile("Bundled CNN reads it from"))).to_be_visible()
