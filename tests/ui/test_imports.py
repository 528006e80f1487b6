"""What a page does not need, it does not import: torch takes longer than the rest of a page together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOK = """
import ast, importlib, pathlib, sys
tree = ast.parse(pathlib.Path(sys.argv[1]).read_text("utf-8"))
for node in ast.walk(tree):
    if isinstance(node, ast.ImportFrom) and node.module.startswith("lib."):
        importlib.import_module(node.module)
print("torch" in sys.modules)
"""


@pytest.mark.parametrize(
    "page",
    [
        "streamlit_app.py",
        "pages/convolution.py",
        "pages/cnn.py",
        "pages/train.py",
        "pages/optimizers.py",
        "pages/autograd.py",
    ],
)
def test_the_page_starts_without_torch(page: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, page], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-1] == "False"
