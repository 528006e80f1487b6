"""Speed of the training engine on the CPU: against the textbook loop, and against the bare matrix products."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path

import torch

from lib.core.training.config import TEST_IMAGES, TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.data import mnist_tensors
from lib.core.training.engine import DEFAULT_CHUNK, Training, train
from lib.core.training.reports import EpochReport, StepsReport
from lib.core.training.textbook import textbook_steps, torchvision_mnist, unpack_for_torchvision
from lib.jobs.worker import Connection, Outbox
from tests.bench.measure import alternating, paired_ratio

ROUNDS = 5
PAIRS = 15
EPOCH = TrainConfig(epochs=1)
CONV = TrainConfig(conv=(ConvBlock(8), ConvBlock(16)), hidden=(), epochs=1)
CONV_STEPS = 250
REPORTS_A_SECOND = 20


def textbook_epoch(root: Path) -> Callable[[], object]:
    """One epoch as every tutorial has it, the test set evaluated at its end as the engine does."""
    training = torchvision_mnist(root, train=True)
    test = torchvision_mnist(root, train=False)

    def run() -> None:
        *_, (model, _) = textbook_steps(EPOCH, training)
        correct = 0
        with torch.no_grad():
            for images, labels in torch.utils.data.DataLoader(test, batch_size=EPOCH.batch_size):
                correct += int((model(images).argmax(dim=1) == labels).sum())
        assert correct / TEST_IMAGES > 0.9

    return run


def engine_epoch(chunk: int) -> Callable[[], object]:
    """One epoch of the engine, a report each ``chunk`` steps."""

    def run() -> None:
        for report in train(EPOCH, chunk_steps=lambda: chunk):
            if isinstance(report, EpochReport):
                assert report.test_accuracy > 90

    return run


def conv_steps(root: Path) -> dict[str, Callable[[], object]]:
    """The first steps of a small CNN, without evaluation: as every tutorial has it, and by the engine."""
    training = torchvision_mnist(root, train=True)

    def textbook() -> None:
        *_, (_, loss) = islice(textbook_steps(CONV, training), CONV_STEPS)
        assert loss < 1

    def engine() -> None:
        report = next(train(CONV, chunk_steps=lambda: CONV_STEPS))
        assert isinstance(report, StepsReport)
        assert report.losses[-1] < 1

    return {"textbook": textbook, "engine": engine}


def bare_products() -> Callable[[], object]:
    """The matrix products of one epoch and nothing else: two forward, three backward, each step."""
    batch = EPOCH.batch_size
    layers = [
        (torch.randn(batch, i), torch.randn(o, i), torch.randn(batch, o))
        for i, o in pairwise(EPOCH.layer_sizes)
    ]

    @torch.inference_mode()
    def run() -> None:
        for _ in range(EPOCH.steps_per_epoch):
            for i, (values, weight, slope) in enumerate(layers):
                torch.mm(values, weight.t())
                torch.mm(slope.t(), values)
                if i:
                    torch.mm(slope, weight)

    return run


def whole_run(*, has_pictures: bool) -> Callable[[], object]:
    """The default run; a worker's own outbox finishes its pictures and sends all reports, to nobody."""

    def run() -> None:
        training = Training(TrainConfig())
        start = training.with_pictures if has_pictures else training.reports
        with Path(os.devnull).open("rb") as nothing, Path(os.devnull).open("wb") as nobody:
            outbox = Outbox(Connection(nothing, nobody), 0)
            for report in start(lambda: DEFAULT_CHUNK):
                outbox.put(0.0, report)
            outbox.flush()
            outbox.close()

    return run


def measure() -> dict[str, object]:
    """Median seconds an epoch with the default config, and ratios of turns taken in the same run."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    mnist_tensors()
    try:
        with tempfile.TemporaryDirectory() as folder:
            textbook = textbook_epoch(unpack_for_torchvision(Path(folder)))
            # A first turn each, not counted: caches, lazily loaded kernels.
            list(islice(textbook_steps(EPOCH, torchvision_mnist(Path(folder), train=True)), 50))
            engine_epoch(1000)()
            rate = EPOCH.steps_per_epoch / alternating({"engine": engine_epoch(1000)}, 3)["engine"]
            median = alternating(
                {
                    "textbook": textbook,
                    "engine": engine_epoch(EPOCH.steps_per_epoch),
                    "engine, live reports": engine_epoch(max(1, round(rate / REPORTS_A_SECOND))),
                    "engine again": engine_epoch(EPOCH.steps_per_epoch),
                    "matrix products": bare_products(),
                },
                ROUNDS,
            )
            pictures = paired_ratio(whole_run(has_pictures=True), whole_run(has_pictures=False), PAIRS)
            contestants = conv_steps(Path(folder))
            for work in contestants.values():
                work()
            conv = alternating(contestants, ROUNDS)
    finally:
        torch.set_num_threads(threads)
    engine = min(median["engine"], median["engine again"])
    return {
        "textbook_seconds_per_epoch": round(median["textbook"], 3),
        "engine_seconds_per_epoch": round(engine, 3),
        "matrix_products_seconds_per_epoch": round(median["matrix products"], 3),
        "speedup_over_textbook": round(median["textbook"] / engine, 1),
        "ratio_to_matrix_products": round(engine / median["matrix products"], 2),
        "live_reporting_cost_percent": round(100 * (median["engine, live reports"] / engine - 1), 1),
        "live_insides_cost_percent": round(100 * (pictures - 1), 1),
        "cnn_textbook_ms_a_step": round(1000 * conv["textbook"] / CONV_STEPS, 2),
        "cnn_engine_ms_a_step": round(1000 * conv["engine"] / CONV_STEPS, 2),
        "cnn_speedup_over_textbook": round(conv["textbook"] / conv["engine"], 2),
        "threads": 1,
    }
