"""`python -m tests.bench [--only NAME]`: a table of all measurements, then one JSON object as the last line."""

from __future__ import annotations

import argparse
import importlib
import json
import keyword
import os
import pkgutil
import platform
from typing import Any

# Before any module imports torch: its threads would spin beside each other's on two cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import tests.bench


def benchmarks() -> list[str]:
    """Names of the modules beside this one that measure something."""
    names = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    return [name.rstrip("_") for name in names if name != "__main__" and hasattr(_module(name), "measure")]


def _module(name: str) -> Any:
    """A benchmark's module; one whose name means something in Python has a ``_`` at its end."""
    return importlib.import_module(
        f"tests.bench.{name}_" if keyword.iskeyword(name) else f"tests.bench.{name}"
    )


def main() -> None:
    """Run them one after the other: they would disturb each other side by side."""
    names = benchmarks()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=names, action="append", help="run this benchmark alone")
    chosen = parser.parse_args().only or names
    results: dict[str, object] = {"machine": {"python": platform.python_version(), "cores": os.cpu_count()}}
    for name in chosen:
        measured = _module(name).measure()
        results[name] = measured
        print(f"\n{name}")
        for key, value in measured.items():
            print(f"  {key.replace('_', ' '):44s} {value}", flush=True)
    print()
    print(json.dumps(results))


if __name__ == "__main__":
    main()
