"""The program that learners take away, executed on a GPU: it prints what the engine measures there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lib.core.codegen.mnist_script import script
from lib.core.training.config import TrainConfig
from tests.core.codegen.test_mnist_script import CONFIGS, check, root, run
from tests.gpu import GPU, needs_gpu

pytestmark = needs_gpu
assert root, "pytest looks it up by its name"


@pytest.mark.parametrize("config", [CONFIGS[0], CONFIGS[3]], ids=["MLP", "CNN"])
def test_the_script_measures_there_what_the_engine_measures(
    config: TrainConfig, root: Path, tmp_path: Path
) -> None:
    config = replace(config, device=GPU)
    check(run(script(config), root, tmp_path), config)
