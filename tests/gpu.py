"""Where the tests of a GPU find one; without one they are skipped.

With ``TEST_GPU=cpu`` they run on the CPU in its place: to see on any machine that the tests themselves work.
"""

from __future__ import annotations

import os

import pytest
import torch

GPU = os.environ.get("TEST_GPU", "cuda:0")
IS_GPU = GPU != "cpu"
NO_GPU = "torch finds no CUDA GPU on this machine"
needs_gpu = pytest.mark.skipif(IS_GPU and not torch.cuda.is_available(), reason=NO_GPU)
really_needs_gpu = pytest.mark.skipif(not IS_GPU or not torch.cuda.is_available(), reason=NO_GPU)
"""What the CPU cannot stand in for."""
