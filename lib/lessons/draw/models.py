"""The networks that can be asked: the two bundled ones, and this learner's finished runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.core.mnist import load_mnist
from lib.core.training.bundled import bundled, bundled_problem
from lib.core.training.config import TrainConfig
from lib.lessons.draw.state import BUNDLED, BUNDLED_CNN, RECIPES
from lib.lessons.draw.texts import DrawTexts
from lib.ui.components.feature_maps import Shown
from lib.ui.runs.as_of import is_offered, learned
from lib.ui.runs.runs import my_runs, run_names
from lib.ui.runs.texts import RunTexts

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network by its id (a run's, "bundled" or "cnn"), with what its learner calls it."""

    id: str
    name: str
    config: TrainConfig
    weights: Mapping[str, NDArray[np.float32]]
    as_of: int = 0
    """The step of a run that was paused or stopped there: one that goes on has other weights later."""

    @property
    def weights_id(self) -> str:
        """Stands for the weights."""
        return f"{self.id}@{self.as_of}" if self.as_of else self.id

    @property
    def shown(self) -> Shown:
        """As the components take it that compute in the browser."""
        return Shown(self.weights_id, self.config, self.weights)

    @property
    def is_sound(self) -> bool:
        """Whether all weights are numbers: those of a training that diverged are not."""
        return all(bool(np.isfinite(values).all()) for values in self.weights.values())

    @property
    def network(self) -> nn.Sequential:
        """PyTorch's modules, made once a server."""
        return _network(self)


_BY_ID: dict[str | type[Any], Callable[[Any], Any]] = {Model: lambda model: model.weights_id}


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs=_BY_ID)  # up to 16 MB each
def _network(model: Model) -> nn.Sequential:
    from lib.core.digits.classifier import load_classifier

    return load_classifier(model.config, model.weights)


@st.cache_data(show_spinner=False, max_entries=64, hash_funcs=_BY_ID)
def mnist_correct(model: Model) -> int:
    """How many of MNIST's 10,000 test images a network reads right; measured once a server."""
    from lib.core.digits.classifier import predict

    mnist = load_mnist()
    return int((predict(model.network, mnist.test_images) == mnist.test_labels).sum())


def available_models(texts: DrawTexts, run_texts: RunTexts) -> dict[str, Model]:
    """All of them by id, the bundled ones first, then the runs as they were started."""
    names = {BUNDLED: texts.bundled, BUNDLED_CNN: texts.bundled_cnn}
    found = {
        model_id: Model(model_id, names[model_id], recipe.config, bundled(recipe).weights)
        for model_id, recipe in RECIPES.items()
        if bundled_problem(recipe) is None
    }
    runs = my_runs()
    run_labels = run_names(runs, run_texts)
    for run in runs:
        report = learned(run)
        if report is not None and is_offered(run) and isinstance(run.config, TrainConfig):
            as_of = 0 if run.final is not None else run.steps_done
            found[run.id] = Model(run.id, run_labels[run.id], run.config, report.weights, as_of)
    return found
