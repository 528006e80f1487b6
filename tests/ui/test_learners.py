"""Trays and shelves: who is forgotten first, and what outlives the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lib.core.digits.tray import KeptDigit
from lib.core.quiz.settings import Attempt
from lib.jobs import codec
from lib.jobs.store import Store
from lib.ui.learners import LATELY_SECONDS, Learners

MOST, SLACK = 10, 64
DIGIT = KeptDigit(bytes(range(256)) * 3 + bytes(16), 7, held_out=True)
ATTEMPT = Attempt((("1", "[2, 3]"), ()), 12.5)
Open = Callable[[], Store]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Open]:
    """The same file, opened anew each time: the one before was closed."""
    opened: list[Store] = []

    def open_again() -> Store:
        for each in opened:
            each.close()
        opened.append(Store(tmp_path, 10_000_000))
        return opened[-1]

    yield open_again
    opened[-1].close()


def nowhere() -> Store:
    return Store(None, 1)


def test_visitors_who_only_look_push_nobody_out() -> None:
    learners = Learners(nowhere, most=MOST)
    learners.of("ann")["tray"] = [DIGIT]
    learners.of("bob")["shelf"] = {"w": "randn(2)"}
    for number in range(50 * MOST):
        looking = learners.of(f"visitor {number}")
        looking.setdefault("tray", [])
    assert learners.of("ann")["tray"] == [DIGIT]
    assert learners.of("bob")["shelf"] == {"w": "randn(2)"}
    assert len(learners._values) <= MOST + SLACK


def test_among_those_who_keep_something_the_longest_unseen_goes() -> None:
    learners = Learners(nowhere, most=MOST)
    for number in range(MOST + SLACK + 1):
        learners.of(f"{number}")["shelf"] = {"w": "1"}
        learners.of("0")
    last = MOST + SLACK
    assert sorted(int(owner) for owner in learners._values) == [0, *range(last - MOST + 2, last + 1)]


def test_who_was_just_let_in_is_not_put_out() -> None:
    learners = Learners(nowhere, most=MOST)
    for number in range(MOST + SLACK):
        learners.of(f"{number}")["shelf"] = {"w": "1"}
    mine = learners.of("new")
    mine["shelf"] = {"v": "2"}
    assert learners.of("new") is mine


def test_trays_and_shelves_outlive_the_server(store: Open) -> None:
    first = store()
    before = Learners(lambda: first)
    before.of("ann")["tray"] = [DIGIT]
    before.of("ann")["shelf"] = {"w": "randn(2, 3, seed=1)"}
    before.of("ann")["quiz"] = {"name": "Ann"}
    before.keep()
    before.of("ann")["quiz"]["a sheet"] = ATTEMPT
    before.of("ann")["draw"] = object()
    before.keep()
    before.of("ann")["tray"].append(KeptDigit(bytes(784), 1))
    before.of("bob")
    before.keep()
    first.flush()
    second = store()
    after = Learners(lambda: second)
    ann = after.of("ann")
    assert ann["tray"] == [DIGIT, KeptDigit(bytes(784), 1)]
    assert [digit.held_out for digit in ann["tray"]] == [True, False]
    assert ann["shelf"] == {"w": "randn(2, 3, seed=1)"}
    assert ann["quiz"] == {"name": "Ann", "a sheet": ATTEMPT}
    assert "draw" not in ann
    ann["tray"].clear()
    after.keep()
    second.flush()
    assert Learners(store).of("ann") == {"shelf": {"w": "randn(2, 3, seed=1)"}, "quiz": ann["quiz"]}


def test_who_is_forgotten_in_memory_comes_back_from_the_file(store: Open) -> None:
    opened = store()
    learners = Learners(lambda: opened, most=MOST)
    for number in range(MOST + SLACK + 1):
        learners.of(f"{number}")["shelf"] = {"w": str(number)}
    opened.flush()
    assert learners.of("0") == {"shelf": {"w": "0"}}


def test_only_changes_are_written(store: Open) -> None:
    now = [0.0]
    opened = store()
    learners = Learners(lambda: opened, clock=lambda: now[0])
    writes: list[tuple[str, str]] = []
    real = opened.put_learner
    opened.put_learner = lambda owner, key, data: (writes.append((owner, key)), real(owner, key, data))[1]  # type: ignore
    learners.of("ann")["tray"] = [DIGIT]
    for _ in range(5):
        learners.keep()
    assert writes == [("ann", "tray")]
    learners.of("ann")["tray"].append(DIGIT)
    learners.keep()
    assert len(writes) == 2
    now[0] += 2 * LATELY_SECONDS
    learners.keep()
    assert len(writes) == 2


def test_only_changes_are_encoded(store: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = store()
    learners = Learners(lambda: opened)
    encoded: list[object] = []
    real = codec.encode

    def encode(value: object) -> bytes:
        encoded.append(value)
        return real(value)

    monkeypatch.setattr(codec, "encode", encode)
    ann = learners.of("ann")
    ann["tray"], ann["shelf"], ann["drawing"] = [DIGIT], {"w": "randn(2)"}, DIGIT.pixels
    for _ in range(5):
        learners.keep()
    assert len(encoded) == 3
    changes: list[Callable[[], object]] = [
        lambda: ann["tray"].extend([KeptDigit(bytes(784), 1)]),
        lambda: ann["tray"].reverse(),
        lambda: ann["tray"].__setitem__(0, replace(ann["tray"][0], held_out=True)),
        lambda: ann["shelf"].update(v="ones(3)"),
        lambda: ann.update(shelf={"v": "ones(4)"}),
        lambda: ann.update(drawing=bytes(784)),
    ]
    for number, change in enumerate(changes, start=4):
        change()
        learners.keep()
        learners.keep()
        assert len(encoded) == number
    kept = list(ann["tray"]), dict(ann["shelf"])
    opened.flush()
    after = Learners(lambda: opened).of("ann")
    assert (after["tray"], after["shelf"]) == kept
    assert after["drawing"] == bytes(784)
    assert [digit.held_out for digit in after["tray"]] == [digit.held_out for digit in kept[0]]
    ann["tray"].clear()
    learners.keep()
    opened.flush()
    assert "tray" not in Learners(lambda: opened).of("ann")


def test_what_cannot_be_read_is_left_out(store: Open) -> None:
    opened = store()
    opened.put_learner("ann", "tray", b"\x80\x04N.")
    opened.flush()
    assert Learners(lambda: opened).of("ann") == {}
