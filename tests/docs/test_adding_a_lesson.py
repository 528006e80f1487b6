"""docs/adding-a-lesson.md, followed to the letter: the lesson works, its tests pass, and a forgotten step is named."""

from __future__ import annotations

from pathlib import Path

from tests.docs.walk import blocks, copy_repository, put_before, run, run_tests

PAGE = "adding-a-lesson.md"
TESTS = [
    "tests/lessons/clamp",
    "tests/ui/test_pages.py",
    "tests/ui/test_all_texts.py",
    "tests/ui/state/test_hostile_pages.py",
    "-k",
    "clamp or Clamp or CLAMP or listed or readme or lists",
]


def follow(folder: Path, *, without: str = "") -> None:
    """Write every block of the page into the copy, but the one that is to be forgotten."""
    for block in blocks(PAGE):
        path = folder / block.path
        if block.path == without:
            continue
        if not block.place:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.path.endswith("pages.py"):
            put_before(path, "    ]\n)\n", block.text)
        else:
            put_before(path, "\nThe address holds what is on the screen", block.text)


def test_the_walk_ends_at_a_lesson_that_works(tmp_path: Path) -> None:
    folder = copy_repository(tmp_path)
    follow(folder)
    written = [block.path for block in blocks(PAGE) if block.path.endswith(".py")]
    assert len(written) >= 7
    assert run(folder, "-m", "ruff", "check", *written).stdout.strip() == "All checks passed!"
    done = run_tests(folder, TESTS)
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(done.stdout.rsplit(" passed", 1)[0].rsplit(maxsplit=1)[-1]) >= 10


def test_a_forgotten_step_is_named(tmp_path: Path) -> None:
    folder = copy_repository(tmp_path)
    follow(folder, without="lib/lessons/clamp/prose.zh.md")
    (folder / "pages" / "clamp.py").rename(folder / "pages" / "clmap.py")
    done = run_tests(folder, ["tests/ui/test_pages.py"])
    assert done.returncode == 1
    assert "clmap" in done.stdout
    assert "test_a_listed_page_has_its_file_and_its_lesson[clamp]" in done.stdout
