"""/convolution in a real browser: point, pin, play, edit, refuse, repair; on a wall and on a phone."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lib.core.conv.data import picture_data, test_digits
from lib.core.conv.layer import Axis, Layer, LayerKind
from lib.core.conv.look import Edit, InputKind, KernelKind, Look
from lib.ui.lang import Lang
from tests.e2e.server import Server
from tests.e2e.waits import absent, box, finished, value

pytestmark = pytest.mark.e2e
SEVEN = Layer(LayerKind.CONV2D, Axis(7, 3, 1, 1), Axis(7, 3, 1, 1))
STRIDED = Layer(LayerKind.CONV2D, Axis(9, 3, 2), Axis(9, 3, 2))
READ_STRIP = """
root => {
  const numbers = (selector) => [...root.querySelectorAll(selector)].map((node) => Number(node.dataset.value));
  return {
    products: numbers('[data-matrix=product][data-value]'),
    partials: numbers('.partial'),
    bias: numbers('.bias').reduce((sum, value) => sum + value, 0),
    total: numbers('.total')[0],
  };
}
"""


@dataclass(frozen=True)
class Strip:
    """What the strip says about one output cell."""

    products: list[float]
    partials: list[float]
    bias: float
    total: float


def open_page(
    page: Page, server: Server, query: str = "", *, still: bool = True, lang: Lang = Lang.EN
) -> None:
    if still:
        page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server.url}/convolution?{query}&lang={lang}")
    expect(page.get_by_test_id("stCode")).to_be_visible()
    expect(page.locator(".conv .stage").first).to_have_attribute("data-rows", re.compile(r"\d"))
    finished(page)


def stage(page: Page, grid: str) -> Locator:
    return page.locator(f".conv .figure.{grid} .stage")


def place(page: Page, grid: str, r: int, c: int) -> dict[str, float]:
    cell = float(stage(page, grid).get_attribute("data-cell") or 0)
    return {"x": (c + 0.5) * cell, "y": (r + 0.5) * cell}


def hit(page: Page, grid: str) -> Locator:
    return page.locator(f".conv .figure.{grid} .hit")


def kernel_cell(page: Page, r: int, c: int) -> Locator:
    return page.locator(f".conv [data-matrix=kernel][data-r='{r}'][data-c='{c}']")


def pin_output(page: Page, r: int, c: int) -> Strip:
    hit(page, "output").click(position=place(page, "output", r, c))  # type: ignore[arg-type]
    return strip(page)


def strip(page: Page) -> Strip:
    return Strip(**value(page.locator(".conv"), READ_STRIP))


def reading(page: Page) -> Locator:
    return page.locator(".conv .reading")


def test_the_strip_adds_up_to_torchs_number(server: Server, page: Page) -> None:
    open_page(page, server, "W=9&F=3&P=0&S=2")
    expect(page.get_by_text("torch.Size([1, 1, 4, 4])").first).to_be_visible()
    outputs = picture_data(STRIDED, Look(), test_digits()[0]).outputs(STRIDED)[0]
    for r, c in ((0, 0), (1, 2), (3, 3)):
        read = pin_output(page, r, c)
        assert len(read.products) == 9
        assert sum(read.products) == sum(read.partials)
        assert sum(read.partials) + read.bias == read.total == outputs[r, c]
        expect(reading(page)).to_contain_text(f"y[0, 0, {r}, {c}]")


def test_channels_have_partial_sums_that_add_up(server: Server, page: Page) -> None:
    open_page(page, server, "W=6&F=3&P=1&Cin=3&Cout=2")
    read = pin_output(page, 2, 2)
    assert len(read.partials) == 3
    assert sum(read.partials) + read.bias == read.total
    assert sum(read.products) == read.partials[0]
    page.locator(".conv .partial").nth(2).click()
    expect(page.locator(".conv .partial").nth(2)).to_have_attribute("aria-pressed", "true")
    assert sum(strip(page).products) == read.partials[2]


def test_arrow_keys_walk_and_the_pointer_shows_what_an_input_feeds(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1")
    pin_output(page, 3, 3)
    page.keyboard.press("ArrowRight")
    expect(reading(page)).to_contain_text("y[0, 0, 3, 4]")
    page.keyboard.press("ArrowUp")
    expect(reading(page)).to_contain_text("y[0, 0, 2, 4]")
    hit(page, "input").hover(position=place(page, "input", 1, 1))  # type: ignore[arg-type]
    expect(reading(page)).to_contain_text("x[0, 0, 0, 0]")
    expect(reading(page)).to_contain_text("4")
    page.mouse.move(1, 1)
    expect(reading(page)).to_contain_text("y[0, 0, 2, 4]")
    kernel_cell(page, 0, 0).hover()
    expect(reading(page)).to_contain_text("w[0, 0]")
    expect(reading(page)).to_contain_text("49")


def test_play_pause_step_and_scrub(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1")
    root = page.locator(".conv")
    expect(root).to_have_attribute("data-playing", "false")
    play = root.locator(".button.main")
    play.click()
    expect(root).to_have_attribute("data-playing", "true")
    expect(root).not_to_have_attribute("data-step", "0")
    play.click()
    expect(root).to_have_attribute("data-playing", "false")
    at = int(root.get_attribute("data-step") or 0)
    root.get_by_role("button", name="One step", exact=True).click()
    expect(root).to_have_attribute("data-step", str(at + 1))
    scrubber = root.locator(".scrubber")
    scrubber.press("End")
    expect(root).to_have_attribute("data-step", "48")
    expect(reading(page)).to_contain_text("y[0, 0, 6, 6]")


def test_it_moves_by_itself_unless_motion_is_unwelcome(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1", still=False)
    expect(page.locator(".conv")).to_have_attribute("data-playing", "true")


def test_a_weight_and_an_input_cell_are_edited_in_place(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1")
    pin_output(page, 3, 3)
    kernel_cell(page, 1, 1).click()
    page.keyboard.press("Enter")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    look = Look(weight_edits=(Edit((0, 0, 1, 1), 5.0),))
    outputs = picture_data(SEVEN, look, test_digits()[0]).outputs(SEVEN)[0]
    assert pin_output(page, 3, 3).total == outputs[3, 3]
    expect(page.get_by_test_id("stCode")).to_contain_text("[-2.0, 5.0, 2.0]")

    hit(page, "input").dblclick(position=place(page, "input", 4, 4))  # type: ignore[arg-type]
    page.keyboard.type("-7")
    page.keyboard.press("Enter")
    both = Look(weight_edits=look.weight_edits, input_edits=(Edit((0, 3, 3), -7.0),))
    outputs = picture_data(SEVEN, both, test_digits()[0]).outputs(SEVEN)[0]
    assert pin_output(page, 3, 3).total == outputs[3, 3]
    expect(page.get_by_test_id("stCode")).to_contain_text("-7.0, 8.0, 0.0")
    page.reload()
    expect(page.get_by_test_id("stCode")).to_contain_text("-7.0, 8.0, 0.0")
    finished(page)
    assert pin_output(page, 3, 3).total == outputs[3, 3]


def test_a_shifted_input_shifts_the_output(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1")
    page.locator(".conv [data-shift=right]").click()
    look = Look(input=InputKind.DIGIT, shift=(1, 0))
    before, after = (picture_data(SEVEN, each, test_digits()[0]).outputs(SEVEN)[0] for each in (Look(), look))
    assert pin_output(page, 3, 3).total == after[3, 3] == before[3, 2]
    assert np.array_equal(after[:, 2:-1], before[:, 1:-2])
    expect(page.locator(".conv .figure.output .note")).to_contain_text(re.compile(r"\d"))


@pytest.mark.parametrize("lang", list(Lang))
def test_illegal_settings_give_torchs_words_and_one_press_repairs(
    server: Server, page: Page, lang: Lang
) -> None:
    open_page(page, server, "W=3&F=7&P=0", lang=lang)
    expect(page.get_by_test_id("stAlert").first).to_contain_text(
        "Kernel size can't be greater than actual input size"
    )
    absent(page.get_by_text("torch.Size("))
    page.get_by_test_id("stMain").get_by_role("button", name=re.compile(r"^P = \d+$")).first.click()
    expect(page.get_by_text("torch.Size([1, 1, 1, 1])").first).to_be_visible()


def test_bad_values_in_the_address_are_explained(server: Server, page: Page) -> None:
    open_page(page, server, "W=9999&F=x&S=0")
    alerts = page.get_by_test_id("stAlert")
    for key in ("W=9999", "F=x", "S=0"):
        expect(alerts.filter(has_text=key)).to_be_visible()


def test_pooling_and_transposed_layers_use_the_same_picture(server: Server, page: Page) -> None:
    open_page(page, server, "kind=MaxPool2d&W=8&F=2&S=2&P=0")
    expect(page.get_by_text("torch.Size([1, 1, 4, 4])").first).to_be_visible()
    pin_output(page, 1, 1)
    expect(reading(page)).to_contain_text("max(")
    open_page(page, server, "kind=ConvTranspose2d&W=4&F=3&S=2&P=1&OP=1")
    expect(page.get_by_text("torch.Size([1, 1, 8, 8])").first).to_be_visible()
    read = pin_output(page, 3, 3)
    assert sum(read.products) + read.bias == read.total


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ("own=true&W=8&H=5&FH=2&PH=0", "[1, 1, 4, 8]"),
        ("W=-3&F=abc&S=0&P=999&D=1e9", "[1, 1, 9, 9]"),
        ("W=200&F=11&S=4", "[1, 1, 48, 48]"),
        ("Cin=0&N=abc&Cout=1e9&OP=-1", "[1, 1024, 7, 7]"),
    ],
)
def test_what_the_address_says_is_shown_at_once_and_after_a_reload(
    server: Server, page: Page, query: str, shape: str
) -> None:
    page.goto(f"{server.url}/convolution?lang=en&{query}")
    for _ in range(2):
        expect(page.get_by_text(f"torch.Size({shape})").first).to_be_visible()
        page.reload()


def test_a_preset_or_a_fix_is_taken_whatever_the_address_said(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/convolution?lang=en&W=9")
    page.get_by_role("radio", name="AlexNet").click()
    expect(page.get_by_text("torch.Size([1, 64, 55, 55])").first).to_be_visible()
    page.wait_for_url("**W=224&F=11**")
    page.reload()
    expect(page.get_by_text("torch.Size([1, 64, 55, 55])").first).to_be_visible()
    page.goto(f"{server.url}/convolution?lang=en&W=32&F=5&S=4&P=0")
    page.get_by_role("button", name="W = 33").click()
    expect(page.get_by_text("torch.Size([1, 1, 8, 8])").first).to_be_visible()


def test_a_preset_wins_over_what_the_address_says_of_a_slider_that_is_not_there_yet(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/convolution?lang=en&pad=same&P=3")
    absent(page.get_by_role("slider", name="Padding P"))
    page.get_by_role("radio", name="AlexNet").click()
    expect(page.get_by_text("torch.Size([1, 64, 55, 55])").first).to_be_visible()


def test_pin_and_channels_survive_a_reload_and_looking_asks_the_server_nothing(
    server: Server, page: Page
) -> None:
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
    open_page(page, server, "W=6&F=3&P=1&Cin=3&Cout=2&look=ramp~blur~0_0~~~1")
    expect(page.locator(".conv .figure.output .tag")).to_contain_text("y[0, 1]")
    before = len(sent)
    pin_output(page, 2, 4)
    page.locator(".conv .partial").nth(2).click()
    page.keyboard.press("Tab")
    hit(page, "input").hover(position=place(page, "input", 1, 1))  # type: ignore[arg-type]
    page.mouse.move(1, 1)
    page.wait_for_url("**at=output.2.4.2**")
    assert len(sent) == before
    outputs = picture_data(
        Layer(LayerKind.CONV2D, Axis(6, 3, 1, 1), Axis(6, 3, 1, 1), in_channels=3, out_channels=2),
        Look(InputKind.RAMP, kernel=KernelKind.BLUR),
        test_digits()[0],
    )
    page.reload()
    expect(reading(page)).to_contain_text("y[0, 1, 2, 4]")
    expect(page.locator(".conv .partial").nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("stCode")).to_contain_text("for row in y[0, 1].tolist():")
    total = strip(page).total
    layer = Layer(LayerKind.CONV2D, Axis(6, 3, 1, 1), Axis(6, 3, 1, 1), in_channels=3, out_channels=2)
    assert total == pytest.approx(outputs.outputs(layer)[1, 2, 4])


def test_the_reading_has_every_number(server: Server, page: Page) -> None:
    open_page(page, server, "W=6&F=3&P=1&Cin=2")
    pin_output(page, 2, 2)
    text = reading(page).inner_text().replace("−", "-")
    left, total = text.split(" = ")[1:]
    own, *others = re.split(r" \[[^]]*\](?: \+ )?", left)[:-1]
    pairs = (term.replace("(", "").replace(")", "").split("·") for term in own.split(" + "))
    terms = [float(value) * float(weight) for value, weight in pairs]
    rest = [float(number.strip("()")) for number in others]
    assert len(terms) == 9
    assert len(rest) == 2  # the other channel and the bias
    assert sum(terms) + sum(rest) == float(total) == strip(page).total
    hit(page, "input").click(position=place(page, "input", 1, 1))  # type: ignore[arg-type]
    expect(reading(page)).to_contain_text("4 output cells: y[0, 0, 0, 0] gets 0 through w[1, 1] = 0;")


def test_escape_lets_go_and_a_transposed_layer_starts_on_a_cell_that_stays(
    server: Server, page: Page
) -> None:
    open_page(page, server, "kind=ConvTranspose2d&W=4&F=3&S=2&P=1&OP=1")
    expect(reading(page)).to_contain_text("y[0, 0, 0, 0]")
    hit(page, "output").click(position=place(page, "output", 0, 0))  # type: ignore[arg-type]
    expect(page.locator(".conv .total")).to_contain_text("a cropped cell")
    page.keyboard.press("Escape")
    expect(page.locator(".conv .hint")).to_be_visible()
    expect(reading(page)).to_be_empty()


def test_a_refused_layer_still_shows_its_input(server: Server, page: Page) -> None:
    open_page(page, server, "W=3&F=7&P=0")
    picture = page.locator(".conv .figure.input canvas").first
    ink = "node => new Set(node.getContext('2d').getImageData(0, 0, node.width, node.height).data).size"
    assert value(picture, ink) > 20  # numbers, not one tint
    for name in ("One step", "One step back", "Play"):
        expect(page.locator(".conv").get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_edits_can_be_undone_and_back_goes_back(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1")
    first = pin_output(page, 3, 3)
    kernel_cell(page, 0, 2).click()
    page.keyboard.press("Enter")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.wait_for_url("**look=**")
    assert pin_output(page, 3, 3) != first
    page.locator(".conv [data-undo=weightEdits]").click()
    assert pin_output(page, 3, 3) == first
    page.wait_for_url(lambda url: "look=" not in url)
    page.go_back()
    expect(kernel_cell(page, 0, 2)).to_have_text("5")


@pytest.mark.parametrize("lang", list(Lang))
def test_a_bad_look_or_place_in_the_address_is_explained(server: Server, page: Page, lang: Lang) -> None:
    open_page(page, server, "look=zzz&at=output.99.99", lang=lang)
    expect(page.get_by_test_id("stAlert")).to_contain_text("digit.0~sobel_x~0_0~~")
    expect(page.locator(".conv .notice")).to_contain_text("output.99.99")
    page.wait_for_url(lambda url: "look=" not in url)
    pin_output(page, 1, 1)
    kernel_cell(page, 0, 0).click()
    page.keyboard.press("Enter")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    absent(page.get_by_test_id("stAlert"))


def test_a_finger_pins_and_draws(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, server, "W=7&F=3&P=1&look=drawn.g0.g0.g0.g0.g0.g0.g0~sobel_x~0_0~~")
    touch = page.context.new_cdp_session(page)

    def finger(grid: str, places: list[tuple[int, int]]) -> None:
        hit(page, grid).scroll_into_view_if_needed()
        corner = box(hit(page, grid))
        for number, (r, c) in enumerate(places):
            at = place(page, grid, r, c)
            point = {"x": corner["x"] + at["x"], "y": corner["y"] + at["y"]}
            kind = "touchMove" if number else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    scrolled = value(page.get_by_test_id("stMain"), "node => node.scrollTop")
    finger("input", [(2, 4), (3, 4), (4, 4), (5, 4)])
    page.wait_for_url("**look=drawn.**")
    expect(page.get_by_test_id("stCode")).to_contain_text("[0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0]")
    assert page.get_by_test_id("stCode").inner_text().count("0.0, 9.0, 0.0") == 4
    assert value(page.get_by_test_id("stMain"), "node => node.scrollTop") >= scrolled
    finger("output", [(3, 3)])
    expect(reading(page)).to_contain_text("y[0, 0, 3, 3]")


def test_back_undoes_a_preset_in_one_step(server: Server, page: Page) -> None:
    open_page(page, server, "W=9")
    for name, shape in (
        ("AlexNet", "[1, 64, 55, 55]"),
        ("Halving", "[1, 1, 4, 4]"),
        ("Depthwise", "[1, 3, 7, 7]"),
    ):
        page.get_by_role("radio", name=name).click()
        expect(page.get_by_text(f"torch.Size({shape})").first).to_be_visible()
        finished(page)
    page.go_back()
    expect(page.get_by_text("torch.Size([1, 1, 4, 4])").first).to_be_visible()
    page.go_back()
    expect(page.get_by_text("torch.Size([1, 64, 55, 55])").first).to_be_visible()
    page.go_back()
    expect(page.get_by_text("torch.Size([1, 1, 9, 9])").first).to_be_visible()


def test_a_pin_follows_its_cell_when_padding_and_size_change(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1")
    hit(page, "input").click(position=place(page, "input", 4, 4))  # type: ignore[arg-type]
    expect(reading(page)).to_contain_text("x[0, 0, 3, 3]")
    page.wait_for_url("**at=input.3.3**")
    padding = page.get_by_role("slider", name="Padding P")
    padding.press("ArrowRight")
    expect(page.get_by_text("torch.Size([1, 1, 9, 9])").first).to_be_visible()
    expect(reading(page)).to_contain_text("x[0, 0, 3, 3]")
    pin_output(page, 8, 8)
    padding.press("ArrowLeft")
    expect(reading(page)).to_contain_text("y[0, 0, 6, 6]")
    padding.press("ArrowRight")
    expect(reading(page)).to_contain_text("y[0, 0, 8, 8]")


def test_any_channel_can_be_chosen_and_the_menu_names_its_kernel(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1&Cin=4&Cout=4&G=2&look=digit.0~sobel_x~0_0~~~3")
    menu = page.locator(".conv .matrix.kernel select")
    expect(menu).to_have_value("emboss")
    menu.select_option("sharpen")
    expect(kernel_cell(page, 1, 1)).to_have_text("5")
    expect(menu).to_have_value("sharpen")
    channel = page.locator(".conv .figure.input .channel input")
    channel.fill("0")
    channel.press("Enter")
    expect(page.locator(".conv .figure.input .tag")).to_contain_text("x[0, 0]")
    expect(page.locator(".conv .figure.output .tag")).to_contain_text("y[0, 0]")
    finished(page)
    expect(channel).to_have_value("0")


def kernel_top(page: Page) -> float:
    return float(value(kernel_cell(page, 0, 0), "node => node.offsetTop"))


def test_what_cannot_be_edited_is_said_and_stays_said(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1")
    top = kernel_top(page)
    hit(page, "input").dblclick(position=place(page, "input", 0, 0))  # type: ignore[arg-type]
    notice = page.locator(".conv .notice")
    expect(notice).to_contain_text("padding and shifted-in cells cannot be edited")
    hit(page, "input").dblclick(position=place(page, "input", 4, 4))  # type: ignore[arg-type]
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    expect(notice).to_contain_text("from −999 to 999")
    page.mouse.move(1, 1)
    expect(notice).to_be_visible()
    kernel_cell(page, 2, 1).dblclick()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(kernel_cell(page, 2, 1)).to_have_text("4")
    assert kernel_top(page) == top  # nothing moved under the pointer


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize(
    "query",
    [
        "",
        "W=224&F=11&S=4&P=2&Cin=3&Cout=64",
        "kind=ConvTranspose2d&W=4&S=2&P=0",
        "kind=MaxPool2d&W=8&F=2&S=2&P=0",
        "kind=Conv1d&W=24",
        "W=8&F=1&P=0&S=2",
    ],
)
def test_input_kernel_output_and_sum_are_on_the_first_screen(
    server: Server, page: Page, query: str, lang: Lang
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_page(page, server, query, lang=lang)
    grids = [stage(page, "input"), page.locator(".conv .middle .cells"), stage(page, "output")]
    boxes = [box(grid) for grid in [*grids, page.locator(".conv .total")]]
    for rect in boxes:
        assert rect["x"] >= 0
        assert rect["x"] + rect["width"] <= 1280
        assert rect["y"] + rect["height"] <= 720
    for left, right in itertools.pairwise(boxes[:3]):
        assert left["x"] + left["width"] <= right["x"]
    if not query:
        assert float(stage(page, "input").get_attribute("data-cell") or 0) >= 38
        page.set_viewport_size({"width": 390, "height": 844})
        assert box(stage(page, "input"))["y"] < 640


def test_an_activation_and_an_input_without_batch(server: Server, page: Page) -> None:
    open_page(page, server, "W=7&F=3&P=1&relu=true&batched=false")
    expect(page.get_by_text("torch.Size([1, 7, 7])").first).to_be_visible()
    outputs = picture_data(SEVEN, Look(), test_digits()[0]).outputs(SEVEN)[0]
    r, c = map(int, np.unravel_index(outputs.argmin(), outputs.shape))
    read = pin_output(page, r, c)
    assert sum(read.partials) + read.bias == outputs[r, c] < 0
    assert read.total == 0
    expect(reading(page)).to_contain_text(f"y[0, {r}, {c}] = ReLU(")
    expect(page.get_by_test_id("stCode")).to_contain_text("y = torch.relu(layer(x))")


def test_another_kind_opens_with_numbers_that_show_what_it_is_for(server: Server, page: Page) -> None:
    open_page(page, server)
    for kind, shape in (("nn.MaxPool2d", 4), ("nn.ConvTranspose2d", 9), ("nn.Conv2d", 7)):
        page.get_by_role("radio", name=kind, exact=True).click()
        expect(page.get_by_text(f"torch.Size([1, 1, {shape}, {shape}])").first).to_be_visible()
        finished(page)
    page.go_back()
    expect(page.get_by_text("torch.Size([1, 1, 9, 9])").first).to_be_visible()
    page.get_by_role("radio", name="1 × 1").click()
    expect(page.get_by_text("torch.Size([1, 2, 7, 7])").first).to_be_visible()
    expect(kernel_cell(page, 0, 0)).to_have_text("−2")  # no kernel of zeros
