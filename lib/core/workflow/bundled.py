"""Trained paths that come with the explorer: each tokenizer in each language, and the pictures' default.

``python -m lib.core.workflow.bundled`` (``make weights``) trains them anew and writes them to assets/models.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.core.bundled_files import reading
from lib.core.workflow.model import Weights
from lib.core.workflow.path import Path, PicturePath, TextPath, Transform, WorkflowConfig
from lib.core.workflow.reviews import LANGUAGES
from lib.core.workflow.text import TokenizerKind

FILE = FilePath(__file__).resolve().parents[3] / "assets" / "models" / "workflow.safetensors"
PATHS: tuple[Path, ...] = (
    *(TextPath(language, kind) for language in LANGUAGES for kind in TokenizerKind),
    *(TextPath(language, TokenizerKind.BPE, by_bytes=True) for language in LANGUAGES),
    *(PicturePath(transform) for transform in Transform),
)


@dataclass(frozen=True, eq=False)
class TrainedPath:
    """A path with its weights, and what it says to its test set (see ``training.PathReport``)."""

    path: Path
    weights: Weights
    predictions: NDArray[np.uint8]
    confidences: NDArray[np.float32]
    losses: NDArray[np.float32]


_OWN = ("predictions", "confidences", "losses")


@cache
def bundled_paths() -> dict[str, TrainedPath]:
    """The bundled paths by identity.

    >>> sorted(bundled_paths()[TextPath().identity].weights)
    ['embedding.weight', 'head.bias', 'head.weight']

    Raises: BundledFileError where the file is missing or damaged.
    """
    from safetensors.numpy import load_file

    with reading(FILE):
        return _paths(load_file(FILE))


def _paths(stored: dict[str, NDArray[Any]]) -> dict[str, TrainedPath]:
    found = {}
    for path in PATHS:
        part = {
            name.removeprefix(f"{path.identity}/"): values
            for name, values in stored.items()
            if name.startswith(path.identity)
        }
        weights = {name: values for name, values in part.items() if name not in _OWN}
        found[path.identity] = TrainedPath(path, weights, *(part[name] for name in _OWN))
    return found


def train_path(path: Path) -> TrainedPath:
    """Train one path here and now. Imports torch."""
    from lib.core.workflow.training import PathReport, train

    *_, report = train(WorkflowConfig((path,)), chunk_steps=lambda: 1000)
    assert isinstance(report, PathReport)
    return TrainedPath(path, report.weights, report.predictions, report.confidences, report.losses)


def main() -> int:
    """Train all and write them."""
    from safetensors.numpy import save_file

    stored = {}
    for path in PATHS:
        trained = train_path(path)
        for name, values in (*trained.weights.items(), *((name, getattr(trained, name)) for name in _OWN)):
            stored[f"{path.identity}/{name}"] = values
    save_file(stored, FILE)
    print(f"{len(PATHS)} paths: {FILE.name}, {FILE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
