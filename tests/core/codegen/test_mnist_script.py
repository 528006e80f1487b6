"""The program that learners take away, executed: it prints what the engine measures."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from lib.core.codegen import finetune_script, workflow_script
from lib.core.codegen.mnist_race_script import race_script
from lib.core.codegen.mnist_script import Style, nine_steps, notebook, script
from lib.core.codegen.torchvision_import import WITHOUT_INTERNET
from lib.core.finetune.config import FinetuneConfig, Mode
from lib.core.mnist import FOLDER
from lib.core.training.config import Activation, OptimizerKind, TrainConfig
from lib.core.training.conv_block import ConvBlock, Pooling
from lib.core.training.engine import train
from lib.core.training.evaluate import ten_images
from lib.core.training.mnist_race import Entrant, MnistRaceConfig, Rule
from lib.core.training.reports import EpochReport
from lib.core.workflow.path import PicturePath, TextPath

CONFIGS = (
    TrainConfig(epochs=1, train_share=0.05),
    TrainConfig(
        hidden=(32, 16),
        activation=Activation.TANH,
        optimizer=OptimizerKind.NESTEROV,
        learning_rate=0.01,
        weight_decay=1e-3,
        batch_size=100,
        seed=3,
        epochs=1,
        train_share=0.05,
    ),
    TrainConfig(hidden=(), optimizer=OptimizerKind.RMSPROP, epochs=1, train_share=0.02),
    TrainConfig(
        conv=(ConvBlock(4, 5, 2, batch_norm=True), ConvBlock(6, 3, 0, Pooling.AVERAGE)),
        hidden=(20,),
        optimizer=OptimizerKind.MOMENTUM,
        epochs=1,
        train_share=0.05,
        softmax_first=True,
    ),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled files where torchvision looks for them."""
    folder = tmp_path_factory.mktemp("data")
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for packed in FOLDER.glob("*.gz"):  # as the program tells who has no internet
        (raw / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return folder


def run(program: str, root: Path, folder: Path) -> str:
    (folder / "train_mnist.py").write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, "train_mnist.py"],
        cwd=folder,
        env={**os.environ, "MNIST_ROOT": str(root), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def check(printed: str, config: TrainConfig) -> None:
    """Loss and accuracy as printed against the engine's own."""
    *_, report = (each for each in train(config) if isinstance(each, EpochReport))
    loss = re.search(r"epoch 1: mean loss ([\d.]+)", printed)
    got = re.search(r"^Got (\d+) / 10000 with accuracy (\d+\.\d\d)$", printed, re.MULTILINE)
    assert loss
    assert got
    assert float(loss[1]) == pytest.approx(report.train_loss, abs=2e-4)
    assert int(got[1]) == pytest.approx(report.test_correct, abs=10)
    assert float(got[2]) == round(int(got[1]) / 100, 2)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: str(config.optimizer))
def test_the_script_measures_what_the_engine_measures(
    config: TrainConfig, root: Path, tmp_path: Path
) -> None:
    # Each style for some of the networks: one program takes five seconds.
    style = list(Style)[CONFIGS.index(config) % 2]
    printed = run(script(config, style), root, tmp_path)
    check(printed, config)
    assert f"test images {ten_images(0, 10_000).tolist()}\n" in printed  # what the page shows at first
    assert (tmp_path / "ten_digits.png").stat().st_size > 0


def test_the_notebooks_cells_are_the_same_program(root: Path, tmp_path: Path) -> None:
    config = CONFIGS[0]
    titles, prose = [f"title {i}" for i in range(9)], [f"text {i}" for i in range(9)]
    cells = json.loads(notebook(config, titles, prose))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code"] * 9
    check(run("\n".join(cell["source"] for cell in cells[1::2]), root, tmp_path), config)


@pytest.mark.parametrize("optimizer", list(OptimizerKind))
@pytest.mark.parametrize("activation", list(Activation))
def test_nine_steps_for_every_optimizer_and_activation(
    optimizer: OptimizerKind, activation: Activation
) -> None:
    config = TrainConfig(optimizer=optimizer, activation=activation, hidden=(20, 20))
    steps = nine_steps(config)
    assert [step.number for step in steps] == list(range(1, 10))
    compile(script(config), "train_mnist.py", "exec")


def test_on_a_gpu_its_convolutions_are_the_pages() -> None:
    blocks = (ConvBlock(4),)
    lines = [
        "fp32_precision" in script(TrainConfig(conv=conv, device=device))
        for conv in (blocks, ())
        for device in ("cuda:1", "cpu")
    ]
    assert lines == [True, False, False, False]
    assert 'torch.device("cuda:1"' in script(TrainConfig(device="cuda:1"))


def test_every_program_that_downloads_says_how_to_do_without() -> None:
    config = FinetuneConfig()
    programs = [script(TrainConfig()), race_script(MnistRaceConfig((Entrant(Rule.SGD, 0.1),)))]
    programs += [finetune_script.script(config, mode) for mode in Mode]
    programs += [workflow_script.script(PicturePath(), ""), workflow_script.script(TextPath(), "")]
    for program in programs:
        hints, downloads = (program.count(text) for text in (WITHOUT_INTERNET, "download=True"))
        assert hints == bool(downloads)
        assert not downloads or program.index(WITHOUT_INTERNET) < program.index("download=True")
    assert "download=True" not in programs[-1]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: str(config.optimizer))
def test_both_styles_make_the_same_network(config: TrainConfig) -> None:
    made = []
    for style in Style:
        imports = "import torch\nimport torch.nn.functional as F\nfrom torch import nn, optim\n"
        names: dict[str, Any] = {}
        sizes = "" if style is Style.SEQUENTIAL else f"{config.layer_sizes[0]}, 10"
        source = imports + nine_steps(config, style)[1].code
        exec(f"{source}\ntorch.manual_seed({config.seed})\nmodel = Network({sizes})", names)  # noqa: S102
        made.append(names["model"].eval()(torch.linspace(0, 1, 2 * 784).view(2, 1, 28, 28)))
    assert torch.equal(*made)
