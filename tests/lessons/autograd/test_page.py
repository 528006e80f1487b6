"""/autograd without a browser: every part, its program and its words; refusals with their place; fixes."""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from lib.core.autograd.depth import VANISHES, Init, Nonlinearity, Stack, depth_code, measure
from lib.core.autograd.parallel import STEPS, ParallelConfig, Reduction, simulate
from lib.core.autograd.problems import SLOTS, Problem
from lib.core.autograd.session import Button, Refusal
from lib.core.lessons import load_lesson
from lib.lessons.autograd.depth_view import DEPTHS, verdict_of
from lib.lessons.autograd.graph_texts import GRAPH_TEXTS
from lib.lessons.autograd.graph_view import EXAMPLES
from lib.lessons.autograd.more_texts import DEPTH_TEXTS
from lib.lessons.autograd.parallel_texts import PARALLEL_TEXTS
from lib.lessons.autograd.parallel_view import reason
from lib.lessons.autograd.state import Topic
from lib.lessons.autograd.step_texts import STEP_TEXTS
from lib.lessons.autograd.step_view import EXAMPLES as STEP_EXAMPLES
from lib.lessons.autograd.texts import AUTOGRAD_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, run_code, shown_text

RUNNABLE = [topic for topic in Topic if topic is not Topic.PARALLEL]


def said(at: AppTest) -> list[str]:
    """What the page says that its program prints."""
    shown: str = at.code[-1].value
    lines = shown.splitlines()
    heading = next(f"# {texts.prints}" for texts in AUTOGRAD_TEXTS.values() if f"# {texts.prints}" in lines)
    return [line.removeprefix("#   ") for line in lines[lines.index(heading) + 1 :]]


def assert_true(at: AppTest) -> None:
    """The program prints what the page says."""
    _, printed = run_code(at)
    assert printed.splitlines() == said(at)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("topic", RUNNABLE)
def test_every_part_opens_and_its_program_prints_its_numbers(topic: Topic, lang: Lang) -> None:
    at = open_page("autograd", topic=topic, lang=lang)
    assert not at.error
    assert_true(at)


@pytest.mark.parametrize("lang", list(Lang))
def test_the_part_about_devices_opens(lang: Lang) -> None:
    for way in ("ddp", "dp"):
        at = open_page(
            "autograd", topic="parallel", lang=lang, way=way, batch="7", first="2", reduction="sum"
        )
        assert not at.error


@pytest.mark.parametrize("step", [1, STEPS])
@pytest.mark.parametrize("way", ["ddp", "dp"])
def test_the_program_of_several_devices_prints_the_pages_numbers(way: str, step: int, tmp_path: Path) -> None:
    """In a process of its own, which starts others: DistributedDataParallel and replicas are torch's."""
    at = open_page("autograd", topic="parallel", way=way, at=str(step), batch="7", first="3")
    program = tmp_path / "program.py"
    program.write_text(at.code[-1].value)
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True, timeout=600)
    assert done.stdout.splitlines() == said(at)


@pytest.mark.parametrize("first", range(1, 8))
@pytest.mark.parametrize("reduction", list(Reduction))
def test_the_reason_why_devices_differ_is_that_of_the_numbers(first: int, reduction: Reduction) -> None:
    words, config = PARALLEL_TEXTS[Lang.EN], ParallelConfig(8, first, reduction)
    step = simulate(config)[0]
    assert np.allclose(step.averaged, step.single) == (reason(words, config) == words.why_ddp)
    assert np.allclose(step.averaged, step.single / 2) == (reason(words, config) == words.why_sum)


def test_gradients_of_a_linked_expression_are_on_the_page() -> None:
    at = open_page("autograd", expr="a*b", vars="a=2;b=-3")
    assert said(at) == ["y = -6.0", "a.grad = -3.0", "b.grad = 2.0"]
    assert said(open_page("autograd", expr="a*b", vars="a=2;b=-3", do="bb"))[1:] == [
        "a.grad = -6.0",
        "b.grad = 4.0",
    ]
    assert said(open_page("autograd", expr="a*b", vars="a=2;b=-3", do="bbz"))[1:] == [
        "a.grad = None",
        "b.grad = None",
    ]
    at = open_page("autograd", expr="sum(W @ x)", vars="W=[[1,2],[3,4]];x=[1,-1]")
    assert said(at)[1:] == ["W.grad = [[1.0, -1.0], [1.0, -1.0]]", "x.grad = [4.0, 6.0]"]
    assert_true(at)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_run(name: str) -> None:
    expression, values = EXAMPLES[name]
    at = open_page("autograd", expr=expression, vars=values, do="bzbb")
    assert not at.error
    assert_true(at)


@pytest.mark.parametrize("did", STEP_EXAMPLES.values())
@pytest.mark.parametrize("act", ["tanh", "relu"])
def test_examples_of_the_training_step_run(did: str, act: str) -> None:
    at = open_page("autograd", topic="step", did=did, act=act, lr="0.5")
    assert_true(at)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize(
    ("expr", "place"), [("a ^ 2", "a ^ 2\n  ^"), ("a + sin(b)", "a + sin(b)\n    ^^^"), ("a*(b", "a*(b\n  ^")]
)
def test_a_bad_expression_is_refused_with_its_place(expr: str, place: str, lang: Lang) -> None:
    at = open_page("autograd", expr=expr, lang=lang)
    assert place in at.error[0].value
    assert GRAPH_TEXTS[lang].allowed in at.error[0].value
    assert said(at)[0] == "y = 18.0"  # the picture goes on with the last good expression


@pytest.mark.parametrize(
    "text", ["__import__('os').system('x')", "a" * 5000, "![x](http://y)*a", "```", "<b>a</b>"]
)
def test_hostile_texts_are_shown_as_text(text: str) -> None:
    at = open_page("autograd", expr=text, vars=text)
    assert at.error or at.warning
    assert "http://y" not in shown_text(at).replace("![x](http://y)*a\n", "")
    assert "```\n```" not in shown_text(at)


def test_a_name_without_a_value_gets_one() -> None:
    at = open_page("autograd", expr="a*z", vars="a=2")
    assert "`z`" in at.error[0].value
    at.button(key="_give").click().run()
    assert not at.error
    assert said(at)[1:] == ["a.grad = 1.0", "z.grad = 2.0"]


def test_torchs_refusals_are_shown_and_the_sum_helps() -> None:
    at = open_page("autograd", expr="h = W*2; h + 1", vars="W=[[1,2],[3,4]]")
    assert "grad can be implicitly created only for scalar outputs" in at.warning[0].value
    assert_true(at)
    at.button(key="_sum").click().run()
    assert not at.warning
    assert said(at)[1] == "W.grad = [[2.0, 2.0], [2.0, 2.0]]"
    at = open_page("autograd", expr="detach(a)*2", vars="a=2")
    assert "does not require grad and does not have a grad_fn" in at.warning[0].value


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"logits": "50,0,0,0,0,0,0,0,0,0", "fed": "true"}, "1.4612"),
        ({"logits": "0,0,0,0,0,0,0,0,0,0", "smoothing": "0.1"}, "0.5003"),
        ({"logits": "0,0,0,0,0,0,0,0,0,0"}, "2.303"),
    ],
)
def test_the_floors_of_the_loss_are_said(query: dict[str, str], number: str) -> None:
    for lang in Lang:
        at = open_page("autograd", topic="loss", lang=lang, **query)
        prose = load_lesson("autograd", lang)["loss"].body
        assert number in prose
        assert number in shown_text(at).replace(prose, "")


def test_the_losses_to_know_are_torchs() -> None:
    target, right = torch.tensor([3]), F.one_hot(torch.tensor([3]), 10).double()
    wanted = 0.9 * right + 0.1 / 10
    losses = (
        F.cross_entropy(torch.zeros(1, 10), target),
        F.cross_entropy(right, target),  # probabilities, as good as they can be
        F.cross_entropy(wanted.log(), target, label_smoothing=0.1),
    )
    said = re.findall(r"\d\.\d{3,}", load_lesson("autograd", Lang.EN)["loss"].body)
    assert said == re.findall(r"\d\.\d{3,}", load_lesson("autograd", Lang.ZH)["loss"].body)
    assert said == [f"{losses[0]:.3f}", *(f"{loss:.4f}" for loss in losses[1:])]
    for lang in Lang:  # "The examples above show them"
        for name, number in zip(("untrained", "probabilities", "smoothed"), said, strict=True):
            at = open_page("autograd", topic="loss", lang=lang)
            at.button_group(key="_loss_example").set_value(name).run()
            assert number in shown_text(at).replace(load_lesson("autograd", lang)["loss"].body, "")


def test_none_and_zero_gradients_end_apart() -> None:
    text = shown_text(open_page("autograd", topic="step"))
    assert "**0.89**" in text
    assert "**0.39**" in text


def test_a_dead_network_sits_at_ln_10() -> None:
    at = open_page("autograd", topic="depth", init="dead", nonlinearity="relu")
    assert "2.303" in shown_text(at)


@pytest.mark.parametrize("nonlinearity", list(Nonlinearity))
@pytest.mark.parametrize("init", list(Init))
def test_a_gradient_that_is_short_from_the_last_layer_on_did_not_vanish_backwards(
    init: Init, nonlinearity: Nonlinearity
) -> None:
    """There the signal fades: each layer of the page's own program makes every sample's vector shorter."""
    for depth in DEPTHS:
        stack = Stack(depth, nonlinearity, init)
        result = measure(stack)
        said = verdict_of(DEPTH_TEXTS[Lang.EN], result)
        fades = result.norms[0] > 0 and result.norms[-1] < VANISHES
        assert said.startswith("The signal fades on its way forward") == fades
        if fades:
            assert f"length {result.norms[-1]:.1e}." in said
            space: dict[str, list[torch.Tensor]] = {"signal": []}
            seen = depth_code(stack).replace(
                "    hidden = F.linear", "    signal.append(hidden.detach())\n    hidden = F.linear"
            )
            with contextlib.redirect_stdout(io.StringIO()):
                exec(f"{seen}\nsignal.append(hidden.detach())", space)  # noqa: S102
            lengths = torch.stack([each.norm(dim=1) for each in space["signal"]])
            assert len(lengths) == depth + 1
            assert (lengths.diff(dim=0) < 0).all()


def test_the_fading_signal_is_on_the_page() -> None:
    at = open_page("autograd", topic="depth", init="small", nonlinearity="relu", depth="20")
    assert "even the last layer's gradient has length 1.1e-24" in shown_text(at)


@pytest.mark.parametrize(("mode", "batches"), [("train", 1), ("eval", 0)])
def test_frozen_batch_norm_moves_in_train_alone(mode: str, batches: int) -> None:
    at = open_page("autograd", topic="module", mode=mode)
    assert f"num_batches_tracked = {batches}" in shown_text(at)


@pytest.mark.parametrize("lang", list(Lang))
def test_every_problem_and_button_has_words_with_their_slots(lang: Lang) -> None:
    words = GRAPH_TEXTS[lang]
    assert set(words.problems) == set(Problem)
    for problem, text in words.problems.items():
        text.format(**dict.fromkeys(SLOTS[problem], "x"))
    assert set(words.example_names) == set(EXAMPLES)
    assert set(STEP_TEXTS[lang].helps) == set(Button)
    assert set(STEP_TEXTS[lang].refusals) == set(Refusal)
    assert set(STEP_TEXTS[lang].example_names) == set(STEP_EXAMPLES)
    assert set(DEPTH_TEXTS[lang].inits) == set(Init)
    assert set(AUTOGRAD_TEXTS[lang].topics) == set(Topic)


@pytest.mark.parametrize(("unequal", "norm"), list(itertools.product(["true", "false"], repeat=2)))
def test_accumulation_says_whether_it_is_the_whole_batch(unequal: str, norm: str) -> None:
    at = open_page("autograd", topic="batches", unequal=unequal, norm=norm)
    assert (said(at)[2] == "difference:  0.0 %") == (unequal == norm == "false")
    assert_true(at)
