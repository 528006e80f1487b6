"""torch's fused update rules, called without ``torch.optim``'s own bookkeeping.

Private: ``torch._fused_adam_``, ``_fused_adamw_``, ``_fused_sgd_``, ``_fused_adagrad_``. Without one of them the
update is ``torch.optim``'s, with the same numbers, and slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch

Rule = Literal["adam", "adamw", "sgd", "adagrad"]
RULES: tuple[Rule, ...] = ("adam", "adamw", "sgd", "adagrad")


def fused_kernel(rule: Rule) -> Callable[..., object] | None:
    """The kernel that updates lists of tensors in place; None where this torch has none.

    >>> fused_kernel("adam") is not None
    True
    """
    kernel: Callable[..., object] | None = getattr(torch, f"_fused_{rule}_", None)
    return kernel
