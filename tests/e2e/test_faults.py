"""A class's bad day, in real browsers with the real app: killed processes, cut cables, impatient reloads."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.request
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.cable import cable_to
from tests.e2e.server import Server, running_app
from tests.e2e.tabs import RUN_MS, learner, tab_of
from tests.e2e.test_door import keep_a_tensor
from tests.e2e.test_train import LONG, SHORT, button, open_train, progress, start
from tests.e2e.waits import finished, until
from tests.e2e.workers import processes, workers
from tests.processes import is_alive

pytestmark = [pytest.mark.e2e, pytest.mark.long]
LEARNERS = 5


def health(server: Server) -> dict[str, Any]:
    with urllib.request.urlopen(f"{server.url}/health") as answer:
        said: dict[str, Any] = json.load(answer)
        return said


def pass_seconds(page: Page, seconds: float) -> None:
    """Real time: the grace period is the server's, and its clock cannot be turned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.context.cookies()  # keeps the browser's connection served meanwhile
        threading.Event().wait(0.2)


def test_a_killed_server_loses_no_finished_run_no_shelf_and_leaves_no_process(
    browser: Browser, tmp_path: Path
) -> None:
    def start_server() -> AbstractContextManager[Server]:
        return running_app(SHAPELAB_DATA_DIR=str(tmp_path), SHAPELAB_CPU_WORKERS="2")

    with ExitStack() as stack:
        first = stack.enter_context(start_server())
        tabs = [stack.enter_context(learner(browser)).new_page() for _ in range(LEARNERS)]
        open_train(tabs[0], first, SHORT)
        done = start(tabs[0])
        expect(progress(tabs[0])).to_contain_text("Finished", timeout=RUN_MS)
        keep_a_tensor(tabs[1], first)
        for number, tab in enumerate(tabs):
            open_train(tab, first, f"{LONG}&seed={number + 1}")
            start(tab)
        until(tabs[0], lambda: health(first)["running"] == LEARNERS)
        left = processes(first)
        os.kill(first.pid, signal.SIGKILL)
        until(tabs[0], lambda: not [each for each in left if is_alive(each)])
        second = stack.enter_context(start_server())
        tabs[2].goto(f"{second.url}/train?run={done}")
        expect(progress(tabs[2])).to_contain_text("Finished")
        tabs[1].goto(f"{second.url}/indexing")
        expect(tabs[1].get_by_role("radio", name="t1", exact=True)).to_have_count(1)
        open_train(tabs[0], second)
        assert done in tabs[0].url, "the learner's own latest run that is still there"
        assert health(second)["problems"] == []
        for tab in tabs:
            tab_of(tab).errors.clear()  # they lost their server


def test_a_killed_worker_costs_no_training(browser: Browser) -> None:
    with running_app(SHAPELAB_CPU_WORKERS="1") as server, learner(browser) as one, learner(browser) as other:
        page, waiting = one.new_page(), other.new_page()
        open_train(page, server, LONG)
        start(page)
        expect(progress(page)).to_contain_text("Training", timeout=RUN_MS)
        button(page, "Pause").click()
        expect(button(page, "Resume")).to_be_enabled()
        open_train(waiting, server, f"{SHORT}&seed=5")
        start(waiting)
        expect(progress(waiting)).to_contain_text("Finished", timeout=RUN_MS)
        until(page, lambda: health(server)["disk"]["snapshot_bytes"] > 0)
        worker = workers(server)[0]
        worker.kill()
        until(page, lambda: not is_alive(worker))
        button(page, "Resume").click()
        expect(progress(page)).to_contain_text("Training", timeout=RUN_MS)
        until(page, lambda: health(server)["workers"] == 1)
        assert health(server)["running"] == 1
        button(page, "Stop").click()
        expect(progress(page)).to_contain_text("Stopped")


def test_cables_cut_for_five_sixty_and_two_hundred_seconds(browser: Browser) -> None:
    with (
        running_app(SHAPELAB_CPU_WORKERS="1") as server,
        cable_to(server.url) as cable,
        learner(browser) as one,
    ):
        page = one.new_page()
        page.goto(f"{cable.url}/train?{LONG}")
        finished(page)
        start(page)
        expect(button(page, "Pause")).to_be_enabled()
        button(page, "Pause").click()
        expect(button(page, "Resume")).to_be_enabled()
        for seconds in (5, 60):
            cable.cut()
            pass_seconds(page, seconds)
            cable.mend()
            page.reload()
            finished(page)
            expect(progress(page)).to_contain_text("Paused")
        cable.cut()
        pass_seconds(page, 200)
        cable.mend()
        page.reload()
        finished(page)
        expect(page.get_by_text("Nobody watched this run for a while")).to_be_visible()
        assert health(server)["running"] == 0
        open_train(page, server, f"{SHORT}&seed=3")
        start(page)
        expect(progress(page)).to_contain_text("Finished", timeout=RUN_MS)
        tab_of(page).errors.clear()  # its connection was gone


def test_a_storm_of_reloads(browser: Browser) -> None:
    with running_app(SHAPELAB_CPU_WORKERS="1") as server, ExitStack() as stack:
        tabs = [stack.enter_context(learner(browser)).new_page() for _ in range(LEARNERS)]
        for number, tab in enumerate(tabs):
            open_train(tab, server, f"epochs=1&share=50&seed={number}")
            start(tab)
        for _ in range(10):
            for tab in tabs:
                tab.reload(wait_until="commit")
        for tab in tabs:
            expect(progress(tab)).to_contain_text("Finished", timeout=RUN_MS)
            finished(tab)
        said = health(server)
        assert (said["running"], said["kept_runs"], said["workers"]) == (0, LEARNERS, 1)
        for tab in tabs:
            tab_of(tab).errors.clear()  # requests that a reload cut off
