"""The page's forward pass against torch's, metrics against scikit-learn's, batches against DataLoader's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn import metrics as oracle
from torch.utils.data import DataLoader, TensorDataset

from lib.core.workflow.batches import batch_sizes, collate
from lib.core.workflow.metrics import confusion, scores
from lib.core.workflow.model import prepare, read_pictures, read_text
from lib.core.workflow.path import PicturePath, Pooling, Transform
from lib.core.workflow.training import Classifier, picture_network

LABELS = some.lists(some.integers(0, 3), min_size=1, max_size=60)


@pytest.mark.parametrize("pooling", Pooling)
@given(some.lists(some.lists(some.integers(1, 19), min_size=1, max_size=9), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_text_answers_are_torchs(pooling: Pooling, encoded: list[list[int]]) -> None:
    torch.manual_seed(1)
    model = Classifier(20, pooling).eval()
    weights = {name: values.numpy() for name, values in model.state_dict().items()}
    batch = collate(encoded)
    answer = read_text(weights, pooling, batch)
    logits = model(torch.from_numpy(batch.ids), torch.from_numpy(batch.mask))
    assert np.allclose(answer.logits, logits.detach().numpy(), atol=1e-5)
    assert np.allclose(answer.probabilities, logits.softmax(1).detach().numpy(), atol=1e-6)


@pytest.mark.parametrize("hidden", [0, 32])
@pytest.mark.parametrize("transform", Transform)
def test_picture_answers_are_torchs(hidden: int, transform: Transform) -> None:
    torch.manual_seed(2)
    model = picture_network(PicturePath(hidden=hidden))
    weights = {name: values.numpy() for name, values in model.state_dict().items()}
    pixels = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    values = prepare(pixels, transform)
    expected = model(torch.from_numpy(values)).detach().numpy()
    assert np.allclose(read_pictures(weights, values), expected, atol=1e-3, rtol=1e-4)


def test_the_padding_of_a_neighbour_changes_only_the_unmasked_mean() -> None:
    torch.manual_seed(3)
    weights = {name: v.numpy() for name, v in Classifier(20, Pooling.MEAN).state_dict().items()}
    for pooling in Pooling:
        alone = read_text(weights, pooling, collate([[4, 5]])).logits[0]
        beside = read_text(weights, pooling, collate([[4, 5], [1, 2, 3, 4, 5, 6]])).logits[0]
        assert np.allclose(alone, beside, atol=1e-6) == (pooling is not Pooling.MEAN_UNMASKED)


@given(some.integers(1, 60), some.integers(1, 20), some.booleans())
def test_batches_are_the_loaders(samples: int, size: int, drop_last: bool) -> None:
    loader = DataLoader(TensorDataset(torch.arange(samples)), size, drop_last=drop_last)
    assert batch_sizes(samples, size, drop_last=drop_last) == tuple(len(batch) for (batch,) in loader)


@given(LABELS, some.randoms(use_true_random=False), some.sampled_from([2, 4]))
def test_scores_are_scikit_learns(labels: list[int], random: object, classes: int) -> None:
    true = np.array(labels, np.uint8) % classes
    answers = np.array([random.randrange(classes) for _ in labels], np.uint8)  # type: ignore[attr-defined]
    table = confusion(true, answers, classes)
    everything = list(range(classes))
    assert table.tolist() == oracle.confusion_matrix(true, answers, labels=everything).tolist()
    found = scores(table)
    chosen = (
        {"pos_label": 1, "average": "binary"} if classes == 2 else {"labels": everything, "average": "macro"}
    )
    expected = [
        function(true, answers, zero_division=0, **chosen)
        for function in (oracle.precision_score, oracle.recall_score, oracle.f1_score)
    ]
    assert found.accuracy == pytest.approx(oracle.accuracy_score(true, answers))
    assert [found.precision or 0.0, found.recall or 0.0, found.f1] == pytest.approx(expected)
    present = [
        oracle.recall_score(true, answers, labels=[each], average="macro") for each in set(true.tolist())
    ]
    assert found.balanced == pytest.approx(np.mean(present))
