"""Address and session have one door: the source is read to see that nobody takes another."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
INSIDE = ROOT / "lib" / "ui" / "state"
SOURCES = sorted(
    path
    for path in [*(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "streamlit_app.py"]
    if not path.is_relative_to(INSIDE)
)


def other_doors(source: str) -> list[str]:
    """Where a module asks Streamlit for the address or the session, or binds a widget to the address."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"session_state", "query_params"}:
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.keyword) and node.arg in {"bind", "persist_state"}:
            found.append(f"line {node.value.lineno}: {node.arg}={ast.unparse(node.value)}")
        elif isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} & {
            "session_state",
            "query_params",
        }:
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_else_touches_address_and_session(path: Path) -> None:
    assert other_doors(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import streamlit as st\nst.session_state['x'] = 1",
        "import streamlit\nstreamlit.query_params.get('x')",
        "import streamlit as st\nst.slider('x', 0, 9, bind='query-params')",
        "from streamlit import session_state",
    ],
)
def test_the_search_finds_each_way(source: str) -> None:
    assert other_doors(source)
