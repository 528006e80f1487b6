"""Learning-rate sweeps: every method with every learning rate of a list, and the one that suits it best."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lib.core.bundled_files import reading
from lib.core.optim.methods import Method, Settings, settings
from lib.core.optim.race import Course, is_inside, run
from lib.core.optim.surfaces import SURFACES, Surface, SurfaceName

FILE = Path(__file__).resolve().parents[3] / "assets" / "optimizers" / "sweeps.json"
RATES = tuple(float(f"{10 ** (k / 10):.3g}") for k in range(-40, 11))
"""0.0001 to 10, ten a decade, three digits each."""


@dataclass(frozen=True)
class Cell:
    """How one learning rate did: the step of arrival (None: never) and how far above the lowest value it ended.

    ``gap`` is None where a number overflowed; ``left`` says that the way led out of the picture.
    """

    arrived: int | None
    gap: float | None
    left: bool = False

    @property
    def rank(self) -> tuple[int, int, float]:
        """The smaller the better: arrival before none, inside the picture before outside, then early and close."""
        gap = self.gap if self.gap is not None else float("inf")
        if self.arrived is None:
            return 2, 0, gap
        return int(self.left), self.arrived, gap


def sweep(base: Settings, course: Course, lowest: float) -> list[Cell]:
    """One row: the settings with each of :data:`RATES`."""
    cells = []
    for rate in RATES:
        way = run(base.changed(lr=rate), course, lowest)
        gap = None if way.overflow is not None else way.values[-1] - lowest
        left = not all(is_inside(course.surface, point) for point in way.points)
        cells.append(Cell(way.arrived, gap, left))
    return cells


def best(row: list[Cell]) -> int:
    """The place of the best learning rate: the earliest arrival without leaving the picture; of equals the smallest.

    >>> best([Cell(None, 2.0), Cell(50, 0.1), Cell(20, 0.2), Cell(None, None)])
    2
    """
    return min(range(len(row)), key=lambda place: row[place].rank)


def course_of(surface: Surface) -> Course:
    """What the committed sweeps ran on: 300 steps from the surface's own start, constant learning rate, seed 0."""
    return Course(surface, surface.start)


def as_kept(cell: Cell) -> Cell:
    """As the file has it: four digits for who arrived, so that it stays small; the others are ranked by all of theirs.

    >>> as_kept(Cell(7, 0.123456)).gap, as_kept(Cell(None, 0.123456)).gap
    (0.1235, 0.123456)
    """
    if cell.arrived is None or cell.gap is None:
        return cell
    return replace(cell, gap=float(f"{cell.gap:.3e}"))


def sweep_surface(name: SurfaceName) -> dict[str, list[list[float | None]]]:
    """Rows by method: [arrived, gap, left] for each learning rate."""
    surface = SURFACES[name]
    assert surface.lowest is not None
    return {
        method: [
            [cell.arrived, cell.gap, int(cell.left)]
            for cell in map(as_kept, sweep(settings(method), course_of(surface), surface.lowest))
        ]
        for method in Method
    }


@cache
def committed() -> dict[str, dict[str, list[Cell]]]:
    """The sweeps that come with the explorer, by surface and method.

    >>> row = committed()["ravine"]["SGD"]
    >>> len(row) == len(RATES), RATES[best(row)]
    (True, 0.794)
    """
    with reading(FILE):
        plain = json.loads(FILE.read_text("utf-8"))
    return {
        surface: {
            method: [
                Cell(None if arrived is None else int(arrived), gap, bool(left)) for arrived, gap, left in row
            ]
            for method, row in rows.items()
        }
        for surface, rows in plain.items()
    }


def best_rate(surface: SurfaceName, method: Method) -> float:
    """The learning rate with which the method, otherwise at its defaults, does best on a surface."""
    return RATES[best(committed()[surface][method])]


def main() -> None:
    """Write the file: ``make sweeps``."""
    FILE.parent.mkdir(exist_ok=True)
    swept = {name: sweep_surface(name) for name in SurfaceName}
    lines = [
        f'"{name}": {{\n'
        + ",\n".join(f'"{method}": {json.dumps(row, separators=(",", ":"))}' for method, row in rows.items())
        + "\n}"
        for name, rows in swept.items()
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
