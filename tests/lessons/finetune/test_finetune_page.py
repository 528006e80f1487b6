"""/finetune without a browser: what it opens with, every topic, refusals, drawings held out."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.finetune.config import (
    COMPARED,
    HEAD,
    MAX_LABELS,
    MIN_LABELS,
    SWEEP,
    Base,
    FinetuneConfig,
    Mode,
    parameter_shapes,
)
from lib.core.finetune.recorded import CONFIGS, REVERSED, SWEEP_STEPS, from_plain, measure, recorded, to_plain
from lib.core.finetune.reports import ModeReport, PointReport
from lib.core.finetune.settings import differences, read_settings, settings_code
from lib.core.training.errors import ConfigError
from lib.lessons.finetune.closer import memory_sentences
from lib.lessons.finetune.runs import Measured
from lib.lessons.finetune.state import (
    PRESETS,
    TABLE,
    Topic,
    config_of,
    parse_calls,
    parse_names,
    parse_others,
)
from lib.lessons.finetune.texts import FINETUNE_TEXTS
from lib.lessons.finetune.view import _sentences, _verdict
from lib.ui.lang import Lang
from lib.ui.state import BadValueError
from tests.lessons.page import open_page, shown_text


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("topic", list(Topic))
@pytest.mark.parametrize("base", list(Base))
def test_every_topic_opens(lang: Lang, topic: Topic, base: Base) -> None:
    at = open_page("finetune", lang=lang, topic=topic, base=base)
    assert not at.error
    assert not at.warning


def test_the_opening_says_what_was_measured() -> None:
    shown = shown_text(open_page("finetune", lang="en"))
    reports = recorded(FinetuneConfig())
    assert reports is not None
    for mode in COMPARED:
        early = next(r.new for r in reports if isinstance(r, PointReport) and (r.mode, r.step) == (mode, 15))
        late = next(r.new for r in reports if isinstance(r, ModeReport) and r.mode is mode)
        assert shown.count(f"**{100 * early:.1f} %**") >= 1
        assert f"{100 * late:.1f} %" in shown
    # "falls from 99 to 0 %"
    fall = re.search(r"falls from ([\d.]+) to ([\d.]+) % in 300 steps", shown)
    assert fall is not None
    assert float(fall[1]) > 98
    assert float(fall[2]) < 1


def test_where_scratch_wins_the_page_says_so() -> None:
    words = FINETUNE_TEXTS[Lang.EN].scratch_wins
    assert words in shown_text(open_page("finetune", lang="en", base="hidden"))
    assert words not in shown_text(open_page("finetune", lang="en"))


def test_the_verdict_names_all_who_lead() -> None:
    texts = FINETUNE_TEXTS[Lang.EN]
    scratch, partial, full = COMPARED
    assert "**full** is ahead" in _verdict(texts, {scratch: 0.8, partial: 0.8, full: 0.9})
    assert "**partial**, **full** are ahead" in _verdict(texts, {scratch: 0.8, partial: 0.895, full: 0.9})
    assert _verdict(texts, {scratch: 0.895, partial: 0.9, full: 0.899}) == texts.tie


@pytest.mark.parametrize("lang", list(Lang))
def test_what_became_of_the_old_task_follows_from_its_numbers(lang: Lang) -> None:
    texts = FINETUNE_TEXTS[lang]

    def said(mode: Mode, old: float) -> list[str]:
        ends = [report for report in recorded(FinetuneConfig()) or () if isinstance(report, ModeReport)]
        (end,) = [replace(end, old_before=0.99, old=old) for end in ends if end.mode is mode]
        return memory_sentences(texts, Measured((end,)), 300)

    numbers = {"before": "99.0", "steps": 300}
    assert said(Mode.SHARED, 0.1) == [texts.forgotten.format(after="10.0", **numbers)]
    assert said(Mode.SHARED, 0.99) == [texts.remembered.format(after="99.0", **numbers)]
    assert said(Mode.FULL, 0.98) == [texts.kept.format(after="98.0", **numbers)]
    assert said(Mode.FULL, 0.3) == [texts.lost.format(after="30.0", **numbers)]
    assert said(Mode.SCRATCH, 0.3) == []


def test_frozen_layers_are_no_reason_where_none_is_frozen() -> None:
    texts = FINETUNE_TEXTS[Lang.EN]
    base = FinetuneConfig(base=Base.HIDDEN)
    known = Measured(recorded(base) or ())
    assert texts.scratch_wins in _sentences(texts, base, known)
    all_learn = replace(base, trainable=tuple(parameter_shapes(Base.HIDDEN, 5)))
    assert texts.scratch_wins not in _sentences(texts, all_learn, known)


def test_what_is_recorded_is_what_the_page_opens_with() -> None:
    assert recorded(FinetuneConfig(labels=SWEEP, steps=SWEEP_STEPS)) is not None
    assert all(recorded(config) is not None for config in CONFIGS)
    assert recorded(FinetuneConfig(seed=5)) is None


def test_a_recording_is_what_a_run_measures() -> None:
    config = FinetuneConfig(steps=15)
    (reports,) = measure([config]).values()
    points = [from_plain(plain) for plain in reports if "step" in plain]
    kept = recorded(FinetuneConfig())
    assert kept is not None
    early = {(r.mode, r.step): r.new for r in kept if isinstance(r, PointReport) and r.step <= 15}
    anew = {(r.mode, r.step): r.new for r in points if isinstance(r, PointReport)}
    assert anew.keys() == early.keys()
    assert np.mean([abs(anew[key] - early[key]) for key in anew]) < 0.01
    assert [to_plain(from_plain(plain)) for plain in reports] == reports


@pytest.mark.parametrize("preset", list(PRESETS))
def test_presets_are_settings_of_the_page(preset: str) -> None:
    query = {key.name: key.write(value) for key, value in PRESETS[preset].items()}
    at = open_page("finetune", lang="en", **query)
    assert not at.warning


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("preset", ["few", "reverse", "hidden"])
def test_a_preset_with_a_recording_opens_with_it_whatever_was_set(preset: str, lang: Lang) -> None:
    at = open_page(
        "finetune", lang=lang, labels="77", steps="40", old="0.02", new="0.03", seed="9", learn="conv1.bias"
    )
    assert FINETUNE_TEXTS[lang].not_yet in shown_text(at)
    at.button_group(key="_preset").set_value(preset).run()
    assert FINETUNE_TEXTS[lang].recorded in shown_text(at)
    assert FINETUNE_TEXTS[lang].not_yet not in shown_text(at)


def test_rates_the_other_way_round_move_what_is_known() -> None:
    """As the prose says of full fine-tuning: every old parameter several times as far, the new layer less far."""
    usual, reverse = (
        next(r for r in recorded(config) or () if isinstance(r, ModeReport) and r.mode is Mode.FULL)
        for config in (FinetuneConfig(), REVERSED)
    )
    for name, (change, _) in reverse.moved.items():
        ratio = change / usual.moved[name][0]
        assert ratio < 0.6 if name in HEAD else ratio > 6, name


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("mode", list(Mode))
def test_where_the_resnet_program_downloads_weights_the_page_says_so(mode: Mode, lang: Lang) -> None:
    at = open_page("finetune", lang=lang, topic="code", mode=mode)
    downloads = "ResNet18_Weights" in at.code[-1].value
    assert downloads == (mode is not Mode.SCRATCH)
    assert (FINETUNE_TEXTS[lang].resnet_download in shown_text(at)) == downloads


def test_other_comparisons_lie_over_the_curves() -> None:
    other = FinetuneConfig(base=Base.HIDDEN)
    at = open_page("finetune", lang="en", **{"with": f"labels=20,seed=3;{settings_code(other)}"})
    shown = shown_text(at)
    reports = recorded(other)
    assert reports is not None
    ends = {r.mode: r.new for r in reports if isinstance(r, ModeReport)}
    row = " | ".join(f"{100 * ends[mode]:.1f}\u00a0%" for mode in COMPARED)
    assert f"| ┈┈┈ with a hidden layer | {row} |" in shown
    assert "| ╍╍╍ 20 labels a class, seed 3 | – | – | – | – |" in shown
    assert FINETUNE_TEXTS[Lang.EN].others_unmeasured in shown
    # The page's own settings are never an other.
    assert "┈┈┈" not in shown_text(open_page("finetune", lang="en", **{"with": "labels=10"}))


@given(
    labels=st.integers(MIN_LABELS, MAX_LABELS),
    steps=st.integers(15, 600),
    rates=st.tuples(*[st.sampled_from([1e-5, 0.001, 0.01, 0.1])] * 2),
    base=st.sampled_from(list(Base)),
    seed=st.integers(0, 999),
    learn=st.lists(st.sampled_from(list(parameter_shapes(Base.PLAIN, 5))), min_size=1, unique=True),
)
def test_settings_survive_their_code(
    labels: int, steps: int, rates: tuple[float, float], base: Base, seed: int, learn: list[str]
) -> None:
    config = FinetuneConfig((labels,), steps, *rates, base=base, trainable=tuple(learn), seed=seed)
    assert read_settings(settings_code(config)) == config
    assert differences(config, config) == {}


@pytest.mark.parametrize("rate", [0.00123456789, 1 / 3, 0.1 + 0.2, 1e-6, 1.0, 0.001, 1.2345678e-05])
def test_a_rate_of_any_length_is_read_again_as_it_was(rate: float) -> None:
    config = FinetuneConfig(old_rate=rate, new_rate=rate)
    assert read_settings(settings_code(config)) == config


@pytest.mark.parametrize(
    "text",
    ["labels", "labels=10,labels=20", "labels=9", "size=3", "labels=x", "base=deep", "learn=conv9.weight"],
)
def test_other_settings_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_others(text)


def test_more_comparisons_than_dashes_are_refused() -> None:
    with pytest.raises(BadValueError):
        parse_others("labels=10;labels=11;labels=12;labels=13")


@pytest.mark.parametrize("text", ["", "head", "conv9.weight", "head.weight;head.bias"])
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        parse_names(text)


@pytest.mark.parametrize("text", ["x", "t" * 13, "T"])
def test_other_calls_are_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        parse_calls(text)


def test_without_drawings_the_way_to_draw_is_shown() -> None:
    at = open_page("finetune", lang="en", topic="own")
    assert "not enough digits" in at.info[0].value


def test_a_hidden_parameter_is_left_out_where_there_is_no_hidden_layer() -> None:
    class Values(dict[object, object]):
        pass

    values = Values({key: key.default for key in TABLE.keys.values()})
    values[TABLE.keys["learn"]] = ("hidden.weight",)
    assert config_of(values).trainable == ("head.weight", "head.bias")  # type: ignore[arg-type]
    assert Mode.SHARED in config_of(values).modes  # type: ignore[arg-type]
