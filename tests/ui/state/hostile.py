"""What an address or a field may hold that no learner means: bad and odd texts for each kind of key."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from lib.ui.state import BadValueError, Choice, Choices, Flag, Key, Number, Table, Text, Whole

Said = str | list[str]

NOTHING_GOOD = (
    "",
    " ",
    "nan",
    "inf",
    "-inf",
    "1e309",
    "-1e400",
    "9" * 400,
    "-" + "9" * 30,
    "1.5",
    "+7",
    "0x10",
    "1_000",
    "٣",
    "７",
    "true",
    "None",
    "[]",
    "[[]]",
    "()",
    ";",
    ",",
    ":",
    "\n# Title\n![x](http://127.0.0.1:9/x.png)\n[link](http://127.0.0.1:9)",
    "`**loud**` :red[x] $\\frac{1}{2}$ :material/home:",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "x" * 5000,
    "\u202eabc\u200b\ufeff",
    "\x00\x07",
    "\ud83d\ude42".encode("utf-16", "surrogatepass").decode("utf-16"),
    "../../etc/passwd",
    "__import__('os').system('true')",
    "{0.__class__} %s {x}",
)
EXPRESSIONS = (
    "[[1, 2], [3]]",
    "[1, ['a']]",
    "zeros(100000, 100000)",
    "zeros(0, 3)",
    "randn(2, 3, 4, 5, 6, 7)",
    "randn(2",
    "[1e400, nan, -inf]",
    "[99999999999999999999]",
    "arange(0, 1, 0)",
    "eye(-1)",
    "t99",
    "x[::0]",
    "x[None, ..., ...]",
    "x[[True, False]]",
    "x[x > 3][0][0][0]",
    "x.gather(7, torch.tensor([[9]]))",
    "stack(99)",
    "view((-1, -1));permute((0, 0))",
    "split(0, 9);chunk(0)",
    "a0=1e9;c9=1",
    "[-1, 10000000]",
    "2, 3, 4, 5, 6",
    "((((((((((((((((((((1))))))))))))))))))))",
)
"""For typed texts: what almost means something."""


def hostile_texts(key: Key[Any]) -> list[Said]:
    """Texts for a key: none of them may harm, whether they are legal or not."""
    found: list[Said] = [*NOTHING_GOOD, ["1", "2"], ["", "x", "x"]]
    if isinstance(key, Whole | Number):
        ends = (key.low, key.high)
        found += [str(end) for end in ends] + [str(key.low - 1), str(key.high + 1), repr(float(key.high))]
    elif isinstance(key, Choice | Choices):
        options: Sequence[str] = key.options
        found += [str(option) for option in options]
        found += [str(options[0]).upper(), f"{options[0]},{options[-1]}", f"{options[0]},{options[0]}"]
    elif isinstance(key, Flag):
        found += ["true", "false", "True", "1"]
    elif isinstance(key, Text):
        written = key.write(key.default)
        found += [*EXPRESSIONS, written, written[:-1], written + written, written[::-1], written * 200]
    return found


def is_bad(key: Key[Any], said: Said) -> bool:
    """Whether the key refuses it."""
    if not isinstance(said, str):
        return True
    try:
        key.parse(said)
    except BadValueError:
        return True
    return False


def hostile_query(table: Table, draw: random.Random) -> dict[str, Said]:
    """An address of the table's page: one to five keys, legal choices among them so that all parts are reached."""
    keys = draw.sample(table.in_address, min(len(table.in_address), draw.randint(1, 5)))
    query = {key.name: draw.choice(hostile_texts(key)) for key in keys}
    for key in table.in_address:
        if isinstance(key, Choice) and draw.random() < 0.5:
            query[key.name] = str(draw.choice(key.options))
    return query
