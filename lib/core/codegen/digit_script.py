"""The program that reads one digit with one network: what /draw shows, to take away. Imports no torch."""

from __future__ import annotations

from itertools import pairwise

from lib.core.training.config import Activation, TrainConfig

PICTURE = "digit.png"
WEIGHTS = "weights.safetensors"


def digit_script(config: TrainConfig, digit: int) -> str:
    """Code that needs two files beside it: the 28 x 28 pixels and the network's weights.

    It prints the probabilities, and the logit of ``digit`` with the sum that makes it.

    >>> code = digit_script(TrainConfig(), 7)
    >>> "nn.ReLU(), nn.Linear(50, 10)" in code
    True
    """
    sizes = config.layer_sizes
    layers = [f"nn.Linear({sizes[0]}, {sizes[1]})"]
    for fan_in, fan_out in pairwise(sizes[1:]):
        layers += [f"nn.{Activation(config.activation)}()", f"nn.Linear({fan_in}, {fan_out})"]
    return f'''import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn

pixels = torch.from_numpy(np.array(Image.open("{PICTURE}"))) / 255  # [28, 28], 0 to 1
model = nn.Sequential(nn.Flatten(), {", ".join(layers)})
model.load_state_dict(load_file("{WEIGHTS}"))

with torch.no_grad():
    logits = model(pixels.unsqueeze(0))[0]
    probabilities = logits.softmax(dim=0)
    below = model[:-1](pixels.unsqueeze(0))[0]  # what the last layer is given
    terms = model[-1].weight[{digit}] * below

for digit, p in enumerate(probabilities):
    print(f"{{digit}}: {{100 * p:.1f}} %")
print(f"bias {{model[-1].bias[{digit}]:.3f}} + terms {{terms.sum():.3f}} = logit {{logits[{digit}]:.3f}}")
'''
