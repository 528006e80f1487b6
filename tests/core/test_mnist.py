"""The bundled MNIST against torchvision's own reading of the same database."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import torch

from lib.core.mnist import FOLDER, MD5, MnistFileError, load_mnist, read_mnist
from lib.core.torchvision_compat import import_torchvision
from lib.core.training.data import mnist_tensors
from lib.core.training.textbook import unpack_for_torchvision


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_for_torchvision(tmp_path_factory.mktemp("mnist"))


@pytest.mark.parametrize("train", [True, False])
def test_equals_torchvision_and_to_tensor_exactly(root: Path, train: bool) -> None:
    torchvision = import_torchvision()
    expected = torchvision.datasets.MNIST(root, train=train)
    mnist = load_mnist()
    images, labels = (
        (mnist.train_images, mnist.train_labels) if train else (mnist.test_images, mnist.test_labels)
    )
    assert torch.equal(torch.tensor(images), expected.data)
    assert torch.equal(torch.tensor(labels).long(), expected.targets)
    to_tensor = torchvision.transforms.ToTensor()
    tensors = mnist_tensors()
    rows = tensors.train_images if train else tensors.test_images
    for i in range(0, len(images), 997):
        as_float = torch.empty(784).copy_(rows[i]).div_(255)
        assert torch.equal(as_float, to_tensor(expected[i][0]).flatten())


def copy_of_assets(folder: Path) -> Path:
    for name in MD5:
        (folder / f"{name}.gz").write_bytes((FOLDER / f"{name}.gz").read_bytes())
    return folder


@pytest.mark.parametrize("damage", ["missing", "cut", "garbage", "other"])
def test_a_bad_file_is_named_with_a_remedy(tmp_path: Path, damage: str) -> None:
    folder = copy_of_assets(tmp_path)
    path = folder / "t10k-labels-idx1-ubyte.gz"
    content = path.read_bytes()
    match damage:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "garbage":
            path.write_bytes(b"not gzip at all")
        case "other":
            path.write_bytes(gzip.compress(gzip.decompress(content)[:-1] + b"\x00"))
    with pytest.raises(MnistFileError) as caught:
        read_mnist(folder)
    assert caught.value.path == path
    assert caught.value.reason == ("missing" if damage == "missing" else "damaged")
    assert "t10k-labels-idx1-ubyte.gz" in str(caught.value)
    assert "restore" in str(caught.value)
