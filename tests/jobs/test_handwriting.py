"""Fine-tuning on own digits as a run like any other, in a real worker."""

from __future__ import annotations

import numpy as np

from lib.core.digits.classifier import load_classifier, predict
from lib.core.mnist import load_mnist
from lib.core.training.bundled import bundled
from lib.core.training.handwriting import fine_tune_config
from lib.jobs.manager import RunManager
from lib.jobs.views import RunStatus
from tests.jobs.waiting import LONG


def test_it_learns_to_read_digits_that_it_misread(trainer: RunManager) -> None:
    mnist = load_mnist()
    before = load_classifier(bundled().config, bundled().weights)
    misread = np.flatnonzero(predict(before, mnist.test_images) != mnist.test_labels)[:20]
    images, labels = mnist.test_images[misread], mnist.test_labels[misread]
    config = fine_tune_config(
        bundled().config, bundled().weights, "bundled", images, labels, mixed=3000, epochs=5
    )
    started = trainer.health().executions_started
    first = trainer.submit(config, "ann", "mine")
    second = trainer.submit(config, "bob")
    view = trainer.wait(first, lambda run: run.status.is_over, LONG)
    assert view.status is RunStatus.FINISHED
    assert view.steps_done == config.total_steps
    assert view.final is not None
    after = load_classifier(config, view.final.weights)
    assert (predict(after, images) == labels).mean() >= 0.9
    assert (predict(after, mnist.test_images) == mnist.test_labels).mean() >= 0.93
    trainer.wait(second, lambda run: run.status.is_over, LONG)
    assert trainer.health().executions_started == started + 1  # equal digits and settings share one training
