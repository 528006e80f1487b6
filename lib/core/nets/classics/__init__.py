"""The classics by their names in the address, and what was published about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lib.core.nets.classics.lenet import OF_1998, POPULAR, LeNetParts, lenet5
from lib.core.nets.classics.torchvision import alexnet, googlenet, resnet, vgg16
from lib.core.nets.graph import Network


class Classic(StrEnum):
    """A network by its name in addresses."""

    LENET5 = "lenet5"
    LENET5_1998 = "lenet5_1998"
    ALEXNET = "alexnet"
    VGG16 = "vgg16"
    RESNET18 = "resnet18"
    RESNET34 = "resnet34"
    RESNET50 = "resnet50"
    GOOGLENET = "googlenet"

    @property
    def printed(self) -> str:
        """Its name in print.

        >>> Classic.LENET5_1998.printed
        'LeNet-5 (1998)'
        """
        return _TITLES[self]

    @property
    def is_lenet(self) -> bool:
        """Whether it reads grey digits instead of colour photographs."""
        return self in {Classic.LENET5, Classic.LENET5_1998}

    @property
    def size(self) -> int:
        """The input size that it was made for, in pixels."""
        return 32 if self.is_lenet else 224

    @property
    def classes(self) -> int:
        """The number of classes that it was made for."""
        return 10 if self.is_lenet else 1000

    @property
    def parts(self) -> LeNetParts:
        """What its version of LeNet-5 has; for the others the popular one's."""
        return OF_1998 if self is Classic.LENET5_1998 else POPULAR


_TITLES = {
    Classic.LENET5: "LeNet-5",
    Classic.LENET5_1998: "LeNet-5 (1998)",
    Classic.ALEXNET: "AlexNet",
    Classic.VGG16: "VGG-16",
    Classic.RESNET18: "ResNet-18",
    Classic.RESNET34: "ResNet-34",
    Classic.RESNET50: "ResNet-50",
    Classic.GOOGLENET: "GoogLeNet",
}


@dataclass(frozen=True)
class Published:
    """Accuracy on ImageNet-1K in percent, of the weights of one name."""

    weights: str
    top1: float
    top5: float


PUBLISHED: dict[Classic, tuple[Published, ...]] = {
    Classic.ALEXNET: (Published("IMAGENET1K_V1", 56.522, 79.066),),
    Classic.VGG16: (Published("IMAGENET1K_V1", 71.592, 90.382),),
    Classic.RESNET18: (Published("IMAGENET1K_V1", 69.758, 89.078),),
    Classic.RESNET34: (Published("IMAGENET1K_V1", 73.314, 91.420),),
    Classic.RESNET50: (
        Published("IMAGENET1K_V1", 76.130, 92.862),
        Published("IMAGENET1K_V2", 80.858, 95.434),
    ),
    Classic.GOOGLENET: (Published("IMAGENET1K_V1", 69.778, 89.530),),
}
"""From ``weights.meta["_metrics"]`` of torchvision 0.28; a test compares."""


@lru_cache(512)
def classic(
    name: Classic,
    *,
    size: int | None = None,
    classes: int | None = None,
    aux: bool = False,
    parts: LeNetParts | None = None,
) -> Network:
    """The network, for one picture.

    >>> classic(Classic.RESNET50, size=64).input_shape
    (1, 3, 64, 64)
    """
    size, classes = size or name.size, classes or name.classes
    match name:
        case Classic.LENET5 | Classic.LENET5_1998:
            return lenet5(name.parts if parts is None else parts, size=size, classes=classes)
        case Classic.ALEXNET:
            return alexnet(size=size, classes=classes)
        case Classic.VGG16:
            return vgg16(size=size, classes=classes)
        case Classic.GOOGLENET:
            return googlenet(size=size, classes=classes, aux=aux)
    return resnet(int(name.removeprefix("resnet")), size=size, classes=classes)
