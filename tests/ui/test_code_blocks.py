"""Code stands in our own block: Streamlit's fetches half a megabyte more."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "lib" / "ui" / "components" / "code.py"


def test_no_page_uses_streamlits_own() -> None:
    found = []
    for folder in ("lib/ui", "lib/lessons", "pages"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not isinstance(node, ast.Attribute) or node.attr not in ("code", "echo") or file == OWN:
                    continue
                if isinstance(node.value, ast.Name) and node.value.id == "st":
                    found.append(
                        f"{file.relative_to(ROOT)}:{node.lineno}: use lib.ui.components.code.code_block"
                    )
    assert found == []
