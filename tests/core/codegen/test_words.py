"""Words of a program: joined they are the program, and Python's own tokenizer agrees on what they are."""

from __future__ import annotations

import io
import keyword
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.codegen.words import Kind, words

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "lib" / "core").rglob("*.py"))[::6]


def joined(code: str) -> str:
    return "\n".join("".join(text for _, text in line) for line in words(code))


@given(st.text(alphabet="ab_1.\"'#\\ \nfr=(é中", max_size=60))
def test_nothing_is_lost(code: str) -> None:
    assert joined(code) == code


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
def test_pythons_tokenizer_agrees(file: Path) -> None:
    code = file.read_text("utf-8")
    assert joined(code) == code
    ours = [(kind, text) for line in words(code) for kind, text in line]
    theirs = list(tokenize.generate_tokens(io.StringIO(code).readline))
    comments = [token.string for token in theirs if token.type == tokenize.COMMENT]
    assert [text for kind, text in ours if kind is Kind.COMMENT] == comments
    keywords = [
        token.string for token in theirs if token.type == tokenize.NAME and keyword.iskeyword(token.string)
    ]
    in_f_strings = "f'" in code or 'f"' in code  # whole strings to us, code inside to newer Pythons
    if not in_f_strings:
        assert [text for kind, text in ours if kind is Kind.KEYWORD] == keywords
        numbers = [token.string for token in theirs if token.type == tokenize.NUMBER]
        assert [text for kind, text in ours if kind is Kind.NUMBER] == numbers
