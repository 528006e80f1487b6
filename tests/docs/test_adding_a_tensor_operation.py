"""docs/adding-a-tensor-operation.md, followed to the letter: the new step is drawn, explained and equal to torch's."""

from __future__ import annotations

from pathlib import Path

from tests.docs.walk import blocks, copy_repository, run_tests

PAGE = "adding-a-tensor-operation.md"
TESTS = ["tests/core/tensors/test_ops.py", "tests/lessons/shapes", "tests/ui/test_tensor_texts.py"]
CHOSEN = ["-k", "MOVEDIM or movedim or every_choice"]


def follow(folder: Path, *, without: str = "") -> None:
    """Put every block behind the line that its title names, but the one that is to be forgotten."""
    for block in blocks(PAGE):
        path, mark = folder / block.path, block.place.removeprefix("after ")
        text = path.read_text("utf-8")
        assert text.count(f"{mark}\n") == 1, mark
        if not without or without not in block.text:
            path.write_text(text.replace(f"{mark}\n", f"{mark}\n{block.text}"), "utf-8")


def test_the_walk_ends_at_an_operation_that_works(tmp_path: Path) -> None:
    folder = copy_repository(tmp_path)
    follow(folder)
    done = run_tests(folder, [*TESTS, *CHOSEN])
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(done.stdout.rsplit(" passed", 1)[0].rsplit(maxsplit=1)[-1]) >= 4


def test_a_forgotten_word_is_named(tmp_path: Path) -> None:
    folder = copy_repository(tmp_path)
    follow(folder, without="把一个轴")
    done = run_tests(folder, ["tests/ui/test_all_texts.py", "-k", "SHAPES"])
    assert done.returncode == 1
    assert "SHAPES_TEXTS" in done.stdout
