"""Importing torchvision: beside a torch that it was not built for, and without torch's compiler."""

from __future__ import annotations

import contextlib
import importlib
from types import ModuleType

import torch

from lib.core.adapters.compiler import import_compiler_when_asked

# The operators whose Python half torchvision registers at import, whether or not its compiled half loaded.
_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_keep_alive: list[torch.library.Library] = []


def import_torchvision() -> ModuleType:
    """torchvision, also where its compiled operators do not fit the installed torch.

    The standard index's torchvision is built for CUDA's torch; beside a CPU-only torch its import ends in
    ``operator torchvision::nms does not exist``. Datasets, transforms and models need none of its operators:
    where a schema is missing it is declared, and the import passes. With a matching pair nothing changes.

    >>> import_torchvision().__name__
    'torchvision'
    """
    import_compiler_when_asked()
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for name, schema in _SCHEMAS.items():
        if not _is_declared(name):
            library.define(schema)  # type: ignore[no-untyped-call]
    _keep_alive.append(library)
    return importlib.import_module("torchvision")


def import_transforms() -> ModuleType:
    """``torchvision.transforms.v2.functional``.

    >>> import_transforms().affine.__name__
    'affine'
    """
    import_torchvision()
    return importlib.import_module("torchvision.transforms.v2.functional")


def _is_declared(name: str) -> bool:
    with contextlib.suppress(RuntimeError):
        return bool(torch._C._dispatch_has_kernel(f"torchvision::{name}"))
    return False
