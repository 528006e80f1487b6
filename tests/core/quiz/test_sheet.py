"""Sheets are the same for all who open them, tries are counted, results cannot be made up."""

from __future__ import annotations

import base64
import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.quiz.question import TOPICS, Kind, Topic
from lib.core.quiz.result import (
    MARK,
    MAX_NAME,
    CodeError,
    Result,
    clean_name,
    code_of,
    read_code,
    result_of,
    results_csv,
)
from lib.core.quiz.settings import MAX_COUNT, Attempt, Settings, Standing
from lib.core.quiz.sheet import answered, kinds, progress, question, standing
from lib.jobs import codec

ALL = tuple(Topic)
SECRET = b"a server's own"
topic_sets = st.lists(st.sampled_from(Topic), min_size=1, unique=True).map(tuple)
names = st.text(max_size=60)
results = st.builds(
    Result,
    name=names.map(clean_name),
    sheet=st.text(max_size=80),
    right=st.integers(0, 20),
    count=st.integers(1, 20),
    tries=st.integers(1, 100),
    seconds=st.integers(0, 10**6),
    ended=st.integers(0, 4 * 10**9),
)


@settings(deadline=None)
@given(topics=topic_sets, count=st.integers(1, MAX_COUNT), seed=st.integers(0, 9999))
def test_kinds_are_of_the_topics_and_none_comes_twice_too_early(
    topics: tuple[Topic, ...], count: int, seed: int
) -> None:
    found = kinds(topics, count, seed)
    pool = {kind for topic in topics for kind in TOPICS[topic]}
    assert len(found) == count
    assert set(found) <= pool
    for first in range(0, count, len(pool)):
        part = found[first : first + len(pool)]
        assert len(set(part)) == len(part)


def test_a_sheet_is_the_same_for_all_and_with_names_its_kinds_are() -> None:
    plain, ada, bob = (Settings(ALL, MAX_COUNT, 7, 2, name) for name in ("", "Ada", "Bob"))
    programs = {
        each.name: [question(each, place).program for place in range(MAX_COUNT)] for each in (plain, ada, bob)
    }
    question.cache_clear()
    assert [question(plain, place).program for place in range(MAX_COUNT)] == programs[""]
    assert len({tuple(each) for each in programs.values()}) == 3
    for place in range(MAX_COUNT):
        assert question(ada, place).kind is question(bob, place).kind
    assert len({plain.key, ada.key, bob.key}) == 3


def test_other_seeds_ask_other_things() -> None:
    asked = {
        tuple(question(Settings(ALL, 4, seed, 2), place).program for place in range(4)) for seed in range(50)
    }
    assert len(asked) == 50


def test_tries_are_limited_and_a_right_answer_is_final() -> None:
    sheet = Settings((Topic.CONV,), 2, 3, 2)
    right = question(sheet, 0).answer
    attempt = answered(sheet, None, 0, "-1", 100.0)
    assert standing(sheet, attempt, 0) is Standing.OPEN
    done = answered(sheet, attempt, 0, right, 101.0)
    assert standing(sheet, done, 0) is Standing.RIGHT
    assert answered(sheet, done, 0, "-2", 102.0) == done
    lost = answered(sheet, attempt, 0, "-2", 101.0)
    assert standing(sheet, lost, 0) is Standing.WRONG
    assert answered(sheet, lost, 0, right, 102.0) == lost
    assert progress(sheet, lost).is_over is False
    over = answered(sheet, lost, 1, question(sheet, 1).answer, 130.0)
    found = progress(sheet, over)
    assert (found.is_over, found.right, found.tries, over.begun, over.ended) == (True, 1, 3, 100.0, 130.0)


def test_an_attempt_is_kept_as_it_is() -> None:
    attempt = Attempt((("1", "2"), (), ("[1, 2]",)), 12.5, 30.25)
    assert codec.decode(codec.encode({"x": attempt}))["x"] == attempt


@given(result=results)
def test_a_code_says_what_was_signed(result: Result) -> None:
    code = code_of(result, SECRET)
    assert read_code(f" {code}\n", SECRET) == result
    assert code.split() == [code]


@given(result=results, data=st.data())
def test_a_code_that_is_changed_or_of_another_server_is_refused(result: Result, data: st.DataObject) -> None:
    code = code_of(result, SECRET)
    with pytest.raises(CodeError):
        read_code(code, b"another's")
    mark, content, signature = code.split(".")
    fields = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    fields[2] += data.draw(st.integers(1, 5))
    better = base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")
    for forged in (f"{mark}.{better}.{signature}", f"{mark}.{content}.", f"{mark}.{content}.AAAA", content):
        with pytest.raises(CodeError):
            read_code(forged, SECRET)


@given(
    text=st.one_of(
        st.text(max_size=100), st.text("abcXYZ012._-=", max_size=60).map(lambda rest: f"{MARK}.{rest}")
    )
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(CodeError):
        read_code(text, SECRET)


@given(text=names)
def test_a_name_is_one_visible_line(text: str) -> None:
    name = clean_name(text)
    assert len(name) <= MAX_NAME
    assert name == name.strip()
    assert name.isprintable()
    assert clean_name(name) == name


def test_a_table_for_spreadsheets_has_no_formulas() -> None:
    bad = Result('=HYPERLINK("x")', "topics=conv&count=8", 3, 8, 9, 50, 0)
    rows = list(csv.reader(io.StringIO(results_csv([bad]))))
    assert rows[0][:3] == ["name", "right", "questions"]
    assert rows[1][:6] == ['\'=HYPERLINK("x")', "3", "8", "9", "50", "1970-01-01 00:00"]


def test_time_is_in_whole_seconds_and_never_negative() -> None:
    assert result_of("A", "s", 1, 2, 3, 10.0, 10.2).seconds == 1
    assert result_of("A", "s", 1, 2, 3, 10.0, 4.0).seconds == 0


def test_kinds_of_all_topics_fill_the_longest_sheet() -> None:
    assert len(kinds(ALL, MAX_COUNT, 0)) == MAX_COUNT < len(Kind)
