"""Each check's program prints what the check found; the oracle is the program, run as anybody would."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lib.core.notes.checks import arguments, check
from lib.core.notes.note import Found, Note, PaddingWord, Verdict, Way
from lib.core.notes.programs import program
from tests.core.programs import printed

OFTEN = settings(max_examples=40, deadline=None)
small, rates = st.integers(1, 6), st.sampled_from([1e-3, 0.01, 0.1, 0.5])
VALUES: dict[Note, tuple[st.SearchStrategy[Any], ...]] = {
    Note.FLOOR: (st.integers(1, 32), st.integers(1, 7), st.integers(0, 5), small, st.integers(1, 4)),
    Note.PADDED: (st.integers(3, 7), st.integers(1, 3), st.integers(0, 3)),
    Note.FIELD: (small, st.integers(1, 7), st.integers(1, 2), st.integers(1, 3)),
    Note.CHANNELS: (small,),
    Note.PAIR: (st.integers(0, 3), st.integers(0, 3)),
    Note.MODE: (st.sampled_from(PaddingWord), st.integers(1, 4)),
    Note.GROUPS: (st.integers(1, 12), st.integers(1, 12), st.integers(1, 12)),
    Note.SQUEEZE: (st.integers(0, 3),),
    Note.CAT: (st.integers(0, 1), small, small),
    Note.SHARED: (st.sampled_from(Way),),
    Note.EMBEDDING: (st.integers(0, 5),),
    Note.ADAM: (st.integers(1, 100), rates),
    Note.ADAMW: (st.integers(1, 100), rates, st.sampled_from([0.0, 0.01, 0.1, 1.0])),
    Note.ARGMAX: (st.integers(0, 1),),
    Note.PRETRAINED: (),
    Note.RATES: (rates, rates),
    Note.PARALLEL: (),
}


def test_every_sentence_is_checked_and_tried_here() -> None:
    assert list(VALUES) == list(Note)
    for note, strategies in VALUES.items():
        assert len(arguments(note)) == len(strategies), note


@pytest.mark.parametrize("note", [note for note in Note if VALUES[note]])
@OFTEN
@given(data=st.data())
def test_the_program_prints_what_was_found(note: Note, data: st.DataObject) -> None:
    values = [data.draw(strategy) for strategy in VALUES[note]]
    assert printed(program(note, *values)).rstrip() == check(note, *values).printed


@pytest.mark.parametrize("note", [note for note in Note if not VALUES[note]])
def test_a_program_without_choices_prints_what_was_found(note: Note) -> None:
    found = check(note).printed  # first: it loads torchvision as the machine at hand can
    assert printed(program(note)).rstrip() == found


OPENING: dict[Note, tuple[tuple[Any, ...], str, str, Verdict]] = {
    Note.FLOOR: ((8, 3, 0, 2, 1), "3.5", "3", Verdict.DIFFERS),
    Note.FIELD: ((3, 3, 1, 1), "3", "7", Verdict.DIFFERS),
    Note.PAIR: ((1, 2), "[7, 6]", "[5, 8]", Verdict.DIFFERS),
    Note.MODE: ((PaddingWord.CIRCULAR, 2), "ValueError", "[4, 5, 1, 2, 3, 4, 5, 1, 2]", Verdict.DIFFERS),
    Note.GROUPS: ((4, 8, 2), "ValueError", "[8, 2, 1, 1]", Verdict.DIFFERS),
    Note.SQUEEZE: ((1,), "[1, 1, 2]", "[1, 3, 1, 2] [3, 2]", Verdict.DIFFERS),
    Note.CAT: ((1, 2, 3), "[4, 3]", "[2, 6]", Verdict.DIFFERS),
    Note.SHARED: ((Way.TENSOR,), "7.0", "0.0", Verdict.DIFFERS),
    Note.RATES: ((0.01, 0.001), "[0.01, 0.001]", "[0.01, 0.001]", Verdict.UNUSUAL),
}


@pytest.mark.parametrize("note", OPENING)
def test_with_these_numbers_both_say_this(note: Note) -> None:
    values, notes, pytorch, verdict = OPENING[note]
    found = check(note, *values)
    assert (found.notes, found.pytorch, found.verdict) == (notes, pytorch, verdict)


@pytest.mark.parametrize(
    ("note", "values", "said"),
    [
        (Note.CHANNELS, (3,), "TypeError: Conv2d.__init__() missing 1 required positional argument"),
        (Note.ARGMAX, (1,), "TypeError: argmax()"),
        (Note.SHARED, (Way.GRAD,), "RuntimeError: Can't call numpy() on Tensor that requires grad"),
        (Note.CAT, (1, 3, 3), "RuntimeError: Sizes of tensors must match except in dimension 1"),
        (Note.FLOOR, (2, 3, 0, 1, 1), "RuntimeError: Calculated padded input size"),
    ],
)
def test_what_pytorch_refuses_is_its_own_first_line(note: Note, values: tuple[Any, ...], said: str) -> None:
    found = check(note, *values)
    assert found.verdict is Verdict.REFUSED
    assert found.pytorch.startswith(said)
    assert "\n" not in found.pytorch


@pytest.mark.parametrize(
    ("note", "values"),
    [
        (Note.FLOOR, (7, 3, 1, 1, 1)),
        (Note.PADDED, (5, 1, 0)),
        (Note.FIELD, (1, 5, 1, 1)),
        (Note.PAIR, (2, 2)),
        (Note.MODE, (PaddingWord.MIRROR, 2)),
        (Note.GROUPS, (4, 4, 4)),
        (Note.GROUPS, (4, 8, 3)),
        (Note.SQUEEZE, (0,)),
        (Note.CAT, (0, 4, 3)),
        (Note.SHARED, (Way.NUMPY,)),
        (Note.ADAMW, (10, 0.1, 0.0)),
    ],
)
def test_where_the_sentence_happens_to_hold_it_is_said(note: Note, values: tuple[Any, ...]) -> None:
    assert check(note, *values).verdict is Verdict.SAME


@OFTEN
@given(values=st.tuples(*VALUES[Note.FLOOR]))
def test_every_read_cell_is_one_that_has_a_gradient(values: tuple[int, int, int, int, int]) -> None:
    size, kernel, padding, stride, dilation = values
    found = check(Note.FLOOR, *values)
    if found.verdict is Verdict.REFUSED:
        return
    conv = nn.Conv1d(1, 1, kernel, stride, padding, dilation)
    nn.init.ones_(conv.weight)
    x = torch.zeros(1, 1, size, requires_grad=True)
    conv(x).sum().backward()
    assert x.grad is not None
    read = found.pictures[0].tensor[padding : padding + size]
    assert read.tolist() == x.grad[0, 0].long().tolist()


def test_what_is_drawn_has_a_mark_for_each_element() -> None:
    for note, (values, *_) in OPENING.items():
        for drawn in check(note, *values).pictures:
            for marks in (drawn.padding, drawn.faded, drawn.chosen):
                assert marks is None or marks.shape == (drawn.tensor.numel(),), note


def test_the_curves_are_the_optimizers_own() -> None:
    found = check(Note.ADAM, 30, 0.1)
    assert found.curves["pytorch"] == pytest.approx([0.1] * 30, rel=1e-5)
    assert found.curves["notes"][-1] < 0.03
    decayed: Found = check(Note.ADAMW, 30, 0.1, 0.1)
    assert len(decayed.curves["notes"]) == len(decayed.curves["pytorch"]) == 30
    assert decayed.curves["notes"] != decayed.curves["pytorch"]
    for name, place in (("notes", decayed.notes), ("pytorch", decayed.pytorch)):
        assert 1 - decayed.curves[name][-1] == pytest.approx(float(place), abs=1e-3), "from 1, downwards"
        assert min(decayed.curves[name]) > 0
