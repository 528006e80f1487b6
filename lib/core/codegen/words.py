"""Python code as words and what they are, for colours on a screen."""

from __future__ import annotations

import builtins
import keyword
import re
from enum import StrEnum


class Kind(StrEnum):
    """What a word is; PLAIN words keep the text's colour."""

    PLAIN = ""
    COMMENT = "comment"
    STRING = "string"
    NUMBER = "number"
    KEYWORD = "keyword"
    CALL = "call"


Word = tuple[Kind, str]

_WORDS = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
    |(?P<string>(?:\b[rbfuRBFU]{1,2})?
        (?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<number>(?<![\w.])(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?j?))
    |(?P<name>[^\W\d]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(name for name in dir(builtins) if name.islower())


def words(code: str) -> list[list[Word]]:
    """The lines of a program, each as its words; joined they are the code again.

    >>> words("x = 2  # two")
    [[(<Kind.PLAIN: ''>, 'x = '), (<Kind.NUMBER: 'number'>, '2'), (<Kind.PLAIN: ''>, '  '), \
(<Kind.COMMENT: 'comment'>, '# two')]]
    """
    found: list[Word] = []
    end = 0
    for match in _WORDS.finditer(code):
        found.append((Kind.PLAIN, code[end : match.start()]))
        found.append((_kind(match, code), match.group()))
        end = match.end()
    found.append((Kind.PLAIN, code[end:]))
    return _lines(found)


def _kind(match: re.Match[str], code: str) -> Kind:
    if match.lastgroup != "name":
        return Kind(str(match.lastgroup))
    name = match.group()
    if name in _KEYWORDS:
        return Kind.KEYWORD
    is_method = code[: match.start()].endswith(".")
    return Kind.CALL if name in _BUILTINS and not is_method and code[match.end() :][:1] == "(" else Kind.PLAIN


def _lines(found: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = [[]]
    for kind, text in found:
        for i, part in enumerate(text.split("\n")):
            if i:
                lines.append([])
            if not part:
                continue
            line = lines[-1]
            if line and line[-1][0] is kind:
                line[-1] = (kind, line[-1][1] + part)
            else:
                line.append((kind, part))
    return lines
