"""The acts of the table of runs: each is done once, in order, to the run that is meant."""

from __future__ import annotations

import json

import pytest

from lib.lessons.train import run_table
from lib.lessons.train.state import ACTS_DONE

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
