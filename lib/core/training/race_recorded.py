"""A race of optimizers on MNIST as it was measured: so that the page opens with a result.

``python -m lib.core.training.race_recorded`` (``make weights``) runs it anew and writes it to assets/models.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import numpy as np

from lib.core.bundled_files import reading
from lib.core.training.mnist_race import (
    Entrant,
    MnistRaceConfig,
    RaceEpoch,
    RaceSteps,
    Rule,
    losses_of,
)

FILE = Path(__file__).resolve().parents[3] / "assets" / "models" / "mnist_race.json"
CONFIG = MnistRaceConfig(
    entrants=(
        Entrant(Rule.SGD, 0.1, 0.0),
        Entrant(Rule.MOMENTUM, 0.02, 0.0),
        Entrant(Rule.ADAM, 0.003, 0.0),
        Entrant(Rule.MUON, 0.02, 0.1),
    ),
    hidden=50,
    epochs=1,
    train_share=0.5,
    seed=0,
)
"""What the page opens with."""
_DIGITS = 4
Report = RaceSteps | RaceEpoch


def recorded(config: MnistRaceConfig) -> tuple[Report, ...] | None:
    """What was measured with these settings; None where nothing is recorded.

    >>> reports = recorded(CONFIG)
    >>> losses_of(reports, 4).shape == (4, CONFIG.total_steps)
    True

    Raises: BundledFileError where the file is missing or damaged.
    """
    return _stored() if config == CONFIG else None


@cache
def _stored() -> tuple[Report, ...]:
    with reading(FILE):
        kept = json.loads(FILE.read_text("utf-8"))
        epochs = [
            RaceEpoch(
                each["epoch"], each["steps_done"], tuple(each["test_losses"]), tuple(each["test_correct"])
            )
            for each in kept["epochs"]
        ]
        return RaceSteps(0, np.array(kept["losses"], np.float32)), *epochs


def measure(config: MnistRaceConfig) -> tuple[Report, ...]:
    """Run the race here and now. Imports torch."""
    from lib.core.training.side_by_side import race

    found = race(config, chunk_steps=lambda: 1000)
    return tuple(report for report in found if isinstance(report, RaceSteps | RaceEpoch))


def main() -> int:
    """Run it and write it."""
    reports = measure(CONFIG)
    losses = losses_of(reports, len(CONFIG.entrants))
    plain = {
        "losses": [[round(float(loss), _DIGITS) for loss in row] for row in losses],
        "epochs": [
            {
                "epoch": report.epoch,
                "steps_done": report.steps_done,
                "test_losses": [round(float(loss), _DIGITS) for loss in report.test_losses],
                "test_correct": [int(right) for right in report.test_correct],
            }
            for report in reports
            if isinstance(report, RaceEpoch)
        ],
    }
    FILE.write_text(json.dumps(plain), "utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
