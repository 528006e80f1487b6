"""Between parts of a sentence stand the signs of its language."""

from __future__ import annotations

import re

import pytest

from tests.lessons.page import open_page, shown_text

LISTS = [
    ("en", ": ", ", "),
    ("zh", "：", "、"),
]
OF_EACH = pytest.mark.parametrize(("lang", "colon", "comma"), LISTS)


@OF_EACH
def test_an_axis_and_what_is_said_of_it(lang: str, colon: str, comma: str) -> None:
    sizes = {"W": "9", "H": "10", "F": "3", "FH": "3", "S": "4", "SH": "4", "P": "0"}
    at = open_page("convolution", lang=lang, own="true", **sizes)
    marked = [each.value for each in at.caption if each.value[:1] in {"H", "W"}]
    assert [re.match(rf"[HW]{colon}\S", each) is not None for each in marked] == [True, True]
    assert f"SH = 3{comma}S = 3" in [each.label for each in at.button]


@OF_EACH
def test_two_published_accuracies(lang: str, colon: str, comma: str) -> None:
    at = open_page("cnn", lang=lang, net="alexnet", **{"with": "resnet50"})
    (line,) = (each for each in shown_text(at).splitlines() if each.startswith("| ImageNet top-1"))
    assert re.search(rf"V1[)）]{comma}\d", line)


@OF_EACH
def test_axes_that_are_flipped(lang: str, colon: str, comma: str) -> None:
    at = open_page("indexing", lang=lang, index="x.flip(0, 1)")
    assert f"0{comma}1" in shown_text(at)


@OF_EACH
def test_pairs_that_are_merged(lang: str, colon: str, comma: str) -> None:
    at = open_page("workflow", lang=lang, tok="bpe", block="tokenizer")
    assert any(re.match(rf"\S+ \+ \S+{comma}\S+ \+", str(each.value)) for each in at.markdown)
