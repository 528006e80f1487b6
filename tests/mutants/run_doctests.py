"""The doctests of the package under SHAPELAB_MUTANTS as plain tests: mutmut does not get on with pytest's own.

Not found by `make test`, which runs the doctests themselves.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(os.environ.get("SHAPELAB_MUTANTS", "lib/core/conv"))
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def documented() -> Iterator[tuple[str, str, str]]:
    """Module, name and docstring of whatever has examples; mutants' own copies left out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                name, text = getattr(node, "name", "module"), ast.get_docstring(node) or ""
                if ">>>" in text and "__mutmut_" not in name:
                    yield module, name, text


@pytest.mark.parametrize(
    ("module", "name", "text"), list(documented()), ids=lambda value: str(value)[:60].split()[0]
)
def test_examples(module: str, name: str, text: str) -> None:
    names = dict(vars(importlib.import_module(module)))
    example = doctest.DocTestParser().get_doctest(text, names, name, module, 0)
    assert doctest.DocTestRunner(optionflags=FLAGS).run(example).failed == 0
