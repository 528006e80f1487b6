"""The part of plotly.js that browsers get: of the right version, and with every kind of chart that is drawn."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from lib.ui.door import plotly_js

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = plotly_js.BUNDLE.read_text("utf-8")
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
    assert BUNDLE.startswith(plotly_js.BANNER)
    assert f'version="{plotly_js.VERSION}"' in BUNDLE


def test_the_licences_of_all_that_is_in_it_are_there() -> None:
    licences = plotly_js.LICENCES.read_text("utf-8")
    assert f"plotly.js {plotly_js.VERSION}, MIT" in licences
    for name in ("@plotly/d3 ", "culori ", "d3-format ", "polybooljs "):
        assert f"\n{name}" in f"\n{licences}", name
