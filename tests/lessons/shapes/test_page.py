"""/shapes: the opening example, pipelines in the address, refusals with a fix that works."""

from __future__ import annotations

import pytest
import torch

from lib.core.tensors.ops import PARAMETERS, StepKind, default_step
from lib.lessons.shapes.state import EXAMPLES
from lib.lessons.shapes.texts import SHAPES_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, run_code, shown_text


def test_stack_and_cat_of_the_notes_open_first() -> None:
    at = open_page("shapes")
    shown = shown_text(at)
    assert "`[[1, 2, 3], [3, 2, 1]]`" in shown
    assert "`[1, 2, 3, 3, 2, 1]`" in shown
    made, printed = run_code(at)
    assert made["x"].tolist() == [[1, 2, 3], [3, 2, 1]]
    assert printed == "torch.Size([2, 3])\n"


@pytest.mark.parametrize("kind", list(StepKind))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_step_has_its_picture_and_code(kind: StepKind, lang: str) -> None:
    step = default_step(kind, (2, 3))
    at = open_page("shapes", a="2, 3", b="2, 3", steps=step.text, lang=lang)
    made, _ = run_code(at)
    assert f"`{made['x'].shape}`" in shown_text(at)
    assert len(at.slider) == sum(p.role in {"dim", "new_dim", "count"} for p in PARAMETERS[kind]) + (
        kind in {StepKind.CHUNK, StepKind.SPLIT}
    )


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_examples_run(name: str) -> None:
    first, second, steps = EXAMPLES[name]
    at = open_page("shapes", a=first, b=second, steps=steps)
    assert bool(at.error) == (name == "transpose")
    run_code(at)


def test_a_view_that_fails_says_why_and_the_fix_works() -> None:
    at = open_page("shapes", a="2, 3", steps="t();view((6,))")
    assert "at least one dimension spans across two contiguous subspaces" in at.error[0].value
    at.button[-1].click().run()
    assert not at.error
    made, _ = run_code(at)
    assert torch.equal(made["x"], torch.tensor([0, 3, 1, 4, 2, 5]))
    assert at.query_params["steps"] == "t();reshape((6,))"


def test_a_fix_may_change_the_second_tensor() -> None:
    at = open_page("shapes", a="2, 3", b="2, 4", steps="stack(0)")
    assert "stack expects each tensor to be equal size" in at.error[0].value
    at.button[-1].click().run()
    at.run()
    assert at.text_input(key="b").value == "(2, 3)"
    assert not at.error


def test_the_dim_slider_covers_the_legal_range() -> None:
    at = open_page("shapes", a="2, 3, 4", b="2, 3, 4", steps="stack(1)")
    assert (at.slider[0].min, at.slider[0].max, at.slider[0].value) == (-4, 3, 1)
    at.slider[0].set_value(-1).run()
    made, _ = run_code(at)
    assert made["x"].shape == (2, 3, 4, 2)
    assert at.query_params["steps"] == "stack(-1)"


def test_steps_can_be_added_and_removed() -> None:
    at = open_page("shapes")
    add, remove = at.button
    assert remove.disabled
    add.click().run()
    assert at.query_params["steps"] == "stack(0);unsqueeze(0)"
    assert run_code(at)[0]["x"].shape == (1, 2, 3)
    at.button[1].click().run()
    assert "steps" not in at.query_params  # these go without saying
    assert run_code(at)[0]["x"].shape == (2, 3)


@pytest.mark.parametrize(
    "steps",
    [
        "",
        ";",
        "nope()",
        "stack(0",
        "t();" * 9,
        "__import__('os')",
        "stack('a')",
        "t(*x)",
        "unsqueeze((0, 1))",
        "transpose((0, 1), 1)",
        "chunk((1, 2), 0)",
        "split(1, (0, 1))",
        f"[{'-' * 390}1]",
        f"unsqueeze({'-' * 380}1)",
    ],
)
def test_a_bad_pipeline_is_explained(steps: str) -> None:
    at = open_page("shapes", steps=steps)
    assert at.warning
    assert run_code(at)[0]["x"].tolist() == [[1, 2, 3], [3, 2, 1]]


@pytest.mark.parametrize(
    ("a", "steps"),
    [
        ("100, 100", "repeat((2, 1))"),
        ("2, 3", "squeeze(7)"),
        ("2, 3", "flatten(1, 0)"),
        ("2, 3", "chunk(0, 0)"),
        ("()", "cat(0)"),
        ("2, 3", "expand((5, 5))"),
        ("0, 3", "reshape((0, -1))"),
        ("2, 3", "t();t();permute((0, 0))"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_illegal_steps_are_explained(a: str, steps: str, lang: str) -> None:
    at = open_page("shapes", a=a, steps=steps, lang=lang)
    assert at.error
    run_code(at)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_several_axes_are_squeezed_at_once(lang: str) -> None:
    at = open_page("shapes", a="1, 3, 1", steps="squeeze((0, 2))", lang=lang)
    assert not at.error
    assert not at.warning
    assert "`dim = (0, 2)`" in shown_text(at)
    assert torch.equal(run_code(at)[0]["x"], torch.arange(3))
    label = SHAPES_TEXTS[Lang(lang)].use_dim
    next(toggle for toggle in at.toggle if toggle.label == label).set_value(False).run()
    assert at.query_params["steps"] == "squeeze()"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("steps", ["squeeze((0, 0))", "squeeze((0, 3))"])
def test_axes_that_cannot_be_squeezed_at_once_are_explained(steps: str, lang: str) -> None:
    at = open_page("shapes", a="1, 3, 1", steps=steps, lang=lang)
    assert len(at.error) == 1
    at.button[-1].click().run()
    assert not at.error
    run_code(at)


def test_bad_tensors_leave_the_last_good_one() -> None:
    at = open_page("shapes", a="randn(2, seed=3)")
    at.text_input(key="a").input("[[1], [2, 3]]").run()
    assert "[1]" in at.error[0].value
    shown = run_code(at)[0]["a"]
    torch.manual_seed(3)
    assert torch.equal(shown, torch.randn(2))


def test_steps_that_cannot_be_read_give_one_message() -> None:
    at = open_page("shapes", a="2, 3", steps="nonsense(")
    assert at.warning
    assert not at.error


def test_the_fix_of_a_reshape_keeps_the_unknown_size() -> None:
    at = open_page("shapes", a="2, 3", steps="reshape((4, -1))")
    assert any("(3, -1)" in button.label for button in at.button)


def test_without_steps_a_new_pair_of_shapes_opens_with_a_step_that_works() -> None:
    at = open_page("shapes", a="2, 3")
    assert not at.error
    assert run_code(at)[0]["x"].shape == (1, 2, 3)
    at = open_page("shapes")
    at.text_input(key="a").input("2, 3").run()
    assert at.error  # the step on screen stays, and the address says so
    assert at.query_params["steps"] == "stack(0)"


def test_a_step_above_the_limit_stands_in_the_code_as_a_comment() -> None:
    at = open_page("shapes", a="100, 100", b="100, 100", steps="cat(0)")
    assert "10000" in at.error[0].value
    assert "# x = torch.cat((a, b), dim=0)" in at.code[-1].value
    run_code(at)


@pytest.mark.parametrize(
    ("steps", "says"), [("squeeze(0)", True), ("squeeze(1)", False), ("squeeze()", False)]
)
def test_a_squeeze_that_finds_nothing_says_so(steps: str, says: bool) -> None:
    shown = shown_text(open_page("shapes", a="2, 1", steps=steps, lang="en"))
    assert ("squeeze takes axes of size 1 only" in shown) == says
