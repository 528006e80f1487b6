"""The main job in a real browser: press Train, watch MNIST learn; nothing is lost on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from safetensors.numpy import load

from lib.core.digits.examples import example_strokes
from lib.core.digits.ink import encode_strokes
from lib.core.training.config import TrainConfig
from lib.core.training.engine import state_after
from lib.core.training.reports import FinalReport
from tests.e2e.server import Server, running_app
from tests.e2e.tabs import RUN_MS, learner
from tests.e2e.waits import (
    absent,
    becomes,
    box,
    complaints,
    finished,
    not_in_address,
    sideways,
    until,
    value,
)
from tests.e2e.workers import workers

pytestmark = pytest.mark.e2e

SEEN_FROM_NOW_ON = """node => {
    node.seen = new Set()
    node.redraws = new Set()
    new MutationObserver(() => {
        node.seen.add(node.dataset.step)
        node.redraws.add(document.querySelector('[data-testid="stProgress"]')?.textContent)
    }).observe(node, { attributes: true })
    return true
}"""
# As where other redraws overtake what the pictures come in, and then the answer to whoever misses them.
TAKEN = "mine.insides.update(data);"
TAKEN_LATE = "if (data.length < 12000 || (globalThis.taken = (globalThis.taken ?? 0) + 1) > 1) "
ASKED, ASKED_LATE = (
    "setStateValue(name, value)",
    "name === 'ask' && (globalThis.asked = (globalThis.asked ?? 0) + 1) <= 6 || ",
)


EPOCH_STEPS = 938
SHORT = "epochs=1&share=5"  # 3,000 images: well under a second of training
LONG = "epochs=50&hidden=1024&lr=0.0001"  # minutes: not over before a late browser has looked
MOVING = "epochs=50"  # an epoch in less than a second


def button(page: Page, name: str) -> Locator:
    # Streamlit has a Stop button of its own in the header while a page computes.
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def layers_field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Hidden layers")


def open_train(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server.url}/train?{query}")
    finished(page)


def run_in_address(page: Page) -> str | None:
    found = re.search(r"[?&]run=([\w-]+)", page.url)
    return found.group(1) if found else None


def start(page: Page) -> str:
    """Press Train; returns the new run's id, which the address then has."""
    expect(button(page, "Train")).to_be_enabled()
    before = run_in_address(page)
    button(page, "Train").click()
    until(page, lambda: run_in_address(page) not in (None, before))
    run = run_in_address(page)
    assert run
    return run


def progress(page: Page) -> Locator:
    return page.get_by_test_id("stProgress")


def steps_done(page: Page) -> int:
    found = re.search(r"step ([\d,]+) /", progress(page).inner_text())
    assert found
    return int(found.group(1).replace(",", ""))


def last_epoch_drawn(page: Page) -> float:
    """Where the loss chart's last curve ends, as Plotly has it; 0 before there is one."""
    return float(value(page.locator(".st-key-_loss_chart .js-plotly-plot"), LAST_X))


LAST_X = "plot => plot._fullData?.at(-1)?.x?.at(-1) ?? 0"
COUNT_REMOVED_CHARTS = """(body) => {
  body.removedCharts = 0;
  const isChart = (node) => node.nodeType === 1
    && (node.matches('.js-plotly-plot') || node.querySelector('.js-plotly-plot') !== null);
  const count = (changes) => changes.forEach((change) =>
    change.removedNodes.forEach((node) => { body.removedCharts += isChart(node) ? 1 : 0; }));
  new MutationObserver(count).observe(body, { childList: true, subtree: true });
}"""


def expect_network(page: Page, sizes: str) -> None:
    expect(page.get_by_text(re.compile(rf"^{sizes} · [\d,]+ parameters$"))).to_be_visible()


def expect_status(page: Page, status: str) -> None:
    expect(progress(page)).to_contain_text(status, timeout=RUN_MS)


def final_accuracy(page: Page) -> float:
    line = page.get_by_text(re.compile(r"^Got \d+ / 10000 with accuracy \d+\.\d\d\s*$"))
    expect(line).to_be_visible(timeout=RUN_MS)
    return float(line.inner_text().split()[-1])


def test_default_run_survives_a_reload_and_reaches_97(server: Server, page: Page) -> None:
    open_train(page, server)
    start(page)
    until(page, lambda: last_epoch_drawn(page) > 0)
    before = steps_done(page)
    page.reload()
    expect(progress(page)).to_be_visible()
    assert steps_done(page) >= before
    assert final_accuracy(page) >= 97.0
    expect_status(page, "Finished")
    expect(page.get_by_text("Confusion matrix")).to_be_visible()
    digits = page.locator("figure").get_by_role("img")
    expect(digits).to_have_count(20)
    first = digits.first.get_attribute("aria-label")
    assert first
    button(page, "New ten").click()
    expect(digits.first).not_to_have_attribute("aria-label", first)


def test_charts_move_in_place_pause_step_epoch_resume_stop(server: Server, page: Page) -> None:
    open_train(page, server, MOVING + "&seed=11")
    start(page)
    expect_status(page, "Training")
    until(page, lambda: last_epoch_drawn(page) > 0)
    body = page.locator("body")
    value(body, COUNT_REMOVED_CHARTS)
    before = last_epoch_drawn(page), steps_done(page)
    until(page, lambda: last_epoch_drawn(page) > before[0] and steps_done(page) > before[1])
    expect(progress(page)).to_contain_text("Training")  # the charts moved before the run's end
    assert value(body, "body => body.removedCharts") == 0  # and in place: nothing flickers
    button(page, "Pause").click()
    expect_status(page, "Paused")
    paused_at = steps_done(page)
    button(page, "Step").click()
    until(page, lambda: steps_done(page) == paused_at + 1)
    button(page, "Epoch").click()
    until(page, lambda: steps_done(page) == (paused_at // EPOCH_STEPS + 1) * EPOCH_STEPS)
    expect_status(page, "Paused")
    button(page, "Resume").click()
    expect_status(page, "Training")
    button(page, "Stop").click()
    expect_status(page, "Stopped")
    expect(page.get_by_text("What it measured so far is kept.")).to_be_visible()
    expect(button(page, "Train")).to_be_enabled()


def test_controls_and_other_pages_answer_while_training(server: Server, page: Page) -> None:
    open_train(page, server, LONG + "&seed=12")
    run = start(page)
    expect_status(page, "Training")
    layers_field(page).fill("32, 16")
    layers_field(page).press("Enter")
    expect_network(page, "784 → 32 → 16 → 10")
    page.get_by_test_id("stSidebar").get_by_text("ShapeLab").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("See the shapes")
    page.get_by_test_id("stSidebar").get_by_text("Train on MNIST").click()
    page.wait_for_url(re.compile(f"run={run}"))
    expect_status(page, "Training")
    button(page, "Stop").click()
    expect_status(page, "Stopped")


def test_second_tab_steers_and_a_foreign_browser_only_watches(
    server: Server, page: Page, browser: Browser
) -> None:
    open_train(page, server, LONG + "&seed=13")
    start(page)
    expect_status(page, "Training")
    with learner(browser) as foreign:
        stranger = foreign.new_page()
        stranger.goto(page.url)
        expect(stranger.get_by_text("You are watching somebody else's run")).to_be_visible()
        expect(button(stranger, "Stop")).to_be_disabled()
        expect(button(stranger, "Pause")).to_be_disabled()
    second = page.context.new_page()
    second.goto(page.url)
    button(second, "Pause").click()
    expect_status(second, "Paused")
    expect_status(page, "Paused")
    button(second, "Stop").click()
    expect_status(page, "Stopped")


def test_absurd_addresses_are_explained_and_the_page_lives(server: Server, page: Page) -> None:
    for wrong in (
        {
            "lr=banana": "1e-06–10",
            "batch=0": "1–4096",
            "epochs=99999999999999999999": "1–50",
            "hidden=50,50,50,50,50": "up to 4 sizes",
            "opt=Adamantium": "Adam, AdamW",
            "device=cuda:99": "cpu",
            "act=relu": "ReLU, Tanh",
            "share=0": "1–100",
            "seed=-1": "0–",
            "smooth=7": "0–0.99",
            "run=nobody-knows": "is not on this server",
        },
        {"lr=nan": "1e-06–10", "hidden=<script>": "up to 4 sizes", "run=💥": "is not on this server"},
    ):
        open_train(page, server, "&".join(quote(query, safe="=") for query in wrong))
        alerts = page.get_by_test_id("stAlert")
        for query, allowed in wrong.items():
            value = query.partition("=")[2]
            expect(alerts.filter(has_text=value).filter(has_text=allowed).first).to_be_visible()
        assert complaints(page) == []
        expect(button(page, "Train")).to_be_enabled()
        expect_network(page, "784 → 50 → 10")


def test_bad_layers_typed_are_explained_and_the_last_good_stay(server: Server, page: Page) -> None:
    open_train(page, server)
    field = layers_field(page)
    for text, network in (("64", "784 → 64 → 10"), ("0", "784 → 64 → 10"), ("", "784 → 10")):
        field.fill(text)
        field.press("Enter")
        expect_network(page, network)
    field.fill("9999")
    field.press("Enter")
    expect(page.get_by_test_id("stAlert")).to_contain_text("9999")
    expect_network(page, "784 → 10")


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[Server]:
    """An app that has nowhere to set trainings down: where it has, a killed worker costs a late test nothing."""
    occupied = tmp_path / "occupied"
    occupied.write_text("")
    with running_app(SHAPELAB_DATA_DIR=str(occupied)) as running:
        yield running


def test_a_killed_worker_is_a_failed_run_with_a_reason_and_the_next_run_works(
    forgetful: Server, page: Page
) -> None:
    open_train(page, forgetful, LONG + "&seed=14")
    start(page)
    expect_status(page, "Training")
    for worker in workers(forgetful):
        worker.kill()
    expect_status(page, "Failed")
    expect(page.get_by_text("died")).to_be_visible()
    open_train(page, forgetful, SHORT + "&seed=15")
    start(page)
    assert final_accuracy(page) > 60


def download(place: Page | Locator, name: str, folder: Path) -> Path:
    page = place.page if isinstance(place, Locator) else place
    with page.expect_download() as caught:
        place.get_by_role("button", name=name).click()
    path = folder / caught.value.suggested_filename
    caught.value.save_as(path)
    return path


def row(page: Page, run: str) -> Locator:
    return page.locator(f".run-table tr[data-run='{run}']")


def rename(page: Page, run: str, name: str) -> None:
    field = row(page, run).locator("input")
    field.fill(name)
    field.press("Enter")


def test_the_table_of_runs(server: Server, page: Page, tmp_path: Path) -> None:
    runs = []
    for seed in (21, 22):
        open_train(page, server, f"{SHORT}&seed={seed}")
        runs.append(start(page))
        expect_status(page, "Finished")
        expect(row(page, runs[-1])).to_contain_text("Finished")
    first, second = runs
    row(page, first).get_by_role("button", name="Lay Run 1 over the charts").click()
    accuracies = page.locator(".st-key-_accuracy_chart .js-plotly-plot")
    becomes(accuracies, "plot => plot.data?.length ?? 0", lambda curves: curves == 2)
    page.wait_for_url(re.compile(f"overlay={first}"))

    # Quick renames, one on the heels of the other, each to the run whose field it was typed into.
    for i in range(6):
        rename(page, runs[i % 2], f"try {i}")
    expect(page.get_by_text("try 5: 784-50-10 ReLU")).to_be_visible()  # the last of them has arrived
    expect(page.locator(".run-table .best")).to_have_count(1)
    sort = page.get_by_role("button", name="Sort by: Run")
    sort.focus()
    for order in ("ascending", "descending"):
        page.keyboard.press("Enter")
        expect(page.locator(".run-table th.name")).to_have_attribute("aria-sort", order)
        expect(sort).to_be_focused()
    page.reload()
    finished(page)
    expect(row(page, first).locator("input")).to_have_value("try 4")
    expect(row(page, second).locator("input")).to_have_value("try 5")
    becomes(accuracies, "plot => plot.data?.length ?? 0", lambda curves: curves == 2)  # from the address

    rename(page, second, "second try")
    row(page, second).get_by_role("button", name="Files").click()
    files = page.locator(".st-key-run_files")
    rows = download(files, "Metrics (CSV)", tmp_path).read_text().splitlines()
    assert len(rows) == 1 + 47  # 3,000 images in batches of 64
    path = download(files, "Metrics (JSON)", tmp_path)
    metrics = json.loads(path.read_text())
    assert path.name == "second-try.json"
    assert metrics["config"]["seed"] == 22
    assert len(metrics["minibatch_losses"]) == 47
    weights = load(download(files, "Weights (safetensors)", tmp_path).read_bytes())
    assert {name: values.shape for name, values in weights.items()} == {
        "1.weight": (50, 784),
        "1.bias": (50,),
        "3.weight": (10, 50),
        "3.bias": (10,),
    }

    row(page, second).get_by_role("button", name="Remove").click()
    absent(row(page, second))
    expect(row(page, first)).to_be_visible()
    expect(page.get_by_text("try 4: 784-50-10 ReLU")).to_be_visible()  # what is left is shown


def shown_step(page: Page) -> Locator:
    return page.locator(".insides")


LATE_SOON = """
  const timer = window.setTimeout;
  window.waiting = 0;
  window.setTimeout = (work, ms, ...rest) => {
    if (!window.isLate || ms) return timer(work, ms, ...rest);
    window.waiting += 1;
    return timer(() => { work(...rest); window.waiting -= 1; }, 1500);
  };
"""


def test_a_press_counts_once_though_the_page_redraws_before_it_is_sent(server: Server, page: Page) -> None:
    page.add_init_script(LATE_SOON)
    open_train(page, server, "epochs=1&share=20&seed=34&paused=true")
    start(page)
    inside, body = shown_step(page), page.locator("body")
    expect(inside).to_have_attribute("data-step", "0", timeout=RUN_MS)
    expect_status(page, "Paused")
    value(body, "() => { window.isLate = true; }")
    button(page, "Step").click()
    value(body, "() => { window.isLate = false; }")
    becomes(body, "() => window.waiting === 0")
    finished(page)
    expect(inside).to_have_attribute("data-step", "1")
    button(page, "Stop").click()
    expect_status(page, "Stopped")


def test_slow_motion_from_step_0_scrubbed_filmed_stopped_and_drawn_with(
    server: Server, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/draw?ink={encode_strokes(example_strokes(3))}")
    finished(page)
    open_train(page, server, "epochs=2&share=20&seed=33&paused=true&speed=10")
    run = start(page)
    not_in_address(page, "smooth=")  # nothing but what differs from the defaults
    inside = shown_step(page)
    expect(inside).to_have_attribute("data-step", "0", timeout=RUN_MS)
    # What it says of the learner's own last drawing, from the first step on.
    expect(inside).to_have_attribute("data-own", re.compile(r"^(\d+ ){9}\d+$"), timeout=RUN_MS)
    absent(page.get_by_role("link", name="Draw a digit to watch here, too"))  # there is one already
    guess = inside.get_attribute("data-own")
    expect_status(page, "Paused")
    button(page, "Step").click()
    expect(inside).to_have_attribute("data-step", "1")
    # Ten steps come with each redraw: the browser shows one after the other.
    value(inside, SEEN_FROM_NOW_ON)
    button(page, "Resume").click()
    becomes(inside, "node => Number(node.dataset.step)", lambda step: step >= 32)
    # How many, a busy machine decides; one a redraw is what it was without them.
    more = "node => node.redraws.size < 3 ? 0 : node.seen.size / node.redraws.size"
    becomes(inside, more, lambda pictures: pictures > 1.2)
    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_visible(timeout=RUN_MS)
    expect_status(page, "Paused")
    expect(page.get_by_text(re.compile(r"As of step \d{2,} of 376"))).to_be_visible(timeout=RUN_MS)
    assert inside.get_attribute("data-own") != guess

    # Where the run's own pictures lie far apart, whoever goes step by step sees each step all the same.
    tempo = page.get_by_role("radio", name="100", exact=True)
    tempo.click()
    expect(tempo).to_be_checked()
    button(page, "Epoch").click()
    expect(inside).to_have_attribute("data-step", "188", timeout=RUN_MS)
    for step in ("189", "190"):
        button(page, "Step").click()
        expect(inside).to_have_attribute("data-step", step)

    # Every moment of it again, without a word to the server; then what the server offers of that moment.
    slider = page.get_by_role("slider", name="Step of the training")
    slider.focus()
    slider.press("Home")
    expect(inside).to_have_attribute("data-step", "0")
    expect(inside).to_have_attribute("data-own", guess or "")
    for _ in range(3):
        slider.press("ArrowRight")
    expect(inside).to_have_attribute("data-step", "3")
    page.wait_for_url(re.compile("at=3"))
    page.get_by_role("button", name="Weights of step 3 (safetensors)").wait_for()
    path = download(page, "Weights of step 3 (safetensors)", tmp_path)
    *_, final = state_after(TrainConfig(epochs=2, train_share=0.2, seed=33), 3)
    assert isinstance(final, FinalReport)
    taken = load(path.read_bytes())
    for name, values in final.weights.items():
        assert abs(taken[name] - values).max() < 1e-4
    with page.expect_download() as film:
        page.get_by_role("button", name="Film (WebM)").click()
    film.value.save_as(tmp_path / "film.webm")
    assert (tmp_path / "film.webm").read_bytes()[:4] == b"\x1a\x45\xdf\xa3"  # EBML, as WebM begins

    button(page, "Stop").click()
    expect_status(page, "Stopped")
    expect(page.get_by_text(re.compile(r"As of step \d+ of 376"))).to_be_visible(timeout=RUN_MS)
    final_accuracy(page)
    page.goto(f"{server.url}/draw?models={run}&source=test")
    finished(page)
    expect(page.locator(".digit-bars .verdict")).to_contain_text("Run 1")
    assert complaints(page) == []


def test_pictures_that_got_lost_are_asked_for_until_they_come(server: Server, page: Page) -> None:
    def lose(route: Route) -> None:
        answer = route.fetch()
        script = answer.text()
        assert (script.count(TAKEN), script.count(ASKED)) == (1, 1)
        script = script.replace(TAKEN, TAKEN_LATE + TAKEN).replace(ASKED, ASKED_LATE + ASKED)
        route.fulfill(response=answer, body=script)

    page.route(re.compile(r"/insides/insides\.js"), lose)
    open_train(page, server, "epochs=1&share=5&paused=true")
    start(page)
    expect(shown_step(page)).to_have_attribute("data-step", "0", timeout=RUN_MS)
    assert value(page.locator("html"), "() => globalThis.asked") > 6
    assert complaints(page) == []


def test_a_run_that_diverges_says_so_and_train_is_on_a_phones_first_screen(
    server: Server, page: Page, tmp_path: Path
) -> None:
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.set_viewport_size({"width": 390, "height": 844})
    open_train(page, server, "lr=5&opt=SGD&hidden=256,256,256,256&epochs=1&share=5")
    assert box(button(page, "Train"))["y"] < 700
    assert sideways(page) == 0
    run = start(page)
    expect(page.get_by_role("link", name="Draw a digit to watch here, too")).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_text(re.compile(r"The loss is no number from step \d+ on"))).to_be_visible(
        timeout=RUN_MS
    )
    expect_status(page, "Finished")
    row(page, run).get_by_role("button", name="Files").click()
    text = download(page.locator(".st-key-run_files"), "Metrics (JSON)", tmp_path).read_text()
    assert None in json.loads(text, parse_constant=pytest.fail)["minibatch_losses"]
    no_number = page.get_by_test_id("stMain").get_by_text(re.compile(r"\bnan\b", re.IGNORECASE))
    absent(no_number)
    # Such a network is not offered on /draw, and whoever asks for it by the address is told which can be asked.
    page.goto(f"{server.url}/draw?source=test")
    finished(page)
    assert complaints(page) == []
    absent(page.get_by_text("Run 1"))
    page.goto(f"{server.url}/draw?source=test&models={run}&inside={run}")
    finished(page)
    expect(page.get_by_test_id("stAlert").filter(has_text=run).first).to_be_visible()
    expect(page.locator(".digit-bars .verdict")).to_contain_text("7")
    absent(no_number)
    assert broken == []


def test_nine_steps_are_there_with_their_downloads(server: Server, page: Page, tmp_path: Path) -> None:
    open_train(page, server, "opt=Nesterov&hidden=30,20&share=10")
    script = download(page, "train_mnist.py", tmp_path).read_text()
    assert "nesterov=True" in script
    assert "nn.Linear(30, 20)" in script
    assert "range(6000)" in script
    document = json.loads(download(page, "train_mnist.ipynb", tmp_path).read_text())
    assert len(document["cells"]) == 18


def test_chinese(server: Server, page: Page) -> None:
    open_page = f"{server.url}/train?lang=zh&{SHORT}&seed=31"
    page.goto(open_page)
    button(page, "训练").click()
    expect(progress(page)).to_contain_text("已完成", timeout=RUN_MS)
    expect(page.get_by_text("混淆矩阵")).to_be_visible()
