"""The loader at work against torch's own DataLoader: the order of every epoch, who assembles what, what is ahead."""

from __future__ import annotations

import runpy
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader

from lib.core.workflow.loading import (
    BATCH,
    EPOCHS,
    PREFETCH,
    SAMPLES,
    LoaderSettings,
    batches_of,
    epoch_ms,
    loader_script,
    printed,
    shuffled_orders,
    timetable,
)

SETTINGS = st.builds(
    LoaderSettings,
    st.booleans(),
    st.booleans(),
    st.integers(0, 4),
    st.integers(1, EPOCHS),
    st.integers(0, 2**32 - 1),
    st.integers(10, 200),
    st.integers(10, 200),
)


@settings(max_examples=60, deadline=None)
@given(samples=st.integers(1, 60), size=st.integers(1, 9), seed=st.integers(0, 2**32 - 1), drop=st.booleans())
def test_the_order_is_torchs(samples: int, size: int, seed: int, drop: bool) -> None:
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(range(samples), size, shuffle=True, drop_last=drop, generator=generator)  # type: ignore[arg-type,var-annotated]
    for order in shuffled_orders(samples, seed):
        drawn = [int(index) for batch in loader for index in batch]
        assert drawn == list(order[: len(drawn)])
        assert len(drawn) == (samples // size * size if drop else samples)


@settings(max_examples=60, deadline=None)
@given(chosen=SETTINGS)
def test_batches_are_torchs(chosen: LoaderSettings) -> None:
    loader = DataLoader(  # type: ignore[var-annotated]
        range(SAMPLES),  # type: ignore[arg-type]
        BATCH,
        shuffle=chosen.shuffle,
        drop_last=chosen.drop_last,
        generator=torch.Generator().manual_seed(chosen.seed),
    )
    epochs = [[tuple(batch.tolist()) for batch in loader] for _ in range(chosen.epoch)]
    assert list(batches_of(chosen)) == epochs[-1]


@settings(max_examples=100, deadline=None)
@given(chosen=SETTINGS)
def test_nobody_does_two_things_at_once_or_too_early(chosen: LoaderSettings) -> None:
    batches = timetable(chosen)
    for batch in batches:
        assert batch.prepared[1] - batch.prepared[0] == chosen.prepare_ms
        assert batch.stepped[0] >= batch.prepared[1]
    for before, after in pairwise(batches):
        assert after.stepped[0] >= before.stepped[1]
    for worker in range(chosen.workers):
        for before, after in pairwise([batch for batch in batches if batch.worker == worker]):
            assert after.prepared[0] >= before.prepared[1]
    if chosen.workers:
        for number, batch in enumerate(batches):
            handed = sum(each.stepped[0] <= batch.prepared[0] for each in batches[:number])
            assert number < handed + PREFETCH * chosen.workers
    # As fast as what one waits for allows, and never slower with workers than without.
    assert epoch_ms(chosen) >= max(len(batches) * chosen.step_ms, chosen.prepare_ms)
    alone = LoaderSettings(workers=0, prepare_ms=chosen.prepare_ms, step_ms=chosen.step_ms)
    if not chosen.drop_last:
        assert epoch_ms(chosen) <= epoch_ms(alone) == len(batches) * (chosen.prepare_ms + chosen.step_ms)


def test_the_program_prints_what_the_page_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "loader.py"
    with_workers = LoaderSettings(workers=3, epoch=2, seed=5)
    program.write_text(loader_script(with_workers), "utf-8")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == printed(with_workers)
    alone = LoaderSettings(workers=0, drop_last=True)
    program.write_text(loader_script(alone), "utf-8")
    runpy.run_path(str(program), run_name="__main__")
    assert capsys.readouterr().out.strip() == printed(alone)
