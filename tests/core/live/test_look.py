"""A look's text: what the server lets through the script reads, and writes so that the server lets it through."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.digits.maps_look import is_maps_look
from tests.core.live.browser_scripts import ask

whole = st.integers
PARTS = st.one_of(
    whole(0, 9999).map("d{}".format),
    st.just("l"),
    st.sampled_from(["pmax", "paverage"]),
    st.tuples(whole(-10, 10), whole(-10, 10)).map(lambda two: "s{}.{}".format(*two)),
    st.tuples(whole(0, 20), st.lists(whole(0, 63), min_size=1, max_size=8, unique=True)).map(
        lambda one: f"x{one[0]}." + ".".join(map(str, one[1]))
    ),
    st.tuples(whole(-1, 20), whole(0, 63), whole(0, 27), whole(0, 27)).map(
        lambda four: "m{}.{}.{}.{}".format(*four)
    ),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(PARTS, max_size=6, unique_by=lambda part: part[0]))
def test_texts_go_to_and_fro(parts: list[str]) -> None:
    text = "~".join(parts)
    assert is_maps_look(text)
    written = ask({"task": "look", "text": text})
    assert is_maps_look(written)
    expected = [part for part in parts if part != "s0.0"]
    assert sorted(filter(None, written.split("~"))) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "d",
        "d12345",
        "~",
        "d1~",
        "~l",
        "ll",
        "pmin",
        "s11.0",
        "s1",
        "x1",
        "m1.2.3",
        "m1.2.3.4.5",
        "l\n",
        "d１",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert not is_maps_look(text)
