"""`make mutants PACKAGE=lib/core/conv`: breaks the package in every small way, and counts what its tests notice.

Only a failing test kills a mutant: one that runs into the time limit, or that no test reaches, counts as alive.
``equal.toml`` names mutants that behave as the original does, with the reason. An interrupted run goes on where it
was; SECONDS_A_RUN=600 ends it after that time, PROCESSES=1 leaves the other cores alone. A changed file of the package
is looked at afresh.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EQUAL = Path(__file__).with_name("equal.toml")
NEEDED = ("lib", "tests", "assets", "pages", "streamlit_app.py", ".streamlit", "pyproject.toml")
CONFIG = """
[tool.mutmut]
source_paths = ["lib"]
only_mutate = ["{package}/*"]
also_copy = ["assets", "pages", "streamlit_app.py", ".streamlit"]
pytest_add_cli_args = {arguments}
pytest_add_cli_args_test_selection = {tests}
"""
ARGUMENTS = ["-q", "-x", "--hypothesis-profile=mutants"]
# Seconds of training that would run again for every line they pass through: quicker tests see the same.
LEFT_OUT = {
    "lib/core/training": (
        "test_conv_engine.py::test_three_hundred_steps_are_the_loops",
        "test_conv_engine.py::test_the_bundled_cnn_is_small_and_reads_988_of_1000",
        "test_conv_engine.py::test_weights_and_running_statistics_are_the_textbooks[Nesterov-True]",
        "test_engine.py::test_default_run_reaches_97_percent",
        *(
            f"test_engine.py::test_each_optimizer_and_activation_equals_the_textbook[{name}-"
            for name in ("Sigmoid", "Tanh", "GELU")
        ),
        "test_engine.py::test_the_real_dataset_gives_the_same_losses",
        "test_handwriting.py::test_the_bundled_network_can_be_trained_anew",
        "test_mnist_race.py::test_a_race_does_not_load_what_takes_seconds",
        "test_mnist_race.py::test_the_range_test_suggests_rates_that_train",
        "test_pictures.py::test_every_step_is_that_of_a_plain_loop[CNN]",
        "test_state.py::test_numbers_are_the_same_wherever_it_was_set_down",
        "test_trouble.py::test_a_diverging_run_says_where_and_its_files_are_still_json",
    ),
}
KILLED = {1, 3}
NO_TESTS = {5, 33}
SURVIVED = 0
TEXT = re.compile(r"""([a-z]*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


@dataclass(frozen=True)
class Mutant:
    """One small change of one function: the line as it was and as it is, and how its run of the tests ended."""

    function: str
    before: str
    after: str
    exit_code: int | None

    @property
    def changes_only_words(self) -> bool:
        """Whether all that differs is inside string literals.

        >>> Mutant("f", 'say("yes")', 'say("XXyesXX")', 0).changes_only_words
        True
        >>> Mutant("f", 'say(f"{a + 1} cells")', 'say(f"{a - 1} cells")', 0).changes_only_words
        False
        """
        return TEXT.sub(_without_words, self.before) == TEXT.sub(_without_words, self.after)


def _without_words(literal: re.Match[str]) -> str:
    """A string literal with what it computes, but without its words."""
    return "|".join(re.findall(r"\{[^{}]*\}", literal[2])) if "f" in literal[1] else '""'


def mirrored(package: str) -> list[str]:
    """The package's doctests and the folder of tests that mirrors it.

    >>> mirrored("lib/core/conv")
    ['tests/mutants/run_doctests.py', 'tests/core/conv']
    """
    mirror = "tests/" + package.removeprefix("lib/")
    doctests = "tests/mutants/run_doctests.py"
    return [doctests, mirror] if (ROOT / mirror).exists() else [doctests]


def prepare(package: str) -> Path:
    """A copy of the repository in which the package can be broken; unchanged files keep their age and results.

    Where a test has changed, what was alive so far is tried again.
    """
    place = ROOT / "build" / "mutants" / package.replace("/", "_")
    place.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *NEEDED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    is_tested_anew = False
    for name in filter(None, listed):
        source, copy = ROOT / name, place / name
        if not source.exists():
            continue
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
            is_tested_anew |= name.startswith("tests/") and not name.startswith("tests/mutants/")
    if is_tested_anew:
        forget_the_alive(place, package)
    mirror = mirrored(package)
    left_out = [f"--deselect={mirror[-1]}/{name}" for name in LEFT_OUT.get(package, ())]
    arguments = json.dumps([*ARGUMENTS, *left_out])
    config = CONFIG.format(package=package, tests=json.dumps(mirror), arguments=arguments)
    (place / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8") + config, "utf-8")
    return place


def forget_the_alive(place: Path, package: str) -> None:
    """Let mutmut try again what no test has killed."""
    for path in (place / "mutants" / package).rglob("*.meta"):
        record = json.loads(path.read_text("utf-8"))
        codes = record["exit_code_by_key"]
        record["exit_code_by_key"] = {key: code if code in KILLED else None for key, code in codes.items()}
        path.write_text(json.dumps(record), "utf-8")


def run(place: Path, package: str, seconds: float | None) -> None:
    """Let mutmut try all mutants that it has not tried yet."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "SHAPELAB_MUTANTS": package}
    processes = ["--max-children", os.environ["PROCESSES"]] if "PROCESSES" in os.environ else []
    command = [str(Path(sys.executable).with_name("mutmut")), "run", *processes]
    process = subprocess.Popen(command, cwd=place, env=environment, start_new_session=True)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def functions_in(text: str) -> dict[str, list[str]]:
    """The lines of every function of a mutated module that is a mutant or an original, by its mangled name."""
    found: dict[str, list[str]] = {}
    lines = text.split("\n")
    for at, line in enumerate(lines):
        start = re.match(r"(\s*)(?:async )?def (x\w*__mutmut_(?:orig|\d+))\(", line)
        if start is None:
            continue
        end = at + 1
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith(start[1] + " ")):
            end += 1
            if end < len(lines) and re.match(rf"{start[1]}\)", lines[end]):
                end += 1
        found[start[2]] = [lines[at].replace(start[2], ""), *lines[at + 1 : end]]
    return found


def difference(original: list[str], mutant: list[str]) -> tuple[str, str]:
    """The first line that differs, as it was and as it is."""
    for before, after in zip(original, mutant, strict=False):
        if before != after:
            return before.strip(), after.strip()
    return "\n".join(original).strip(), "\n".join(mutant).strip()


def mutants_of(place: Path, package: str) -> list[Mutant]:
    """All mutants of the package with their results so far."""
    found = []
    for record in sorted((place / "mutants" / package).rglob("*.meta")):
        results: dict[str, int | None] = json.loads(record.read_text("utf-8"))["exit_code_by_key"]
        bodies = functions_in(record.with_suffix("").read_text("utf-8"))
        for key, exit_code in results.items():
            module, _, mangled = key.rpartition(".")
            name, _, _ = mangled.rpartition("__mutmut_")
            before, after = difference(bodies[f"{name}__mutmut_orig"], bodies[mangled])
            readable = name.removeprefix("x").lstrip("_").replace("ǁ", ".").strip(".")
            found.append(Mutant(f"{module}.{readable}", before, after, exit_code))
    return found


def is_equal(mutant: Mutant, named: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether a mutant is named as one that behaves as the original does, by itself or by its kind.

    >>> kind = {"everywhere": [{"before": "f(True)", "after": ["f()", "f(None)"]}]}
    >>> is_equal(Mutant("m.g", "x = f(True)", "x = f()", 0), kind), is_equal(Mutant("m.g", "f(True)", "f(1)", 0), kind)
    (True, False)
    """
    one = {"function": mutant.function, "before": mutant.before, "after": mutant.after}
    return any(one.items() <= each.items() for each in named.get("equal", [])) or any(
        mutant.before.replace(each["before"], after) == mutant.after
        for each in named.get("everywhere", [])
        for after in each["after"]
    )


def score(mutants: list[Mutant]) -> float:
    """The share that a failing test killed, in percent.

    >>> score([Mutant("f", "a", "b", 1), Mutant("f", "a", "c", 0)])
    50.0
    """
    return 100 * sum(each.exit_code in KILLED for each in mutants) / max(len(mutants), 1)


def report(mutants: list[Mutant], named: dict[str, list[dict[str, Any]]]) -> None:
    """Print what is still alive, then the figures."""
    counted = [each for each in mutants if each.exit_code in KILLED or not is_equal(each, named)]
    alive = [each for each in counted if each.exit_code not in KILLED]
    for each in alive:
        if each.exit_code is not None:
            ended = {SURVIVED: "alive", **dict.fromkeys(NO_TESTS, "no test")}.get(each.exit_code, "time-out")
            print(f"{each.function} [{ended}]\n  - {each.before}\n  + {each.after}")
    by_module = Counter(each.function.rsplit(".", 1)[0] for each in alive)
    for module, count in by_module.most_common():
        print(f"{count:5d} alive in {module}")
    waiting = sum(each.exit_code is None for each in counted)
    numbers = [each for each in counted if not each.changes_only_words]
    print(
        f"{len(mutants)} mutants, {len(mutants) - len(counted)} of them named as equal, {waiting} not tried yet\n"
        f"killed {score(counted):.1f} % of {len(counted)}; "
        f"without those that only change words {score(numbers):.1f} % of {len(numbers)}"
    )


def main(package: str) -> None:
    """Break the package, test it, report."""
    package = package.strip("/")
    if not (ROOT / package).is_dir():
        sys.exit(f"no such package: {package} (for example PACKAGE=lib/core/conv)")
    place = prepare(package)
    seconds = os.environ.get("SECONDS_A_RUN")
    run(place, package, float(seconds) if seconds else None)
    report(mutants_of(place, package), tomllib.loads(EQUAL.read_text("utf-8")))
