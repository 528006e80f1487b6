"""`make stress N=2`: the browser tests again and again, also in browsers that have it hard; a table at the end.

"plain" is as ever; "slow" has a processor at a quarter of its speed; "late" gets every script five seconds late.
MODES="slow late" and TESTS="tests/e2e/test_train.py -k pause" choose less.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.e2e.tabs import Stress

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = ("browser", "run", "passed", "failed", "minutes")
WIDTH = 9
# Tests wait more than they compute, most of all for late scripts and for pages that stand still.
PROCESSES = {Stress.PLAIN: 3, Stress.SLOW: 5, Stress.LATE: 6}


@dataclass(frozen=True)
class Outcome:
    """One run of the tests: how many passed, which did not, how long it took."""

    mode: Stress
    number: int
    passed: int
    failed: tuple[str, ...]
    seconds: float

    @property
    def row(self) -> tuple[str, ...]:
        """The run as a line of the table."""
        minutes = f"{self.seconds / 60:.1f}"
        return str(self.mode), str(self.number), str(self.passed), str(len(self.failed)), minutes


def outcome_of(report: Path, mode: Stress, number: int, seconds: float) -> Outcome:
    """Read pytest's report; a run without one failed as a whole."""
    if not report.exists() or not report.read_bytes():
        return Outcome(mode, number, 0, ("no report",), seconds)
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    failed = [
        f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
    return Outcome(mode, number, len(cases) - len(failed), tuple(failed), seconds)


def run(mode: Stress, number: int, tests: list[str]) -> Outcome:
    """All browser tests once."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        beside = ["-n", str(PROCESSES[mode]), "--dist", "loadgroup"]
        # Each test by its name: a run that is ended says what had failed, and what hung.
        command = [sys.executable, "-m", "pytest", "-v", "-m", "e2e", *beside]
        begin = time.monotonic()
        subprocess.run(
            [*command, f"--junit-xml={report}", *tests],
            cwd=ROOT,
            env={**os.environ, "SHAPELAB_STRESS": str(mode)},
            check=False,
        )
        return outcome_of(report, mode, number, time.monotonic() - begin)


def print_table(outcomes: list[Outcome]) -> None:
    """What failed, by name; then a line a run."""
    for outcome in outcomes:
        for name in outcome.failed:
            print(f"failed in {outcome.mode} {outcome.number}: {name}")
    for row in (HEADINGS, *(outcome.row for outcome in outcomes)):
        print("  ".join(text.rjust(WIDTH) for text in row))
    failures = sum(len(outcome.failed) for outcome in outcomes)
    print(f"{failures} failures in {sum(outcome.passed for outcome in outcomes) + failures} tests run")


def main(times: int) -> int:
    """Run all, print the table; 1 where something failed."""
    modes = [Stress(name) for name in os.environ.get("MODES", " ".join(Stress)).split()]
    tests = shlex.split(os.environ.get("TESTS", "tests/e2e"))
    outcomes = [run(mode, number, tests) for mode in modes for number in range(1, times + 1)]
    print_table(outcomes)
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2))
