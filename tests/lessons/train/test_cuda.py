"""/train on a server with a GPU, over Streamlit's own protocol: it is named, chosen in the address, trained on."""

from __future__ import annotations

import json
import time

import torch

from lib.lessons.train.texts import TRAIN_TEXTS
from lib.ui.lang import Lang
from tests.bench.learner import Learner
from tests.e2e.server import Server, running_app
from tests.gpu import GPU, IS_GPU, needs_gpu
from tests.own_loop import in_own_loop

pytestmark = needs_gpu
LOG_SECONDS = 30.0


def device_option(learner: Learner) -> str:
    """What is chosen where the page asks for the device."""
    label = TRAIN_TEXTS[Lang.EN].device
    (found,) = [each for each in learner.widgets.values() if getattr(each.element, "label", "") == label]
    assert found.state is not None
    return str(found.state[1])


async def visit(server: Server) -> None:
    async with Learner(server.url, "train", f"device={GPU}&epochs=1&seed=21") as learner:
        await learner.open()
        assert learner.texts == [], "the first visitor's address is understood"
        assert GPU in device_option(learner)
        if IS_GPU:
            assert torch.cuda.get_device_name(0) in device_option(learner)
        await learner.press("Train")
        await learner.until_final()
        assert learner.errors == []
    async with Learner(server.url, "train", "device=cuda:63") as learner:
        await learner.open()
        (said,) = [text for text in learner.texts if "cuda:63" in text]
        assert GPU in said, "what can be chosen is named"
        assert "cpu" in device_option(learner)


def trained_on(server: Server) -> list[str]:
    """The devices of the runs that the server has logged, as soon as there is one."""
    found: list[str] = []
    end = time.monotonic() + LOG_SECONDS
    while not found and time.monotonic() < end:
        lines = [line for line in server.log.read_text().splitlines() if '"device"' in line]
        found = [json.loads(line[line.index("{") :])["device"] for line in lines]
        time.sleep(0.1)
    return found


def test_from_the_address_to_the_result() -> None:
    with running_app() as server:
        in_own_loop(visit(server))
        assert trained_on(server) == [GPU]
