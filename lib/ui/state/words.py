"""What the state package says to the learner, and how it shows what came from outside: as text, never as Markdown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lib.ui.lang import Lang

SHOWN = 60
"""Characters of a bad value that are repeated to the learner."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:])")


@dataclass(frozen=True)
class StateTexts:
    """Messages about values that are not possible."""

    bad: str
    """Slots: said, allowed, used."""
    bad_typed: str
    """Slots: said, allowed."""
    last_good: str
    """Slots: value."""
    twice: str
    """Slots: count."""
    numbers: str
    """Slots: low, high."""
    wholes: str
    """Slots: low, high."""
    several: str
    """Slots: options."""
    some_text: str
    """Slots: length."""
    nothing: str
    more: str
    """Slots: count."""


STATE_TEXTS: dict[Lang, StateTexts] = {
    Lang.EN: StateTexts(
        bad="The address has {said}, which is not possible. Allowed: {allowed}. Used instead: {used}.",
        bad_typed="{said} is not possible here. Allowed: {allowed}.",
        last_good="Shown for the last possible value: {value}",
        twice="one value (here are {count})",
        numbers="a number, {low}–{high}",
        wholes="a whole number, {low}–{high}",
        several="some of {options}, with commas between them",
        some_text="at most {length} characters",
        nothing="nothing",
        more="and {count} more",
    ),
    Lang.ZH: StateTexts(
        bad="地址中的 {said} 不可用。允许的取值：{allowed}。已改用：{used}。",
        bad_typed="这里不能用 {said}。允许的取值：{allowed}。",
        last_good="仍按上一个可用的值显示：{value}",
        twice="一个值（这里有 {count} 个）",
        numbers="{low}–{high} 之间的数",
        wholes="{low}–{high} 之间的整数",
        several="{options} 中的若干个，用逗号分隔",
        some_text="最多 {length} 个字符",
        nothing="空",
        more="另有 {count} 个",
    ),
}


def plain_text(name: str) -> str:
    """A name that a learner gave, as it is: nothing in it is Markdown.

    >>> plain_text("a|b *c*")
    'a\\\\|b \\\\*c\\\\*'
    """
    return _MARKDOWN.sub(r"\\\1", name)


def as_text(said: str, limit: int = SHOWN) -> str:
    """A text from outside as a code span of one line, in which Markdown means nothing.

    Line breaks, invisible characters and those that turn the reading direction are spelled out.

    >>> as_text("7")
    '`7`'
    >>> as_text("1\\n# Title ![x](http://y)")
    '`1\\\\n# Title ![x](http://y)`'
    >>> as_text("`**loud**`"), as_text("")
    ("`'**loud**'`", '`""`')
    """
    cut = said if len(said) <= limit else said[: limit - 1] + "…"
    plain = "".join(_spelled(sign) for sign in cut).replace("`", "'")
    # A code span loses one blank at each end where both are there, and one of blanks alone would not be seen.
    return f"`{plain}`" if plain and plain == plain.strip() else f'`"{plain}"`'


def _spelled(sign: str) -> str:
    if sign == " " or unicodedata.category(sign)[0] not in "CZ":
        return sign
    return sign.encode("unicode_escape").decode("ascii")
