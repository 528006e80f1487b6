"""The code of a stack: it comes back, it is short, and hostile ones are refused at once."""

from __future__ import annotations

import base64
import json
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.conv.layer import NamedPadding, PaddingMode
from lib.core.nets.layers import Add, Concat, Conv, Linear
from lib.core.nets.stack import (
    MAX_CODE,
    MAX_ROWS,
    Stack,
    StackError,
    StackRow,
    general_stack,
    read_code,
    stack_from_json,
    stack_json,
    write_code,
)
from tests.core.nets.cases import LAYERS_AND_JOINS


@st.composite
def stacks(draw: st.DrawFn) -> Stack:
    rows = []
    for number in range(draw(st.integers(0, 20))):
        layer = draw(LAYERS_AND_JOINS)
        is_join = isinstance(layer, Add | Concat)
        rows.append(StackRow(layer, draw(st.integers(0, number)) if is_join else None))
    return Stack(tuple(rows), draw(st.integers(1, 4)))


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(stacks())
def test_a_stack_comes_back(stack: Stack) -> None:
    code = write_code(stack)
    assert len(code) <= MAX_CODE
    assert read_code(code) == stack
    assert stack_from_json(json.dumps(stack_json(stack))) == stack


def worst_row(chance: random.Random) -> StackRow:
    """A convolution in which every argument is random."""

    def pair(low: int, high: int) -> tuple[int, int]:
        return chance.randint(low, high), chance.randint(low, high)

    return StackRow(
        Conv(
            chance.randint(1, 4096),
            pair(1, 11),
            pair(1, 8),
            pair(0, 10),
            pair(1, 6),
            chance.randint(1, 4096),
            chance.random() < 0.5,
            chance.choice(list(PaddingMode)),
            chance.choice([None, *NamedPadding]),
            chance.randint(1, 4096),
        )
    )


def test_the_longest_stack_fits_an_address() -> None:
    chance = random.Random(0)
    for _ in range(20):
        stack = Stack(tuple(worst_row(chance) for _ in range(MAX_ROWS)), 4096)
        code = write_code(stack)
        assert len(code) <= MAX_CODE
        assert read_code(code) == stack


def test_an_ordinary_stack_is_short() -> None:
    assert len(write_code(general_stack(4, 2, 2))) < 130


def _deflated(data: bytes) -> str:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeeze.compress(data) + squeeze.flush()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


HOSTILE = {
    "empty": "",
    "another letter": "c" + _deflated(b"\x02\x00"),
    "not base64": "a" + "?" * 20,
    "too long": "a" * 3000,
    "other digits": "a\u0661\u0662",
    "bomb": "a" + _deflated(bytes(1_300_000))[: MAX_CODE - 1],
    "bomb that ends": "a" + _deflated(bytes(1_000_000)),
    "dense bomb": "b" + _deflated(b"\xff" * 1_000_000),
    "151 rows": "a" + _deflated(bytes([2, 0x97, 1]) + bytes([7] * 151)),
    "unknown kind": "a" + _deflated(bytes([2, 1, 99])),
    "endless number": "a" + _deflated(b"\xff" * 30),
    "cut off": "a" + _deflated(bytes([2, 5])),
    "more after it": "a" + _deflated(bytes([2, 0, 0])),
    "join of a later row": "a" + _deflated(bytes([2, 1, 10, 9])),
    "dense rest": "b" + _deflated((2 + 4096 * (0 + 151 * 5)).to_bytes(4, "little")),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_codes_are_refused(text: str) -> None:
    with pytest.raises(StackError):
        read_code(text)


def test_the_address_stays_whole_when_bytes_flip() -> None:
    """Damaged codes are refused or mean another stack; nothing else comes out of them."""
    code = write_code(general_stack(3, 2, 1))
    chance = random.Random(1)
    for _ in range(500):
        place = chance.randrange(len(code))
        damaged = code[:place] + chance.choice("abcXYZ059-_=%é") + code[place + 1 :]
        try:
            assert isinstance(read_code(damaged), Stack)
        except StackError:
            continue


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"channels": 3, "rows": 5}',
        '{"channels": "3", "rows": []}',
        '{"channels": 1.5, "rows": []}',
        '{"channels": 3.0, "rows": []}',
        '{"channels": true, "rows": []}',
        '{"channels": null, "rows": []}',
        '{"channels": NaN, "rows": []}',
        '{"channels": 3, "rows": [{"kind": "exec"}]}',
        '{"channels": 3, "rows": [{"kind": "Linear", "out_features": 1e9}]}',
        '{"channels": 3, "rows": [{"kind": "Linear", "out_features": 3, "bias": 2}]}',
        '{"channels": 3, "rows": [{"kind": "Conv2d", "out_channels": 3, "kernel": [3]}]}',
        '{"channels": 3, "rows": [{"kind": "Conv2d", "out_channels": 3, "kernel": 3}]}',
        '{"channels": 3, "rows": [{"kind": "Add", "other": 5}]}',
        "[" * 100_000,
    ],
)
def test_what_no_browser_of_ours_sends_is_refused(text: str) -> None:
    with pytest.raises(StackError):
        stack_from_json(text)


def test_rows_come_and_go_and_joins_follow() -> None:
    stack = Stack((StackRow(Conv(3)), StackRow(Conv(3)), StackRow(Add(), 1), StackRow(Linear(2))), 3)
    assert stack.inserted(0, StackRow(Conv(3))).rows[3].other == 2
    assert stack.inserted(1, StackRow(Conv(3))).rows[3].other == 1
    assert stack.without(0).rows[1].other == 0
    assert stack.without(1).rows[1].other == 1
