"""The part of plotly.js that browsers get: of the right version, and with every kind of chart that is drawn."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType
from plotly.offline._plotlyjs_version import __plotlyjs_version__

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "assets" / "plotly"
BUNDLE = (FOLDER / "plotly-cartesian.min.js").read_text("utf-8")
KINDS = {
    name.lower()
    for name in dir(go)
    if isinstance(getattr(go, name), type) and issubclass(getattr(go, name), BaseTraceType)
}


def kinds_drawn() -> set[str]:
    """``add_bar``, ``go.Bar`` and ``{"type": "bar"}`` in the sources."""
    found = set()
    for folder in ("lib/figures", "lib/ui", "lib/lessons"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Attribute):
                    found.add(node.attr.removeprefix("add_").lower() if node.attr.startswith("add_") else "")
                    found.add(
                        node.attr.lower()
                        if isinstance(node.value, ast.Name) and node.value.id == "go"
                        else ""
                    )
                if isinstance(node, ast.Dict):
                    for key, value in zip(node.keys, node.values, strict=True):
                        if (
                            isinstance(key, ast.Constant)
                            and key.value == "type"
                            and isinstance(value, ast.Constant)
                        ):
                            found.add(str(value.value))
    return found & KINDS


def has(kind: str) -> bool:
    return re.search(rf'moduleType:"trace",name:"{kind}"', BUNDLE) is not None


def test_every_kind_of_chart_is_in_it() -> None:
    drawn = kinds_drawn()
    assert {"scatter", "bar", "heatmap"} <= drawn
    assert [kind for kind in sorted(drawn) if not has(kind)] == []
    assert not has("scatter3d")


def test_it_is_of_the_version_that_the_figures_are_made_for() -> None:
    assert f"plotly.js (cartesian - minified) v{__plotlyjs_version__}\n" in BUNDLE[:200]
    assert __plotlyjs_version__ in (FOLDER / "README.md").read_text("utf-8")
    assert "MIT License" in (FOLDER / "LICENSE").read_text("utf-8")
