"""The program that reads one digit with one network: what /draw shows, to take away. Imports no torch."""

from __future__ import annotations

from lib.core.codegen.layers import layer_codes
from lib.core.training.config import TrainConfig

PICTURE = "digit.png"
WEIGHTS = "weights.safetensors"


def digit_script(config: TrainConfig, digit: int) -> str:
    """Code that needs two files beside it: the 28 x 28 pixels and the network's weights.

    It prints the probabilities, and the logit of ``digit`` with the sum that makes it.

    >>> code = digit_script(TrainConfig(), 7)
    >>> "nn.Linear(50, 10)" in code
    True
    """
    layers = ",\n    ".join(layer_codes(config))
    return f'''import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn

pixels = torch.from_numpy(np.array(Image.open("{PICTURE}"))) / 255  # [28, 28], 0 to 1
model = nn.Sequential(
    {layers},
)
model.load_state_dict(load_file("{WEIGHTS}"))
model.eval()

with torch.no_grad():
    image = pixels.view(1, 1, 28, 28)
    logits = model(image)[0]
    probabilities = logits.softmax(dim=0)
    below = model[:-1](image)[0]  # what the last layer is given
    terms = model[-1].weight[{digit}] * below

for digit, p in enumerate(probabilities):
    print(f"{{digit}}: {{100 * p:.1f}} %")
print(f"bias {{model[-1].bias[{digit}]:.3f}} + terms {{terms.sum():.3f}} = logit {{logits[{digit}]:.3f}}")
'''
