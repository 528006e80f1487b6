"""How the programs of the questions begin."""

from __future__ import annotations

IMPORT_TORCH = "import torch\n\n"
IMPORT_NN = "import torch\nfrom torch import nn\n\n"
