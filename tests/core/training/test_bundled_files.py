"""Networks and races that come as files: written and read back on toy settings; a network as the browser takes it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from lib.core.bundled_files import BundledFileError
from lib.core.mnist import load_mnist
from lib.core.training import bundled as files
from lib.core.training import race_recorded
from lib.core.training.browser_network import browser_network
from lib.core.training.bundled import Recipe, bundled_problem, read_weights, train_bundled
from lib.core.training.config import Activation, TrainConfig
from lib.core.training.conv_block import ConvBlock, Pooling
from lib.core.training.engine import train
from lib.core.training.mnist_race import Entrant, MnistRaceConfig, RaceEpoch, RaceSteps, Rule, losses_of
from lib.core.training.model import build_model
from lib.core.training.reports import FinalReport
from tests.core.bundled import says_so

TOY = TrainConfig(hidden=(2,), epochs=1, train_share=0.01, seed=3)


def test_a_networks_file_holds_what_was_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path / "new" / "folder")
    recipes = Recipe("one.safetensors", TOY), Recipe("two.safetensors", replace(TOY, seed=4))
    monkeypatch.setattr(files, "MLP", recipes[0])
    monkeypatch.setattr(files, "CNN", recipes[1])
    for _ in range(2):  # over what is there, too
        files.main()
    said = capsys.readouterr().out.splitlines()[:2]
    for recipe, line in zip(recipes, said, strict=True):
        *_, final = train(recipe.config)
        assert isinstance(final, FinalReport)
        kept = read_weights(recipe.path)
        assert kept.config == recipe.config
        assert {name: values.tolist() for name, values in kept.weights.items()} == {
            name: values.tolist() for name, values in final.weights.items()
        }
        trained, correct = train_bundled(recipe)
        assert trained.config == recipe.config
        assert np.array_equal(trained.weights["1.weight"], kept.weights["1.weight"])
        assert correct == int((final.predictions == load_mnist().test_labels).sum())
        assert line == f"Got {correct} / 10000 with accuracy {correct / 100:.2f}: {recipe.file}"
        assert bundled_problem(recipe) is None
    problem = bundled_problem(Recipe("missing.safetensors", TOY))
    assert isinstance(problem, BundledFileError)
    (tmp_path / "bad").write_bytes(b"nothing")
    with pytest.raises(BundledFileError):
        read_weights(tmp_path / "bad")


def test_a_races_file_holds_what_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = MnistRaceConfig(
        (Entrant(Rule.SGD, 0.1), Entrant(Rule.ADAM, 0.01)), hidden=2, epochs=2, train_share=0.02
    )
    monkeypatch.setattr(race_recorded, "FILE", tmp_path / "race.json")
    monkeypatch.setattr(race_recorded, "CONFIG", config)
    race_recorded._stored.cache_clear()
    try:
        assert race_recorded.main() == 0
        read = race_recorded.recorded(config)
        assert race_recorded.recorded(replace(config, seed=1)) is None
    finally:
        race_recorded._stored.cache_clear()
    truth = race_recorded.measure(config)
    assert read is not None
    assert losses_of(read, 2).dtype == np.float32
    np.testing.assert_allclose(losses_of(read, 2), losses_of(truth, 2), atol=5.1e-5)
    assert isinstance(read[0], RaceSteps)
    assert read[0].first_step == 0
    ends = [each for each in truth if isinstance(each, RaceEpoch)]
    assert len(read) == 1 + len(ends) == 3
    for kept, measured in zip(read[1:], ends, strict=True):
        assert isinstance(kept, RaceEpoch)
        assert (kept.epoch, kept.steps_done) == (measured.epoch, measured.steps_done)
        assert kept.test_correct == measured.test_correct
        assert kept.test_losses == tuple(round(loss, 4) for loss in measured.test_losses)
    path = tmp_path / "race.json"
    assert capsys.readouterr().out == f"race.json: {path.stat().st_size:,} bytes\n"
    first = json.loads(path.read_text("utf-8"))["losses"][0][0]
    assert first == round(first, 4) != round(first, 2)


@pytest.mark.parametrize(
    "content", [None, "nothing", "[]", '{"losses": []}', '{"losses": [["a"]], "epochs": []}']
)
def test_a_races_file_that_is_missing_or_damaged_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    path = tmp_path / "race.json"
    monkeypatch.setattr(race_recorded, "FILE", path)
    race_recorded._stored.cache_clear()
    try:
        says_so(path, content, lambda: race_recorded.recorded(race_recorded.CONFIG))
    finally:
        race_recorded._stored.cache_clear()


def in_the_browser(made: dict[str, Any], images: torch.Tensor) -> torch.Tensor:
    """What the layers and weights say, with torch's functions."""
    weights = torch.frombuffer(bytearray(base64.b64decode(made["weights"])), dtype=torch.float32)
    pools = {"max": torch.nn.MaxPool2d, "average": torch.nn.AvgPool2d}

    def take(*shape: int) -> torch.Tensor:
        nonlocal weights
        count = int(np.prod(shape))
        taken, weights = weights[:count].view(shape), weights[count:]
        return taken

    values = images
    for layer in made["layers"]:
        match layer["kind"]:
            case "conv":
                sizes = layer["outputs"], layer["inputs"], layer["kernel"], layer["kernel"]
                values = functional.conv2d(
                    values, take(*sizes), take(layer["outputs"]), padding=layer["padding"]
                )
            case "linear":
                values = functional.linear(
                    values, take(layer["outputs"], layer["inputs"]), take(layer["outputs"])
                )
            case "activation":
                values = getattr(torch.nn, layer["name"])()(values)
            case "pool":
                values = pools[layer["how"]](2)(values)
            case _:
                values = values.flatten(1)
    assert not len(weights)
    return values


@pytest.mark.parametrize("activation", list(Activation))
@pytest.mark.parametrize(
    ("conv", "hidden"),
    [
        ((), (5, 4, 3)),
        ((ConvBlock(2, 5, 1, batch_norm=True), ConvBlock(3, 3, 0, Pooling.NONE, batch_norm=True)), (4,)),
        ((ConvBlock(2, pool=Pooling.AVERAGE), ConvBlock(3, 3, 0, batch_norm=True)), ()),
    ],
)
def test_the_browsers_network_says_what_the_module_says(
    conv: tuple[ConvBlock, ...], hidden: tuple[int, ...], activation: Activation
) -> None:
    config = TrainConfig(conv=conv, hidden=hidden, activation=activation)
    model = build_model(config)
    generator = torch.Generator().manual_seed(1)
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            for tensor in (layer.weight, layer.bias, layer.running_mean, layer.running_var):
                assert tensor is not None
                tensor.data.copy_(torch.rand(tensor.shape, generator=generator) + 0.2)
            layer.running_var.mul_(0.001)  # type: ignore[union-attr]
    images = torch.rand(4, 1, 28, 28, generator=generator)
    made = browser_network(config, {name: values.numpy() for name, values in model.state_dict().items()})
    assert json.loads(json.dumps(made)) == made
    with torch.no_grad():
        torch.testing.assert_close(in_the_browser(made, images), model.eval()(images), rtol=1e-3, atol=1e-4)
