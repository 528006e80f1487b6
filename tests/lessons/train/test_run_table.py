"""The acts of the table of runs: each is done once, in order, to the run that is meant."""

from __future__ import annotations

import json

import pytest

from lib.jobs.views import UnknownRunError
from lib.lessons.train import run_table
from lib.lessons.train.state import ACTS_DONE, OVERLAY

Call = tuple[str, str, str]


class Now:
    """A session's values, as the table of state keeps them."""

    def __init__(self) -> None:
        self.values: dict[object, object] = {ACTS_DONE: ("", 0)}

    def now(self) -> dict[object, object]:
        return self.values

    def change(self, changes: dict[object, object]) -> None:
        self.values.update(changes)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    made: list[Call] = []

    def recorder(doing: str) -> object:
        return lambda run, value: made.append((doing, run, value))

    monkeypatch.setattr(run_table, "TABLE", Now())
    monkeypatch.setattr(run_table, "_DOINGS", {name: recorder(name) for name in run_table._DOINGS})
    return made


def said(token: str, *acts: tuple[int, str, str, str]) -> str:
    names = ("number", "doing", "run", "value")
    return json.dumps({"token": token, "acts": [dict(zip(names, act, strict=True)) for act in acts]})


def test_twelve_quick_renames_hit_the_runs_that_were_meant(calls: list[Call]) -> None:
    acts = [(n, "rename", f"run{n % 3}", f"name {n}") for n in range(1, 13)]
    # Each report repeats what is not confirmed; some never arrive, some arrive twice.
    for upto in (1, 4, 4, 7, 12, 12):
        run_table.apply_acts(said("tab", *acts[:upto]))
    assert calls == [("rename", run, name) for _, _, run, name in acts]


def test_a_new_table_begins_its_numbers_anew(calls: list[Call]) -> None:
    run_table.apply_acts(said("one", (1, "show", "a", ""), (2, "remove", "a", "")))
    run_table.apply_acts(said("two", (1, "lay", "b", "on")))
    assert calls == [("show", "a", ""), ("remove", "a", ""), ("lay", "b", "on")]


@pytest.mark.parametrize(
    "report",
    [
        None,
        3,
        "",
        "[]",
        "{}",
        '{"token": 1, "acts": []}',
        '{"token": "t", "acts": [{"number": "x"}]}',
        "null",
    ],
)
def test_what_is_no_report_of_the_table_is_left_alone(report: object, calls: list[Call]) -> None:
    run_table.apply_acts(report)
    run_table.apply_acts(said("t", (1, "explode", "a", "")))
    assert calls == []


def test_a_run_that_is_gone_leaves_the_charts_and_another_can_be_laid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Manager:
        def snapshot(self, run_id: str) -> None:
            if run_id == "gone":
                raise UnknownRunError(run_id)

    now = Now()
    now.values[OVERLAY] = ("gone", "there")
    monkeypatch.setattr(run_table, "TABLE", now)
    monkeypatch.setattr(run_table, "get_manager", Manager)
    run_table.apply_acts(said("tab", (1, "lay", "new", "on")))
    assert now.values[OVERLAY] == ("there", "new")
    now.values[OVERLAY] = ("gone", "there")
    run_table.apply_acts(said("tab", (2, "lay", "gone", "off")))
    assert now.values[OVERLAY] == ("there",)
    assert now.values[ACTS_DONE] == ("tab", 2)


def test_an_act_that_fails_is_not_done_again_with_every_report(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail(run: str, value: str) -> None:
        done.append(run)
        raise RuntimeError(value)

    monkeypatch.setattr(run_table, "TABLE", Now())
    monkeypatch.setattr(run_table, "_DOINGS", {"show": fail})
    with pytest.raises(RuntimeError, match="for a reason"):
        run_table.apply_acts(said("tab", (1, "show", "a", "for a reason")))
    run_table.apply_acts(said("tab", (1, "show", "a", "for a reason")))
    assert done == ["a"]
