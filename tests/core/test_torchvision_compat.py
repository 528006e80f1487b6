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


def test_transforms_come_without_torchs_compiler() -> None:
    done = run(
        "import sys\n"
        "from lib.core.torchvision_compat import import_torchvision, import_transforms\n"
        "import_torchvision()\n"
        "functional = import_transforms()\n"
        "import torch\n"
        "turned = functional.affine(torch.eye(5)[None], 90.0, [0, 0], 1.0, [0.0, 0.0])\n"
        "assert torch.equal(turned, torch.eye(5).flip(1)[None]), turned\n"
        "functional.gaussian_noise(torch.zeros(1, 5, 5), sigma=0.1)\n"
        "heavy = [name for name in ('torch._dynamo.eval_frame', 'sympy', 'torch._inductor') if name in sys.modules]\n"
        "assert heavy == [], f'sixty to seventy MB for each process: {heavy}'\n"
        "import torchvision\n"
        "assert sys.modules['torchvision.ops.roi_align'].is_compile_supported('cpu') is True\n"
        "assert torchvision.tv_tensors.wrap._torchdynamo_disable\n"
        "print(bool(sys.modules['torch._dynamo'].__file__))"
    )
    assert done.stdout.strip() == "True", done.stderr
