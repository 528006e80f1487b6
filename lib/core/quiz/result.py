"""A finished sheet as a code to hand in. It is signed: whoever changes it, or makes one up, is found out.

Imports no torch.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import hmac
import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

MARK = "SL1"
MAX_NAME = 40
MAX_CODE = 800
_SIGNATURE_BYTES = 16
_CODE = re.compile(rf"{MARK}\.[\w-]*\.[\w-]*", re.ASCII)
_FORMULA = ("=", "+", "-", "@")


class CodeError(ValueError):
    """A text that is no code, or not one that was signed with this secret."""


@dataclass(frozen=True)
class Result:
    """What a code says: ``sheet`` is the sheet's key, ``seconds`` the time taken, ``ended`` is since 1970."""

    name: str
    sheet: str
    right: int
    count: int
    tries: int
    seconds: int
    ended: int

    @property
    def when(self) -> str:
        """The minute in which it ended, in UTC.

        >>> Result("Ada", "topics=conv", 6, 8, 10, 95, 0).when
        '1970-01-01 00:00'
        """
        return datetime.fromtimestamp(self.ended, UTC).strftime("%Y-%m-%d %H:%M")


def clean_name(text: str) -> str:
    """A name on one line, without what cannot be seen.

    >>> clean_name("  Ada\\n Lovelace\\u202e ")
    'Ada Lovelace'
    """
    visible = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(visible.split())[:MAX_NAME].strip()


def code_of(result: Result, secret: bytes) -> str:
    """The result as a line of text.

    >>> result = Result("Ada", "topics=conv", 6, 8, 10, 95, 1_700_000_000)
    >>> read_code(code_of(result, b"key"), b"key") == result
    True
    """
    content = json.dumps(astuple(result), ensure_ascii=False, separators=(",", ":")).encode()
    return f"{MARK}.{_text(content)}.{_text(_signature(content, secret))}"


def read_code(code: str, secret: bytes) -> Result:
    """What a code says.

    >>> read_code("SL1.WyJB.c2ln", b"key")
    Traceback (most recent call last):
    ...
    lib.core.quiz.result.CodeError: signature

    Raises: CodeError where it is none, was changed, or was signed with another secret.
    """
    mark, *parts = code.strip().split(".") if len(code) <= MAX_CODE else [""]
    if mark != MARK or len(parts) != 2:
        raise CodeError("form")
    try:
        content, signature = (_bytes(part) for part in parts)
    except (binascii.Error, ValueError):
        raise CodeError("form") from None
    if not hmac.compare_digest(signature, _signature(content, secret)):
        raise CodeError("signature")
    return Result(*json.loads(content))


@dataclass(frozen=True)
class Codes:
    """What stands in some lines: results, codes that are not good (line and the name they claim), lines without any."""

    good: tuple[Result, ...]
    bad: tuple[tuple[int, str], ...]
    empty: tuple[int, ...]


def read_codes(text: str, secret: bytes) -> Codes:
    """All codes of a text, whatever stands around them; each result once. Lines are counted from 1.

    >>> code = code_of(Result("Ada", "topics=conv", 6, 8, 10, 95, 0), b"key")
    >>> found = read_codes(f"Ada: {code}\\nhello\\n{code[:-3]}AAA", b"key")
    >>> found.good[0].name, found.bad, found.empty
    ('Ada', ((3, 'Ada'),), (2,))
    """
    good: dict[Result, None] = {}
    bad, empty = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        codes = _CODE.findall(line)
        if line.strip() and not codes:
            empty.append(number)
        for code in codes:
            try:
                good[read_code(code, secret)] = None
            except CodeError:
                bad.append((number, _claimed(code)))
    return Codes(tuple(good), tuple(bad), tuple(empty))


def _claimed(code: str) -> str:
    """The name that a code says, whoever wrote it."""
    try:
        return clean_name(str(json.loads(_bytes(code.split(".")[1]))[0]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return "?"


def results_csv(results: Sequence[Result]) -> str:
    """A table for a spreadsheet, the first line its heads.

    >>> print(results_csv([Result("=Ada", "topics=conv", 6, 8, 10, 95, 0)]).splitlines()[1])
    '=Ada,6,8,10,95,1970-01-01 00:00,topics=conv
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("name", "right", "questions", "tries", "seconds", "ended (UTC)", "sheet"))
    for each in results:
        # A spreadsheet would take it for a formula.
        name = f"'{each.name}" if each.name.startswith(_FORMULA) else each.name
        writer.writerow((name, each.right, each.count, each.tries, each.seconds, each.when, each.sheet))
    return stream.getvalue()


def result_of(
    name: str, sheet: str, right: int, count: int, tries: int, begun: float, ended: float
) -> Result:
    """A result, its times in whole seconds.

    >>> result_of(" Ada ", "topics=conv", 6, 8, 10, 5.0, 99.5).seconds
    95
    """
    taken = math.ceil(max(0.0, ended - begun))
    return Result(clean_name(name), sheet, right, count, tries, taken, int(ended))


def _signature(content: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, content, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
