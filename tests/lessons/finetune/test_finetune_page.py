"""/finetune without a browser: what it opens with, every topic, refusals, drawings held out."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lib.core.finetune.config import COMPARED, SWEEP, Base, FinetuneConfig, Mode
from lib.core.finetune.recorded import CONFIGS, SWEEP_STEPS, from_plain, measure, recorded, to_plain
from lib.core.finetune.reports import ModeReport, PointReport
from lib.lessons.finetune.state import PRESETS, TABLE, Topic, config_of, parse_calls, parse_names
from lib.lessons.finetune.texts import FINETUNE_TEXTS
from lib.lessons.finetune.view import _verdict
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
    assert "not enough drawings" in at.info[0].value


def test_a_hidden_parameter_is_left_out_where_there_is_no_hidden_layer() -> None:
    class Values(dict[object, object]):
        pass

    values = Values({key: key.default for key in TABLE.keys.values()})
    values[TABLE.keys["learn"]] = ("hidden.weight",)
    assert config_of(values).trainable == ("head.weight", "head.bias")  # type: ignore[arg-type]
    assert Mode.SHARED in config_of(values).modes  # type: ignore[arg-type]
