"""Comparisons that come with the explorer, as they were measured: so that the page opens with a result.

``python -m lib.core.finetune.recorded`` (``make weights``) runs them anew and writes them to assets/models.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lib.core.bundled_files import reading
from lib.core.finetune.config import SWEEP, Base, FinetuneConfig, Mode
from lib.core.finetune.reports import ModeReport, PointReport

FILE = Path(__file__).resolve().parents[3] / "assets" / "models" / "finetune_recorded.json"
SWEEP_STEPS = 100
REVERSED = FinetuneConfig(old_rate=0.01, new_rate=0.001)
"""The old layers learn faster than the new one."""
CONFIGS = (
    FinetuneConfig(),
    FinetuneConfig(base=Base.HIDDEN),
    REVERSED,
    FinetuneConfig(labels=SWEEP, steps=SWEEP_STEPS),
)
_DIGITS = 4

Report = PointReport | ModeReport


def to_plain(report: Report) -> dict[str, Any]:
    """A report as JSON values, four digits behind the point.

    >>> to_plain(PointReport(Mode.FULL, 10, 3, 0.51234, None))
    {'mode': 'full', 'labels': 10, 'step': 3, 'new': 0.5123, 'old': None}
    """
    return {name: _plain(value) for name, value in asdict(report).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.round(value, _DIGITS).tolist()
    if isinstance(value, Mode):
        return value.value
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def from_plain(plain: dict[str, Any]) -> Report:
    """The inverse of :func:`to_plain`.

    >>> from_plain({"mode": "full", "labels": 10, "step": 3, "new": 0.5, "old": None}).step
    3
    """
    values = {**plain, "mode": Mode(plain["mode"])}
    if "step" in plain:
        return PointReport(**values)
    values["moved"] = {name: (change, length) for name, (change, length) in plain["moved"].items()}
    values["kernels"] = tuple(np.array(each, np.float32) for each in plain["kernels"])
    values["batches"] = tuple(plain["batches"])
    return ModeReport(**values)


@cache
def _stored() -> dict[str, tuple[Report, ...]]:
    with reading(FILE):
        stored: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text("utf-8"))
        return {identity: tuple(map(from_plain, reports)) for identity, reports in stored.items()}


def recorded(config: FinetuneConfig) -> tuple[Report, ...] | None:
    """What was measured with these settings; None where nothing is recorded.

    >>> reports = recorded(FinetuneConfig())
    >>> sum(isinstance(report, ModeReport) for report in reports)
    4

    Raises: BundledFileError where the file is missing or damaged.
    """
    return _stored().get(config.identity)


def measure(configs: Sequence[FinetuneConfig]) -> dict[str, list[dict[str, Any]]]:
    """Run the comparisons here and now. Imports torch."""
    from lib.core.finetune.training import train
    from lib.core.training.reports import StepsReport

    return {
        config.identity: [
            to_plain(report)
            for report in train(config, chunk_steps=lambda: 1000)
            if not isinstance(report, StepsReport)
        ]
        for config in configs
    }


def main() -> int:
    """Run all and write them."""
    FILE.write_text(json.dumps(measure(CONFIGS)), "utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
