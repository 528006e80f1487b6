"""/cnn in a real browser: break a stack and mend it, edit rows, open each classic, point at units, draw."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from lib.core.mnist import load_mnist
from lib.core.nets.analysis import analyse
from lib.core.nets.classics import Classic, classic
from lib.core.nets.graph import INPUT, Network
from lib.core.nets.stack import general_stack, read_code
from lib.core.nets.units import seen_by
from lib.core.png import png_bytes
from lib.lessons.cnn.texts import CNN_TEXTS
from lib.ui.lang import Lang
from tests.core.nets.test_reading import TUTORIAL
from tests.e2e.server import Server
from tests.e2e.tabs import RUN_MS
from tests.e2e.waits import absent, becomes, box, finished, not_in_address, texts, until, value

pytestmark = pytest.mark.e2e


def headline(page: Page, *said: str) -> None:
    """Wait until the network's numbers say so, all of it at once."""
    line = page.locator(".st-key-cnn_headline")
    for words in said:
        line = line.filter(has_text=words)
    expect(line).to_be_visible()


def complaint(page: Page, said: str) -> None:
    """Wait until the page says what is wrong."""
    expect(page.get_by_test_id("stAlert").filter(has_text=said)).to_be_visible()


def open_cnn(page: Page, server: Server, query: str = "") -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server.url}/cnn?lang=en&{query}")
    finished(page)


def seen(network: Network, row: int, y: int, x: int) -> str:
    """How the page words what a unit sees."""
    found = analyse(network)
    shapes = tuple(report.shape for report in found.rows)
    rows, columns = seen_by(network, shapes, row, (y, x))[INPUT]
    theory = found.rows[row].field.sizes
    cells = f"{len(rows)} × {len(columns)} pixels of the input"
    return f"unit ({y}, {x}): sees {cells}. In theory {theory[0]} × {theory[1]}"


def test_a_program_of_ones_own_is_drawn_and_back_brings_the_former_network(
    server: Server, page: Page
) -> None:
    texts_en = CNN_TEXTS[Lang.EN]
    open_cnn(page, server, "N=3")
    before = texts(page.locator(".st-key-cnn_headline"))
    page.get_by_text(texts_en.read_heading, exact=True).click()
    program = page.get_by_label(texts_en.read_field, exact=True)
    program.fill(TUTORIAL.replace("nn.MaxPool2d", "nn.LSTM"))
    page.get_by_role("button", name=texts_en.read_button, exact=True).click()
    line = TUTORIAL.split("\n").index("        self.pool = nn.MaxPool2d(2, 2)") + 1
    complaint(page, f"Line {line}: LSTM is not among the layers")
    program.fill(TUTORIAL)
    page.get_by_role("button", name=texts_en.read_button, exact=True).click()
    headline(page, "62,006")
    absent(page.get_by_test_id("stAlert").filter(has_text="LSTM"))
    complaint(page, texts_en.read_done.format(count=12, size=32))
    expect(page.locator(".net-table tr[data-row='1'] .layer code")).to_have_text(
        "Conv2d(3, 6, kernel_size=5)"
    )
    page.go_back()
    headline(page, *before)
    not_in_address(page, "stack")


def test_a_stack_is_built_broken_and_mended(server: Server, page: Page) -> None:
    open_cnn(page, server)
    headline(page, "11,274")
    expect(page.locator(".net [data-box]")).to_have_count(6)
    # A row is edited in place, another one comes in.
    page.get_by_role("button", name="Edit row 1", exact=True).click()
    page.locator(".net-form label", has_text="out_channels").locator("input").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator(".net-table tr[data-row='1'] .layer code")).to_have_text(
        "Conv2d(1, 12, kernel_size=5, padding=2)"
    )
    until(page, lambda: "stack=" in page.url)
    page.get_by_label("Insert after row 2", exact=True).select_option("BatchNorm2d")
    expect(page.locator(".net-table tr[data-row='3'] .layer code")).to_have_text("BatchNorm2d(12)")
    # The wrong number of features: the part before it stays, PyTorch's words, and one press.
    page.get_by_role("button", name="Edit row 9", exact=True).click()
    field = page.locator(".net-form label", has_text="in_features").locator("input")
    field.fill("100")
    field.press("Enter")
    complaint(page, "mat1 and mat2 shapes cannot be multiplied (1x784 and 100x10)")
    expect(page.locator(".net-table tr.broken")).to_have_attribute("data-row", "9")
    expect(page.locator(".net .broken")).to_be_visible()
    page.get_by_role("button", name="Row 9: in_features = 784").click()
    expect(page.locator(".net-table tr[data-row='9'] .layer code")).to_have_text("Linear(784, 10)")
    absent(page.get_by_test_id("stAlert"))
    # Back undoes a press; a row goes; the code in the address is the stack.
    page.go_back()
    complaint(page, "mat1 and mat2")
    page.get_by_role("button", name="Remove row 9", exact=True).click()
    absent(page.get_by_test_id("stAlert"))
    code = re.search(r"stack=([^&]+)", page.url)
    assert code is not None
    assert len(read_code(code[1]).rows) == 8
    page.get_by_role("button", name="Back to N, M, K").click()
    headline(page, "11,274")


def test_each_classic_opens_and_its_units_say_what_they_see(server: Server, page: Page) -> None:
    open_cnn(page, server)
    line = page.locator(".net-line")
    for name in Classic:
        page.get_by_role("combobox", name="Network").click()
        page.get_by_role("option", name=name.printed, exact=True).click()
        network = classic(name)
        found = analyse(network)
        headline(page, f"{found.parameters:,}", f"{found.macs:,}")
        assert found.last_map is not None
        shape = found.rows[found.last_map].shape
        expect(line).to_contain_text(seen(network, found.last_map, shape[2] // 2, shape[3] // 2))
    # GoogLeNet: branches meet in every block, and unfold.
    expect(page.locator(".net .meeting, .net .strand").first).to_be_attached()
    expect(page.locator(".net-table .meets").first).to_have_text(
        "Side by side: 64 + 128 + 32 + 32 = 256 channels; height and width agree."
    )
    count = "node => node.querySelectorAll('[data-box]').length"
    folded = becomes(page.locator(".net-stage svg"), count)
    page.get_by_role("button", name="Unfold all").click()
    unfolded = becomes(page.locator(".net-stage svg"), count, lambda boxes: boxes > 3 * folded)
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG").click()
    drawing = ElementTree.parse(saved.value.path()).getroot()
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(drawing.findall(".//*[@data-box]")) == unfolded


def test_a_unit_is_pinned_and_its_gradient_measured(server: Server, page: Page) -> None:
    open_cnn(page, server, "net=resnet18&size=96")
    network = classic(Classic.RESNET18, size=96)
    number = next(n for n, row in enumerate(network.rows, start=1) if row.name == "layer2.0.relu")
    line = page.locator(".net-line")
    face = page.locator(f".net [data-row='{number}'] .face")
    at = box(face)
    # In the middle of a cell: on an edge the pointer and the press may round to different ones.
    middle = at["x"] + at["width"] * 0.46, at["y"] + at["height"] * 0.46
    page.mouse.move(*middle)
    expect(line).to_contain_text(f"Row {number}, ReLU, unit (")
    words = texts(line)[0]
    found = re.search(r"unit \((\d+), (\d+)\)", words)
    assert found is not None
    y, x = int(found[1]), int(found[2])
    assert seen(network, number - 1, y, x) in words
    page.mouse.click(*middle)
    until(page, lambda: f"at={number}.{y}.{x}" in page.url)
    expect(line).to_contain_text("holds 95.45 % of the gradient", timeout=RUN_MS)
    expect(page.locator(".net-photo canvas")).to_be_visible()
    page.locator(".net-stage svg").press("Escape")
    until(page, lambda: "at=" not in page.url)
    absent(page.locator(".net-photo canvas"))
    # By keyboard: to the next layer.
    page.locator(".net-stage svg").press("ArrowRight")
    expect(line).not_to_contain_text(f"Row {number},")


def test_the_square_of_a_unit_in_the_corner_lies_around_its_own_middle(server: Server, page: Page) -> None:
    open_cnn(page, server, "net=resnet18&size=96&at=66.0.2")
    expect(page.locator(".net-line")).to_contain_text("holds 95.45 % of the gradient", timeout=RUN_MS)
    square = page.locator(".net-photo rect[stroke-dasharray]")
    x, y, side = (
        96 * float(value(square, "(node, name) => node.getAttribute(name)", name))
        for name in ("x", "y", "width")
    )
    jump, to_first = (
        32,
        0,
    )  # of ResNet-18's last maps: strides multiplied, and the first unit's middle by hand
    assert (y + side / 2, x + side / 2) == pytest.approx((to_first + 0.5, to_first + 2 * jump + 0.5))


def test_the_maps_follow_the_pen_beside_the_network(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_cnn(page, server)
    maps = page.locator(".maps")
    expect(maps).to_have_attribute("data-source", "digit")
    pad = box(page.locator("canvas.upper-canvas"))
    for each in (pad, box(page.locator(".net-stage")), box(maps)):
        assert each["y"] < 720  # all of them on the first screen
    whole = box(maps)
    assert (
        whole["y"] + whole["height"] <= 720
    )  # whose maps they are is said above them, and takes no row from them
    expect(page.get_by_text("this same architecture, trained on MNIST")).to_be_visible()
    # From below: the canvas's own tools slide in over its upper edge.
    page.mouse.move(pad["x"] + 75, pad["y"] + 125)
    page.mouse.down()
    page.mouse.move(pad["x"] + 75, pad["y"] + 30, steps=8)
    expect(maps).to_have_attribute("data-source", "pen")
    expect(maps).to_have_attribute("data-best", "1")
    page.mouse.up()
    network = general_stack().network(size=28)
    expect(page.locator(".net-line")).to_contain_text(seen(network, 5, 3, 3))
    expect(page.locator(".net-stage svg")).to_have_attribute("aria-label", re.compile("^A network of 8 rows"))


def test_the_maps_show_an_uploaded_picture(server: Server, page: Page, tmp_path: Path) -> None:
    open_cnn(page, server)
    paper = 255 - load_mnist().test_images[0].repeat(4, axis=0).repeat(4, axis=1)
    (tmp_path / "seven.png").write_bytes(png_bytes(paper))
    (tmp_path / "bad.png").write_bytes(b"no picture")
    page.get_by_test_id("stPopover").filter(has_text="Another picture").get_by_role("button").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "seven.png")
    expect(page.locator(".maps")).to_have_attribute("data-best", "7")
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.png")
    expect(page.get_by_test_id("stAlert").filter(has_text="picture")).to_be_visible()
