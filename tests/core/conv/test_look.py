"""The look's text: every look comes back from its own, and what is none is refused, naming the part that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.conv.look import (
    MAX_CHANNEL,
    MAX_DIGIT,
    MAX_DRAWN,
    MAX_EDITS,
    MAX_SEED,
    MAX_SHIFT,
    MAX_TEXT,
    Edit,
    InputKind,
    KernelKind,
    Look,
    LookError,
    parse_look,
)

PLACES = st.integers(0, 9999)
VALUES = st.integers(-999_999, 999_999).map(lambda thousandths: thousandths / 1000)


def edits(axes: int) -> st.SearchStrategy[tuple[Edit, ...]]:
    one = st.builds(Edit, st.tuples(*[PLACES] * axes), VALUES)
    return st.lists(one, max_size=4).map(tuple)


@st.composite
def looks(draw: st.DrawFn) -> Look:
    kind = draw(st.sampled_from(list(InputKind)))
    number = 0
    if kind in {InputKind.DIGIT, InputKind.RANDOM}:
        number = draw(st.integers(0, MAX_DIGIT if kind is InputKind.DIGIT else MAX_SEED))
    drawn: tuple[str, ...] = ()
    if kind is InputKind.DRAWN:
        width = draw(st.integers(1, MAX_DRAWN))
        row = st.text("0123456789", min_size=width, max_size=width)
        drawn = draw(st.lists(row, min_size=1, max_size=MAX_DRAWN).map(tuple))
    kernel = draw(st.sampled_from(list(KernelKind)))
    shift = st.integers(-MAX_SHIFT, MAX_SHIFT)
    return Look(
        input=kind,
        number=number,
        drawn=drawn,
        kernel=kernel,
        kernel_seed=draw(st.integers(0, MAX_SEED)) if kernel is KernelKind.RANDOM else 0,
        shift=(draw(shift), draw(shift)),
        input_edits=draw(edits(3)),
        weight_edits=draw(edits(4)),
        channel=draw(st.integers(0, MAX_CHANNEL)),
    )


@settings(max_examples=300, deadline=None)
@given(looks())
def test_every_look_comes_back_from_its_text(look: Look) -> None:
    if len(look.text) <= MAX_TEXT:
        assert parse_look(look.text) == look


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (Look(), "digit.0~sobel_x~0_0~~"),
        (Look(InputKind.RANDOM, 7, kernel=KernelKind.RANDOM, kernel_seed=12), "random.7~random.12~0_0~~"),
        (Look(InputKind.RAMP, kernel=KernelKind.BLUR, shift=(-9, 9)), "ramp~blur~-9_9~~"),
        (Look(InputKind.DRAWN, drawn=("0009", "1111", "1234")), "drawn.c09.d1.1234~sobel_x~0_0~~"),
        (
            Look(
                input_edits=(Edit((0, 1, 2), -1.5), Edit((1, 0, 0), 2)),
                weight_edits=(Edit((0, 0, 1, 1), 999.125),),
            ),
            "digit.0~sobel_x~0_0~0_1_2_-1.5*1_0_0_2~0_0_1_1_999.125",
        ),
        (Look(channel=3), "digit.0~sobel_x~0_0~~~3"),
        (Look(InputKind.DRAWN, drawn=("0" * 30,)), "drawn.z0d0~sobel_x~0_0~~"),
    ],
)
def test_the_text_of_a_look_stays_as_links_have_it(look: Look, text: str) -> None:
    assert look.text == text
    assert parse_look(text) == look


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", ""),
        ("digit.0~sobel_x~0_0~", "digit.0~sobel_x~0_0~"),
        ("digit.0~sobel_x~0_0~~~1~", "digit.0~sobel_x~0_0~~~1~"),
        ("nothing.0~sobel_x~0_0~~", "nothing.0"),
        ("digit~sobel_x~0_0~~", "digit"),
        ("digit.1.2~sobel_x~0_0~~", "digit.1.2"),
        ("ramp.0~sobel_x~0_0~~", "ramp.0"),
        ("digit.10000~sobel_x~0_0~~", "10000"),
        ("random.10000~sobel_x~0_0~~", "10000"),
        ("digit.-1~sobel_x~0_0~~", "-1"),
        ("digit.x~sobel_x~0_0~~", "x"),
        ("digit.٣~sobel_x~0_0~~", "٣"),
        ("digit.000001~sobel_x~0_0~~", "000001"),
        ("drawn~sobel_x~0_0~~", "drawn"),
        ("drawn.12.1~sobel_x~0_0~~", "drawn.12.1"),
        ("drawn.1x~sobel_x~0_0~~", "drawn.1x"),
        ("drawn.٣~sobel_x~0_0~~", "drawn.٣"),
        (f"drawn.{'1' * (MAX_DRAWN + 1)}~sobel_x~0_0~~", f"drawn.{'1' * (MAX_DRAWN + 1)}"),
        (f"drawn{'.1' * (MAX_DRAWN + 1)}~sobel_x~0_0~~", f"drawn{'.1' * (MAX_DRAWN + 1)}"[:60]),
        ("digit.0~sobel~0_0~~", "digit.0~sobel~0_0~~"),
        ("digit.0~random~0_0~~", "digit.0~random~0_0~~"),
        ("digit.0~blur.1~0_0~~", "digit.0~blur.1~0_0~~"),
        ("digit.0~random.10000~0_0~~", "10000"),
        ("digit.0~random.-1~0_0~~", "-1"),
        ("digit.0~blur~0~~", "digit.0~blur~0~~"),
        ("digit.0~blur~0_0_0~~", "digit.0~blur~0_0_0~~"),
        ("digit.0~blur~10_0~~", "10"),
        ("digit.0~blur~0_-10~~", "-10"),
        ("digit.0~blur~0_0~0_0_1~", "0_0_1"),
        ("digit.0~blur~0_0~0_0_0_0_1~", "0_0_0_0_1"),
        ("digit.0~blur~0_0~~0_0_0_1", "0_0_0_1"),
        ("digit.0~blur~0_0~0_0_0_1000~", "0_0_0_1000"),
        ("digit.0~blur~0_0~0_0_0_1.2345~", "0_0_0_1.2345"),
        ("digit.0~blur~0_0~0_0_0_x~", "0_0_0_x"),
        ("digit.0~blur~0_0~0_0_10000_1~", "10000"),
        ("digit.0~blur~0_0~-1_0_0_1~", "-1"),
        ("digit.0~blur~0_0~~~0", "0"),
        ("digit.0~blur~0_0~~~1024", "1024"),
        ("digit.0~blur~0_0~" + "*".join(["0_0_0_1"] * (MAX_EDITS + 1)) + "~", ("0_0_0_1*" * 9)[:60]),
        ("q" * 99 + "~sobel_x~0_0~~", "q" * 60),
    ],
)
def test_what_is_no_look_is_refused_by_its_wrong_part(text: str, named: str) -> None:
    with pytest.raises(LookError) as caught:
        parse_look(text)
    assert caught.value.text == named
    assert str(caught.value) == (
        f"{named!r} describes no input and kernel; an example is digit.0~sobel_x~0_0~~"
    )


def test_the_most_that_is_allowed() -> None:
    most = "digit.9999~random.9999~-9_9~" + "*".join(["9999_9999_9999_-999.999"] * MAX_EDITS) + "~~1023"
    look = parse_look(most)
    assert (look.number, look.kernel_seed, look.channel, len(look.input_edits)) == (
        9999,
        9999,
        1023,
        MAX_EDITS,
    )
    long = (
        "digit.0~blur~0_0~" + "*".join(["9999_9999_9999_-999.999"] * 64) + "~" + "*".join(["0_0_0_0_1"] * 64)
    )
    assert parse_look(long[:MAX_TEXT].rpartition("*")[0]).input_edits == look.input_edits
    padded = f"digit.0~blur~0_0~~{'*'.join(['9999_9999_9999_9999_-999.999'] * 64)}"
    assert len(padded) <= MAX_TEXT
    with pytest.raises(LookError):
        parse_look(long.replace("_1*", "_100.125*").replace("*0_0_0_0_1", "*9999_9999_9999_9999_1"))
