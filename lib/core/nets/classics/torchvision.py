"""AlexNet, VGG-16, ResNet-18/34/50 and GoogLeNet, row by row as torchvision.models builds and runs them.

Rows carry torchvision's module paths; what its forward does without a module has the path's own name.
"""

from __future__ import annotations

from lib.core.nets.graph import Builder, Network
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
)

RELU = Activation(inplace=True)


def _conv(
    incoming: int, outgoing: int, kernel: int, stride: int = 1, padding: int = 0, *, bias: bool
) -> Conv:
    return Conv(
        outgoing,
        (kernel, kernel),
        (stride, stride),
        (padding, padding),
        bias=bias,
        in_channels=incoming,
    )


def _max_pool(kernel: int, stride: int, padding: int = 0, *, ceil_mode: bool = False) -> MaxPool:
    return MaxPool((kernel, kernel), (stride, stride), (padding, padding), ceil_mode=ceil_mode)


def alexnet(*, size: int = 224, classes: int = 1000) -> Network:
    """AlexNet (Krizhevsky 2014, "One weird trick"): five convolutions, three linear layers.

    >>> from lib.core.nets.analysis import analyse
    >>> analyse(alexnet()).parameters, analyse(alexnet()).macs
    (61100840, 714188480)
    """
    build = Builder((1, 3, size, size))
    pool = _max_pool(3, 2)
    convs: list[Layer] = [
        _conv(3, 64, 11, 4, 2, bias=True),
        RELU,
        pool,
        _conv(64, 192, 5, 1, 2, bias=True),
        RELU,
        pool,
        _conv(192, 384, 3, 1, 1, bias=True),
        RELU,
        _conv(384, 256, 3, 1, 1, bias=True),
        RELU,
        _conv(256, 256, 3, 1, 1, bias=True),
        RELU,
        pool,
    ]
    number = 0
    for place, layer in enumerate(convs):
        number += isinstance(layer, Conv)
        build.add(f"features.{place}", layer, block=f"conv{number}")
    build.add("avgpool", AdaptiveAvgPool((6, 6)), block="avgpool")
    build.add("flatten", Flatten(), block="classifier")
    wide = Linear(4096, in_features=256 * 6 * 6), Linear(4096, in_features=4096)
    head: list[Layer] = [
        Dropout(),
        wide[0],
        RELU,
        Dropout(),
        wide[1],
        RELU,
        Linear(classes, in_features=4096),
    ]
    for place, each in enumerate(head):
        build.add(f"classifier.{place}", each, block="classifier")
    return build.network()


def vgg16(*, size: int = 224, classes: int = 1000) -> Network:
    """VGG-16 (Simonyan and Zisserman 2014), without batch norm.

    >>> from lib.core.nets.analysis import analyse
    >>> analyse(vgg16()).parameters, analyse(vgg16()).macs
    (138357544, 15470264320)
    """
    build = Builder((1, 3, size, size))
    incoming, place = 3, 0
    for stage, (channels, repeats) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), start=1):
        for _ in range(repeats):
            build.add(
                f"features.{place}", _conv(incoming, channels, 3, 1, 1, bias=True), block=f"stage{stage}"
            )
            build.add(f"features.{place + 1}", RELU, block=f"stage{stage}")
            incoming, place = channels, place + 2
        build.add(f"features.{place}", _max_pool(2, 2), block=f"stage{stage}")
        place += 1
    build.add("avgpool", AdaptiveAvgPool((7, 7)), block="avgpool")
    build.add("flatten", Flatten(), block="classifier")
    wide = Linear(4096, in_features=512 * 7 * 7), Linear(4096, in_features=4096)
    head: list[Layer] = [
        wide[0],
        RELU,
        Dropout(),
        wide[1],
        RELU,
        Dropout(),
        Linear(classes, in_features=4096),
    ]
    for number, layer in enumerate(head):
        build.add(f"classifier.{number}", layer, block="classifier")
    return build.network()


def resnet(depth: int, *, size: int = 224, classes: int = 1000) -> Network:
    """ResNet-18, -34 or -50 (He et al. 2015); torchvision strides in the 3 x 3 ("V1.5").

    >>> from lib.core.nets.analysis import analyse
    >>> [analyse(resnet(depth)).parameters for depth in (18, 34, 50)]
    [11689512, 21797672, 25557032]
    """
    repeats = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}[depth]
    build = Builder((1, 3, size, size))
    build.add("conv1", _conv(3, 64, 7, 2, 3, bias=False), block="stem")
    build.add("bn1", BatchNorm(64), block="stem")
    build.add("relu", RELU, block="stem")
    build.add("maxpool", _max_pool(3, 2, 1), block="stem")
    incoming = 64
    for stage, count in enumerate(repeats):
        width = 64 * 2**stage
        for number in range(count):
            stride = 2 if stage and not number else 1
            block = f"layer{stage + 1}.{number}"
            incoming = _residual(build, block, incoming, width, stride, bottleneck=depth == 50)
    build.add("avgpool", AdaptiveAvgPool((1, 1)), block="head")
    build.add("flatten", Flatten(), block="head")
    build.add("fc", Linear(classes, in_features=incoming), block="head")
    return build.network()


def _residual(build: Builder, block: str, incoming: int, width: int, stride: int, *, bottleneck: bool) -> int:
    """A basic block or a bottleneck: its way, its skip, their sum. Returns the channels that leave it."""
    start = build.place
    outgoing = width * 4 if bottleneck else width
    convs = (
        ((incoming, width, 1, 1, 0), (width, width, 3, stride, 1), (width, outgoing, 1, 1, 0))
        if bottleneck
        else ((incoming, width, 3, stride, 1), (width, width, 3, 1, 1))
    )
    for number, settings in enumerate(convs, start=1):
        build.add(f"{block}.conv{number}", _conv(*settings, bias=False), block=block)
        build.add(f"{block}.bn{number}", BatchNorm(settings[1]), block=block)
        if number < len(convs):
            build.add(f"{block}.relu{number}", RELU, block=block)
    way = build.place
    skip = start
    if stride != 1 or incoming != outgoing:
        skip = build.add(
            f"{block}.downsample.0",
            _conv(incoming, outgoing, 1, stride, bias=False),
            start,
            block=block,
            branch=1,
        )
        skip = build.add(f"{block}.downsample.1", BatchNorm(outgoing), block=block, branch=1)
    build.add(f"{block}.add", Add(), (way, skip), block=block)
    build.add(f"{block}.relu", RELU, block=block)
    return outgoing


_INCEPTIONS = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}
"""Channels: in, 1 x 1, reduced and 3 x 3, reduced and "5 x 5", pooled."""
F_RELU = Activation(inplace=True, functional=True)


def googlenet(*, size: int = 224, classes: int = 1000, aux: bool = False) -> Network:
    """GoogLeNet (Szegedy et al. 2014); torchvision's "5 x 5" branches are 3 x 3 (vision issue 906).

    ``aux`` adds the two auxiliary classifiers, which torchvision has by default and runs in training.

    >>> from lib.core.nets.analysis import analyse
    >>> [analyse(googlenet(aux=aux)).parameters for aux in (False, True)]
    [6624904, 13004888]
    """
    build = Builder((1, 3, size, size))
    _basic(build, "conv1", "stem", _conv(3, 64, 7, 2, 3, bias=False))
    build.add("maxpool1", _max_pool(3, 2, ceil_mode=True), block="stem")
    _basic(build, "conv2", "stem", _conv(64, 64, 1, bias=False))
    _basic(build, "conv3", "stem", _conv(64, 192, 3, 1, 1, bias=False))
    build.add("maxpool2", _max_pool(3, 2, ceil_mode=True), block="stem")
    side: list[int] = []
    for name, channels in _INCEPTIONS.items():
        end = _inception(build, f"inception{name}", channels)
        if name == "3b":
            build.add("maxpool3", _max_pool(3, 2, ceil_mode=True), block="inception3b")
        if name == "4e":
            build.add("maxpool4", _max_pool(2, 2, ceil_mode=True), block="inception4e")
        if aux and name in ("4a", "4d"):
            side.append(_auxiliary(build, f"aux{len(side) + 1}", end, channels, classes))
            build.resume(end)
    build.add("avgpool", AdaptiveAvgPool((1, 1)), block="head")
    build.add("flatten", Flatten(), block="head")
    build.add("dropout", Dropout(20), block="head")
    build.add("fc", Linear(classes, in_features=1024), block="head")
    return build.network(side)


def _basic(
    build: Builder, name: str, block: str, conv: Conv, source: int | None = None, branch: int = 0
) -> int:
    """Convolution, batch norm, ReLU."""
    build.add(f"{name}.conv", conv, source, block=block, branch=branch)
    build.add(f"{name}.bn", BatchNorm(conv.out_channels), block=block, branch=branch)
    return build.add(f"{name}.relu", F_RELU, block=block, branch=branch)


def _inception(build: Builder, block: str, channels: tuple[int, ...]) -> int:
    start = build.place
    incoming, one, reduced3, three, reduced5, five, pooled = channels
    first = _basic(build, f"{block}.branch1", block, _conv(incoming, one, 1, bias=False), start, 0)
    _basic(build, f"{block}.branch2.0", block, _conv(incoming, reduced3, 1, bias=False), start, 1)
    second = _basic(build, f"{block}.branch2.1", block, _conv(reduced3, three, 3, 1, 1, bias=False), branch=1)
    _basic(build, f"{block}.branch3.0", block, _conv(incoming, reduced5, 1, bias=False), start, 2)
    third = _basic(build, f"{block}.branch3.1", block, _conv(reduced5, five, 3, 1, 1, bias=False), branch=2)
    build.add(f"{block}.branch4.0", _max_pool(3, 1, 1, ceil_mode=True), start, block=block, branch=3)
    fourth = _basic(build, f"{block}.branch4.1", block, _conv(incoming, pooled, 1, bias=False), branch=3)
    return build.add(f"{block}.cat", Concat(), (first, second, third, fourth), block=block)


def _auxiliary(build: Builder, block: str, source: int, channels: tuple[int, ...], classes: int) -> int:
    width = channels[1] + channels[3] + channels[5] + channels[6]
    build.add(f"{block}.avgpool", AdaptiveAvgPool((4, 4)), source, block=block)
    _basic(build, f"{block}.conv", block, _conv(width, 128, 1, bias=False))
    build.add(f"{block}.flatten", Flatten(), block=block)
    build.add(f"{block}.fc1", Linear(1024, in_features=2048), block=block)
    build.add(f"{block}.relu", F_RELU, block=block)
    build.add(f"{block}.dropout", Dropout(70), block=block)
    return build.add(f"{block}.fc2", Linear(classes, in_features=1024), block=block)
