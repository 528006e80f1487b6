"""How the programs to take away import torchvision. Imports no torch."""

from __future__ import annotations

WITHOUT_INTERNET = "# Without internet: unpack the four files of assets/mnist (gunzip) into data/MNIST/raw."
"""Stands above each ``download=True``: the room may be offline."""


def torchvision_import(names: str) -> str:
    """The import, also beside a torch that torchvision was not built for: see ``lib.core.torchvision_compat``.

    >>> print(torchvision_import("models").splitlines()[1])
        from torchvision import models
    """
    return f"""try:
    from torchvision import {names}
except RuntimeError:  # made for another torch: it looks for two operators that nothing here needs
    operators = torch.library.Library("torchvision", "FRAGMENT")
    operators.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    operators.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from torchvision import {names}"""
