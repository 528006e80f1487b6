"""A run's network as a class with a ``forward`` of its own: the other way in which programs write it. No torch."""

from __future__ import annotations

from itertools import pairwise

from lib.core.codegen.layers import layer_codes
from lib.core.training.config import CLASSES, Activation, TrainConfig
from lib.core.training.conv_block import POOL_WINDOW, Pooling

_CALLS = {
    Activation.RELU: "F.relu",
    Activation.TANH: "torch.tanh",
    Activation.SIGMOID: "torch.sigmoid",
    Activation.GELU: "F.gelu",
}
_POOLS = {Pooling.MAX: "F.max_pool2d", Pooling.AVERAGE: "F.avg_pool2d"}


def functional_network(config: TrainConfig) -> str:
    """The class; it makes its layers in the order of ``nn.Sequential``'s, so that the seed gives the same weights.

    >>> print(functional_network(TrainConfig()))
    class Network(nn.Module):
        def __init__(self, input_size, num_classes):
            super().__init__()
            self.fc1 = nn.Linear(input_size, 50)
            self.fc2 = nn.Linear(50, num_classes)
    <BLANKLINE>
        def forward(self, x):
            x = x.flatten(1)
            x = F.relu(self.fc1(x))
            return self.fc2(x)
    """
    made, steps = [], []
    codes = [code for code in layer_codes(config) if code.startswith(("nn.Conv2d", "nn.BatchNorm2d"))]
    activate = _CALLS[config.activation]
    for i, shape in enumerate(config.conv_shapes, start=1):
        made.append(f"self.conv{i} = {codes.pop(0)}")
        call = f"self.conv{i}(x)"
        if shape.block.batch_norm:
            made.append(f"self.norm{i} = {codes.pop(0)}")
            call = f"self.norm{i}({call})"
        call = f"{activate}({call})"
        if shape.block.pool is not Pooling.NONE:
            call = f"{_POOLS[shape.block.pool]}({call}, {POOL_WINDOW})"
        steps.append(f"x = {call}")
    steps.append("x = x.flatten(1)")
    pairs = list(pairwise(config.layer_sizes))
    for i, (fan_in, fan_out) in enumerate(pairs, start=1):
        takes = "input_size" if i == 1 else str(fan_in)
        gives = "num_classes" if i == len(pairs) else str(fan_out)
        made.append(f"self.fc{i} = nn.Linear({takes}, {gives})")
        call = f"self.fc{i}(x)"
        steps.append(f"return {call}" if i == len(pairs) else f"x = {activate}({call})")
    made_lines = "\n".join(f"        {line}" for line in made)
    step_lines = "\n".join(f"        {line}" for line in steps)
    return (
        "class Network(nn.Module):\n    def __init__(self, input_size, num_classes):\n"
        f"        super().__init__()\n{made_lines}\n\n    def forward(self, x):\n{step_lines}"
    )


def sizes_of(config: TrainConfig) -> tuple[int, int]:
    """What its ``Network(input_size, num_classes)`` is made with: what the first linear layer takes, and the classes.

    >>> sizes_of(TrainConfig())
    (784, 10)
    """
    return config.layer_sizes[0], CLASSES
