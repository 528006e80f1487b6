"""/indexing: what an index selects, reductions, the notes' argmax."""

from __future__ import annotations

import pytest
import torch

from lib.core.tensors.reduce import Reduction, judge
from lib.core.tensors.selection import index_presets
from lib.lessons.indexing.state import WRITE_PRESETS
from lib.lessons.indexing.texts import INDEXING_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, run_code, shown_text

LONG_LIST = f"[{','.join('1' * 199)}]"

X = torch.arange(24).reshape(2, 3, 4)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_screen(lang: str) -> None:
    at = open_page("indexing", lang=lang)
    made, printed = run_code(at)
    assert torch.equal(made["y"], X[0, 1:3, ::2])
    assert "torch.Size([2, 2])" in printed


@pytest.mark.parametrize("code", index_presets((2, 3, 4)).values())
def test_presets_are_shown_and_run(code: str) -> None:
    at = open_page("indexing", index=code)
    assert not at.error
    made, _ = run_code(at)
    assert torch.equal(made["y"], eval(code, {"x": X, "mask": (X > 3) & (X % 2 == 0), "torch": torch}))  # noqa: S307
    assert f"`{made['y'].shape}`" in shown_text(at)


@pytest.mark.parametrize(
    "index", ["x[5]", "x[0, 0, 0, 0]", "x[::-1]", "x[[0, 1], [0, 1, 2]]", "x[[True]]", "x[1.5]"]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_torchs_refusals_are_shown(index: str, lang: str) -> None:
    at = open_page("indexing", index=index, lang=lang)
    with pytest.raises((IndexError, ValueError)) as refused:
        eval(index, {"x": X})  # noqa: S307
    assert str(refused.value) in at.error[0].value
    run_code(at)


@pytest.mark.parametrize(
    "index", ["x.__class__", "open('/etc/passwd')", "x[", "", "x[y]", "y", "x[True]", "x[0] = 5"]
)
def test_other_texts_are_refused_and_nothing_is_run(index: str) -> None:
    at = open_page("indexing", index=index)
    assert at.error
    assert torch.equal(run_code(at)[0]["y"], X[0, 1:3, ::2])


@pytest.mark.parametrize(
    "query",
    [
        {"index": f"x[{'-' * 390}1]"},
        {"index": "x[mask]", "mask": f"x > {'-' * 390}1"},
        {"topic": "write", "write": f"x[{'-' * 380}1] = 1"},
        {"topic": "write", "write": f"x[0] = {'-' * 380}1"},
        {"x": f"tensor({'-' * 390}1)"},
        {"topic": "reduce", "scores": "[" * 190 + "1" + "]" * 190},
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_nested_too_deeply_is_refused(query: dict[str, str], lang: str) -> None:
    at = open_page("indexing", lang=lang, **query)
    (said,) = at.error
    assert len(said.value) < 300
    run_code(at)


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "write", "write": f"x[0] = 1{'0' * 320}"},
        {"index": f"x[x > 1{'0' * 320}]"},
        {"x": f"full((2,), 1{'0' * 320})"},
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_number_that_no_dtype_holds_is_torchs_refusal(query: dict[str, str], lang: str) -> None:
    at = open_page("indexing", lang=lang, **query)
    (said,) = at.error
    assert "too big to convert" in said.value or "Overflow" in said.value
    run_code(at)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_three_samples_of_the_notes(lang: str) -> None:
    at = open_page("indexing", topic="reduce", lang=lang)
    assert "= `[1, 2, 0]`" in shown_text(at)
    assert run_code(at)[0]["y"].tolist() == [1, 2, 0]
    assert "argmax(): argument 'input' (position 1) must be Tensor, not list" in at.info[0].value


@pytest.mark.parametrize("kind", list(Reduction))
@pytest.mark.parametrize("query", [{"rdim": "0"}, {"rdim": "-1", "keepdim": "true"}, {"along": "false"}])
def test_reductions_run(kind: Reduction, query: dict[str, str]) -> None:
    at = open_page("indexing", topic="reduce", op=kind, **query)
    made, printed = run_code(at)
    assert f"`{made['y'].shape}`" in shown_text(at)
    assert str(made["y"].shape) in printed


def test_a_mean_of_whole_numbers_is_refused_by_torch() -> None:
    at = open_page("indexing", topic="reduce", op="mean", scores="2, 3")
    assert "could not infer output dtype" in at.error[0].value
    run_code(at)


def test_the_dim_follows_the_tensor() -> None:
    at = open_page("indexing", topic="reduce", scores="2, 3, 4", rdim="2")
    assert run_code(at)[0]["y"].shape == (2, 3)
    at.text_input(key="scores").input("[3, 1, 2]").run()
    assert (at.slider[0].min, at.slider[0].max, at.slider[0].value) == (-1, 0, 0)


@pytest.mark.parametrize("query", [{"topic": "x"}, {"op": "median"}, {"rdim": "99"}, {"keepdim": "maybe"}])
def test_a_bad_address_is_explained(query: dict[str, str]) -> None:
    at = open_page("indexing", **({"topic": "reduce"} | query))
    (key, value), *_ = query.items()
    assert f"{key}={value}" in at.warning[0].value
    run_code(at)


def test_the_code_knows_nan_and_inf() -> None:
    at = open_page("indexing", topic="reduce", op="max", scores="[nan, 1, inf]", rdim="0")
    assert torch.isnan(run_code(at)[0]["y"])
    assert run_code(open_page("indexing", index="x[x < inf]"))[0]["y"].numel() == 24


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_mask_by_name_is_on_the_page_and_in_the_code(lang: str) -> None:
    at = open_page("indexing", index="x[mask]", mask="x % 5 == 0", lang=lang)
    assert not at.error
    made, _ = run_code(at)
    assert torch.equal(made["mask"], X % 5 == 0)
    assert torch.equal(made["y"], X[X % 5 == 0])


@pytest.mark.parametrize("mask", ["__import__('os')", "", "y > x", "x.T > 1", "x > "])
def test_a_bad_mask_is_refused(mask: str) -> None:
    at = open_page("indexing", index="x[mask]", mask=mask)
    assert len(at.error) == 1
    assert torch.equal(run_code(at)[0]["y"], X[(X > 3) & (X % 2 == 0)])


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("index", ["x[mask]", "x[0][mask]"])
@pytest.mark.parametrize("mask", ["x[9] > 3", "x[:, 0] > x[0]", f"x % {10**20 - 1} == 0"])
def test_a_mask_that_torch_refuses_is_said_as_an_index_is(mask: str, index: str, lang: Lang) -> None:
    at = open_page("indexing", index=index, mask=mask, lang=lang)
    with pytest.raises((RuntimeError, IndexError, OverflowError)) as refused:
        eval(mask, {"x": X})  # noqa: S307
    (said,) = at.error
    assert " ".join(str(refused.value).split()) in said.value
    made, _ = run_code(at)
    assert "mask" not in made
    assert f"# mask = {mask}\n" in at.code[-1].value
    assert f"# y = {index}" in at.code[-1].value


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"x": "200", "index": "x[mask]", "mask": "x[:, None] > x"}, {"40000", "10000"}),
        ({"x": "200", "index": "x[(x[:, None, None] > x[:, None]) & (x > -1)]"}, {"40000", "10000"}),
        ({"x": "rand(2, 2)", "index": f"x[{'None, ' * 63}]"}, {"65", "8"}),
    ],
)
@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_too_large_to_show_is_refused(query: dict[str, str], says: set[str], lang: Lang) -> None:
    at = open_page("indexing", lang=lang, **query)
    (said,) = at.error
    assert all(number in said.value for number in says)
    run_code(at)


@pytest.mark.parametrize("query", [{"x": "2, 3"}, {"x": "[1, 2]"}, {"x": "0"}, {"x": "()"}])
def test_what_is_shown_at_first_fits_x(query: dict[str, str]) -> None:
    assert not open_page("indexing", **query).error
    assert len(open_page("indexing", index="x[", **query).error) == 1


@pytest.mark.parametrize(
    ("index", "fix"),
    [("x[::-1]", "x.flip(0)"), ("x[0, ::-1]", "x.flip(1)[0, :]"), ("x[9, ::-1]", "x.flip(1)[1, :]")],
)
def test_backwards_is_flip(index: str, fix: str) -> None:
    assert f"`{fix}`" in open_page("indexing", index=index).error[0].value
    assert not open_page("indexing", index=fix).error


def test_a_new_x_gets_an_index_that_fits_unless_one_was_typed() -> None:
    at = open_page("indexing")
    at.text_input(key="x").input("[7, 8, 9]").run()
    assert not at.error
    assert run_code(at)[0]["y"].item() == 7
    at.text_input(key="index").input("x[1]").run()
    at.text_input(key="x").input("2, 3").run()
    assert run_code(at)[0]["y"].tolist() == [3, 4, 5]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_index_copied_from_elsewhere_is_read_as_xs_and_the_page_says_so(lang: str) -> None:
    at = open_page("indexing", index="tensor[0, 1]", lang=lang)
    said = [caption.value for caption in at.caption if "`tensor`" in caption.value]
    assert len(said) == 1
    assert "`x[0, 1]`" in said[0]
    assert torch.equal(run_code(at)[0]["y"], X[0, 1])
    assert "`tensor`" not in shown_text(open_page("indexing", index="x[0, 1]", lang=lang))


@pytest.mark.parametrize("preset", WRITE_PRESETS)
@pytest.mark.parametrize("lang", list(Lang))
def test_what_a_line_writes_is_shown_and_run(preset: str, lang: Lang) -> None:
    at = open_page("indexing", topic="write", lang=lang)
    at.button_group(key="_write_preset").set_value(preset).run()
    texts = INDEXING_TEXTS[lang]
    x = torch.arange(6).reshape(2, 3)
    if preset == "expanded":
        x = x[:1].expand(x.shape)
    before = x.clone()
    exec(WRITE_PRESETS[preset], {"x": x})  # noqa: S102
    assert torch.equal(run_code(at)[0]["x"], x)
    said = shown_text(at)
    assert f"**{int((x != before).sum())}**" in said
    assert (texts.lost in said) == (preset == "copy")
    assert ("x.index_put_((torch.tensor([0, 0, 1]),)" in said) == (preset == "twice")
    assert (texts.shared_rows.format(size=2) in said) == (preset == "expanded")


def test_one_value_written_twice_is_no_surprise_and_one_place_shares_with_none() -> None:
    texts = INDEXING_TEXTS[Lang.EN]
    surprised = texts.repeated.format(place=[0, 0], count=2)
    assert surprised in shown_text(open_page("indexing", topic="write", write="x[[0, 0]] -= 5"))
    assert surprised not in shown_text(open_page("indexing", topic="write", write="x[[0, 0]] = 5"))
    alone = open_page("indexing", topic="write", wx="[[1, 2]]", expanded="true", write="x[0, 0] = 5")
    assert texts.shared_rows.format(size=1) not in shown_text(alone)
    assert torch.equal(run_code(alone)[0]["x"], torch.tensor([[5, 2]]))


@pytest.mark.parametrize("text", ["x[0]", "x = 5", "x[0] = open('f')", "", "import os"])
def test_what_writes_nothing_into_x_is_refused(text: str) -> None:
    at = open_page("indexing", topic="write", write=text)
    assert at.error
    assert torch.equal(run_code(at)[0]["x"][1], torch.arange(3, 6) + 1)


def test_torch_refuses_to_write_several_values_into_one_memory() -> None:
    at = open_page("indexing", topic="write", expanded="true", write="x += 1")
    assert "more than one element of the written-to tensor refers to a single memory" in at.error[0].value
    run_code(at)


def test_the_result_shows_once_it_was_guessed() -> None:
    at = open_page("indexing", topic="reduce", op="argmax", rdim="1")
    at.toggle(key="guessing").set_value(True).run()
    assert "= `tensor([1, 2, 0])`" not in shown_text(at)
    assert at.text_input(key="guess").value == ""
    at.text_input(key="guess").set_value("[1, 2]").run()
    assert "3" in at.info[0].value
    assert "2" in at.info[0].value
    at.text_input(key="guess").set_value("[1, 2").run()
    assert at.error
    at.text_input(key="guess").set_value("[1, 1, 0]").run()
    assert "2 of 3" in at.warning[0].value
    revealed = shown_text(at)
    at.text_input(key="guess").set_value("[1, 2, 0]").run()
    assert "3 of 3" in at.success[0].value
    at.slider(key="rdim").set_value(0).run()
    assert at.text_input(key="guess").value == "", "another question"
    assert not at.success
    at.toggle(key="guessing").set_value(False).run()
    assert "argmax" in revealed
    assert not at.exception


@pytest.mark.parametrize(
    ("guess", "values", "right"),
    [
        ("[0.67, 1]", [2 / 3, 1.0], 2),
        ("0.5", [0.5], 1),
        ("[0.67, 0.68, 0.66, 0.69]", [0.675] * 4, 2),
        ("[[1, 2], [3, 5]]", [1, 2, 3, 4], 3),
        ("['a', inf, nan]", [1.0, float("inf"), float("nan")], 1),
        (f"[1{'0' * 350}, 2]", [1.0, 2.0], 1),
        ("[]", [1.0], 0),
    ],
)
def test_a_guess_is_judged_number_by_number(guess: str, values: list[float], right: int) -> None:
    assert judge(guess, torch.tensor(values)).right == right


@pytest.mark.parametrize("query", [{"x": LONG_LIST}, {"topic": "reduce", "scores": LONG_LIST}])
def test_a_list_as_long_as_may_be_typed_is_read(query: dict[str, str]) -> None:
    at = open_page("indexing", **query)
    assert not at.exception
    assert not at.error
    assert "199" in shown_text(at) or "torch.argmax(x" in shown_text(at)
    run_code(at)
