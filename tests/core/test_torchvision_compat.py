"""The import trap, in processes of their own: an import happens once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_datasets_transforms_and_models_work() -> None:
    done = run(
        "from lib.core.torchvision_compat import import_torchvision as get\n"
        "tv = get()\n"
        "import torch\n"
        "assert get() is tv\n"
        "assert tv.datasets.MNIST and tv.transforms.ToTensor()\n"
        "print(tuple(tv.models.resnet18(weights=None)(torch.zeros(1, 3, 64, 64)).shape))"
    )
    assert done.stdout.strip() == "(1, 1000)", done.stderr


def test_a_matching_pair_is_left_unchanged() -> None:
    done = run(
        "import torch\n"
        "library = torch.library.Library('torchvision', 'DEF')\n"
        "for name in ('nms', 'qnms'):\n"
        "    library.define(name + '(Tensor dets, Tensor scores, float iou_threshold) -> Tensor')\n"
        "from lib.core import torchvision_compat as compat\n"
        "compat.import_torchvision()\n"
        "print(len(compat._keep_alive))"
    )
    assert done.stdout.strip() == "0", done.stderr
