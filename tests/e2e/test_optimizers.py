"""/optimizers in a real browser: it races by itself, is scrubbed, typed into, pointed at, and its numbers are read."""

from __future__ import annotations

import contextlib
import io
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lib.core.optim.methods import Method, settings
from lib.core.optim.race import Course, run
from lib.core.optim.racers import parse_race
from lib.core.optim.surfaces import SURFACES, SurfaceName, typed_surface
from lib.core.optim.sweep import best_rate
from tests.e2e.server import Server, running_app
from tests.e2e.tabs import RUN_MS
from tests.e2e.waits import absent, becomes, box, finished, not_in_address, texts, until, value
from tests.e2e.workers import standing_still

pytestmark = pytest.mark.e2e


def opened(page: Page, server: Server, query: str = "") -> Locator:
    """The race, once it is there."""
    page.goto(f"{server.url}/optimizers?{query}")
    race = page.locator(".optimizers")
    expect(race.locator(".runner").first).to_be_visible()
    return race


def step(race: Locator) -> int:
    return int(value(race, "node => node.dataset.step"))


def printed(race: Locator) -> str:
    """What the program on the screen prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(value(race.locator("pre"), "node => node.textContent"), {})  # noqa: S102
    return out.getvalue().strip()


def test_it_races_by_itself_and_is_scrubbed(server: Server, page: Page) -> None:
    race = opened(page, server)
    becomes(race, "node => Number(node.dataset.step)", lambda at: at >= 2)
    expect(race).to_have_attribute("data-playing", "true")
    race.get_by_role("button", name="Pause").click()
    expect(race).to_have_attribute("data-playing", "false")
    race.get_by_role("slider", name="step").fill("36")
    best = best_rate(SurfaceName.RAVINE, Method.SGD)
    course = Course(SURFACES[SurfaceName.RAVINE], SURFACES[SurfaceName.RAVINE].start)
    way = run(settings(Method.SGD, lr=best), course, 0.0)
    (x, y), loss = way.points[36], way.values[36]
    line = f"step 36: x = {x:.6g}, y = {y:.6g}, f = {loss:.6g}"
    expect(race.locator(".standing")).to_have_text(line)
    expect(race.locator(".runner").first).to_contain_text(f"step {way.arrived}")
    expect(race.locator(".rule-title")).to_have_text(f"SGD, step 36, lr = {best:g}")
    gradient = course.gradient(*way.points[35], 36)
    shown = texts(race.locator(".rule .numbers"))
    assert [float(text.replace("−", "-").split("·")[0]) for text in shown[:2]] == [
        float(f"{g:.4g}".split("e")[0]) for g in gradient
    ]
    assert printed(race) == line
    until(page, lambda: "t%3D36" in page.url or "t=36" in page.url)
    page.reload()
    expect(page.locator(".optimizers .standing")).to_have_text(line)
    page.locator(".optimizers").get_by_role("button", name="One step on").click()
    expect(page.locator(".optimizers .rule-title")).to_contain_text("step 37")


def test_a_function_is_typed_and_refused_and_raced(server: Server, page: Page) -> None:
    race = opened(page, server)
    field = page.get_by_role("textbox", name="Surface, or a function")
    field.fill("x^2 + y^2")
    field.press("Enter")
    alert = page.get_by_test_id("stAlert")
    expect(
        alert.filter(has_text="At character 1: a power is written with two stars").filter(has_text="sin, cos")
    ).to_be_visible()
    expect(race.locator(".runner").first).to_be_visible()  # the last good surface goes on
    field.fill("(x - 1)**2 + (x*y - 2)**2")
    field.press("Enter")
    until(page, lambda: "surface=%28x" in page.url or "surface=(x" in page.url)
    expect(race).to_have_attribute("data-swept", "true")
    race.get_by_role("button", name="Show the steps of Adam", exact=True).click()
    race.get_by_role("spinbutton", name="Learning rate of Adam", exact=True).fill("0.05")
    race.get_by_role("spinbutton", name="Learning rate of Adam", exact=True).press("Enter")
    until(page, lambda: "Adam%3Alr%3D0.05" in page.url or "Adam:lr=0.05" in page.url)
    race.get_by_role("slider", name="step").fill("100")
    surface = typed_surface("(x - 1)**2 + (x*y - 2)**2")
    way = run(settings(Method.ADAM, lr=0.05), Course(surface, surface.start), 0.0)
    (x, y), loss = way.points[100], way.values[100]
    line = f"step 100: x = {x:.6g}, y = {y:.6g}, f = {loss:.6g}"
    expect(race.locator(".standing")).to_have_text(line)
    assert printed(race) == line
    expect(race.locator(".fair")).to_contain_text("Not a fair race")


def test_a_number_that_is_not_allowed_is_refused_in_words(server: Server, page: Page) -> None:
    race = opened(page, server)
    message = "node => node.validationMessage"
    for label, wrong in (
        ("Learning rate of Adam", "200"),
        ("steps", "5"),
    ):
        field = race.get_by_role("spinbutton", name=label)
        before = field.input_value()
        field.fill(wrong)
        field.press("Tab")
        assert becomes(field, message).startswith("Allowed: ")
        expect(field).to_be_focused()  # whoever went on by Tab is brought back
        expect(field).to_have_value(before)
        field.press("Tab")
        becomes(field, message, lambda words: words == "")
    not_in_address(page, "200")


def test_a_click_sets_the_start_and_an_overflow_is_said(server: Server, page: Page) -> None:
    race = opened(page, server, "surface=bowl&race=SGD:lr=3")
    picture = race.locator("canvas.picture")
    place = box(picture)
    picture.click(position={"x": place["width"] / 2, "y": place["height"] / 4})
    until(page, lambda: "start" in page.url)
    found = re.search(r"race=([^&]+)", page.url)
    assert found
    start = parse_race(
        found[1].replace("%3A", ":").replace("%3D", "=").replace("%3B", ";").replace("%2C", ",")
    ).start
    assert start is not None
    assert start == pytest.approx((0.0, 1.5), abs=0.06)
    race.get_by_role("slider", name="step").fill("300")
    way = run(settings(Method.SGD, lr=3), Course(SURFACES[SurfaceName.BOWL], start), 0.0)
    expect(race.locator(".standing")).to_have_text(f"step {way.overflow}: not a finite number")
    expect(race.locator(".runner").first).to_contain_text(f"overflow, step {way.overflow}")
    assert printed(race) == f"step {way.overflow}: not a finite number"
    picture.press("ArrowRight")
    until(
        page, lambda: f"start%3D{start[0] + 0.15:g}" in page.url or f"start={start[0] + 0.15:g}" in page.url
    )
    # A cell of the sweep runs with its learning rate.
    heat = race.locator("canvas.heat")
    heat.click(position={"x": 300, "y": 12})
    expect(race.locator(".heat-words")).to_contain_text("SGD with lr")
    finished(page)


def test_experiments_say_their_numbers(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/optimizers?topic=experiments&exp=bias")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("step 1 goes 3.16 times as far, step 12 6.57 times")
    page.get_by_role("radio", name="Weight decay").click()
    expect(main.locator("table").filter(has_text="0.7397")).to_be_visible()
    expect(main.locator(".js-plotly-plot")).to_be_visible()
    until(page, lambda: "exp=" not in page.url)


def test_a_race_goes_on_and_gives_way_to_another(page: Page) -> None:
    query = "optimizers?topic=mnist&mepochs=5&mshare=100&mhidden=128&mseed=40"
    with running_app(SHAPELAB_CPU_WORKERS="1", SHAPELAB_HANG_SECONDS="86400") as server:
        page.goto(f"{server.url}/{query}")
        main = page.get_by_test_id("stMain")
        main.get_by_role("button", name="Race", exact=True).click()
        until(page, lambda: "run=" in page.url)
        expect(main.get_by_test_id("stProgress").filter(has_text="Training")).to_be_visible(timeout=RUN_MS)
        with standing_still(server):
            # Whoever comes back to the page by an address without a race finds the one that goes on.
            page.goto(f"{server.url}/{query}")
            expect(main.get_by_role("button", name="Stop", exact=True)).to_be_enabled()
            expect(main.get_by_test_id("stProgress")).to_be_visible()
            not_in_address(page, "run=")
            # One at a time: the long race is stopped for a shorter one.
            page.goto(f"{server.url}/optimizers?topic=mnist&mshare=10&mseed=41&rules=SGD,Muon")
            main.get_by_role("button", name="Race", exact=True).click()
            another = page.get_by_test_id("stAlert").filter(has_text="Another training of yours")
            expect(another).to_be_visible()
        main.get_by_role("button", name="Stop that one and start this").click()
        _two_learn(main)
        until(page, lambda: "run=" in page.url)


def test_learning_rates_are_found_after_a_race(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/optimizers?topic=mnist&mshare=10&mseed=42&rules=SGD,Muon")
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="Race", exact=True).click()
    _two_learn(main)
    main.get_by_role("button", name="Find learning rates").click()
    take = main.get_by_role("button", name="Take these learning rates")
    expect(take).to_be_visible(timeout=RUN_MS)
    expect(main.locator("table").filter(has_text="suggested learning rate")).to_be_visible()
    take.click()
    until(page, lambda: "muon_lr=" in page.url and "sgd_lr=" in page.url)


def _two_learn(main: Locator) -> None:
    """The race of two with a tenth of the images ends, and both have learned."""
    table = main.locator("table").filter(has_text="right after epoch 1")
    expect(table).to_be_visible(timeout=RUN_MS)
    rows = texts(table.locator("tbody tr"))
    assert [float(row.split("%")[0].split()[-1]) > 80 for row in rows] == [True, True]
    expect(main.get_by_test_id("stProgress").filter(has_text="Finished")).to_be_visible(timeout=RUN_MS)


def test_hostile_addresses_are_explained(server: Server, page: Page) -> None:
    race = opened(page, server, "surface=__import__(%27os%27)&race=Adamantium&w=nan&topic=x")
    alert = page.get_by_test_id("stAlert")
    for said in ("surface=", "race=Adamantium", "w=nan", "topic=x"):
        alert = alert.filter(has_text=said)
    expect(alert).to_be_visible()
    expect(race.locator(".runner").first).to_be_visible()


def test_the_arrows_at_the_racer_in_focus_are_said(server: Server, page: Page) -> None:
    race = opened(page, server, "surface=shallow&race=t%3D3;focus%3DMomentum")
    surface = SURFACES[SurfaceName.SHALLOW]
    course = Course(surface, surface.start)
    assert surface.lowest is not None
    rate = best_rate(SurfaceName.SHALLOW, Method.MOMENTUM)
    way = run(settings(Method.MOMENTUM, lr=rate), course, surface.lowest)
    down = [-part for part in course.gradient(*way.points[3], 4)]
    step = [after - before for before, after in zip(way.points[3], way.points[4], strict=True)]
    pairs = [f"({x:.3g}, {y:.3g})".replace("-", "−") for x, y in (down, step)]
    words = race.locator(".forces")
    expect(words).to_contain_text("Momentum, step 4: dashed the direction of −g")
    for pair in pairs:
        expect(words).to_contain_text(pair)
    expect(race.locator(".about")).to_contain_text("plain SGD ends in the shallow minimum")
    race.get_by_role("button", name="As a landscape").click()
    absent(words)


def test_chinese(server: Server, page: Page) -> None:
    race = opened(page, server, "lang=zh&surface=saddle&race=t%3D5")
    expect(race.locator(".rule-title")).to_contain_text("第 5 步")
    expect(race.locator(".fair")).to_contain_text("公平")
