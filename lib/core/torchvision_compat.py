"""Importing torchvision: beside a torch that it was not built for, and without torch's compiler."""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import torch

# The operators whose Python half torchvision registers at import, whether or not its compiled half loaded.
_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
COMPILER = "torch._dynamo"
_UTILS = f"{COMPILER}.utils"
_LOCK = threading.Lock()
_keep_alive: list[torch.library.Library] = []


def import_torchvision() -> ModuleType:
    """torchvision, also where its compiled operators do not fit the installed torch.

    The standard index's torchvision is built for CUDA's torch; beside a CPU-only torch its import ends in
    ``operator torchvision::nms does not exist``. Datasets, transforms and models need none of its operators:
    where a schema is missing it is declared, and the import passes. With a matching pair nothing changes.

    >>> import_torchvision().__name__
    'torchvision'
    """
    with _compiler_when_asked():
        return _import()


def import_transforms() -> ModuleType:
    """``torchvision.transforms.v2.functional``.

    >>> import_transforms().affine.__name__
    'affine'
    """
    with _compiler_when_asked():
        _import()
        return importlib.import_module("torchvision.transforms.v2.functional")


def _import() -> ModuleType:
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


def _is_declared(name: str) -> bool:
    with contextlib.suppress(RuntimeError):
        return bool(torch._C._dispatch_has_kernel(f"torchvision::{name}"))
    return False


@contextlib.contextmanager
def _compiler_when_asked() -> Iterator[None]:
    """Let torchvision be imported without ``torch._dynamo``: with sympy and all else it is 70 MB for each process.

    While it is imported torchvision asks for two functions of the compiler's: the stand-ins do without it, or wait
    until they are called. What another thread asks of the compiler meanwhile is the real one's.
    """
    with _LOCK:
        if COMPILER in sys.modules:
            yield
            return
        stand_ins = {name: _StandIn(name) for name in (COMPILER, _UTILS)}
        sys.modules.update(stand_ins)
        try:
            yield
        finally:
            _forget(stand_ins)


class _StandIn(ModuleType):
    """A module that is imported as soon as something of it is wanted, but for the functions that are stood in for."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _STOOD_IN:
            return _STOOD_IN[name]
        _forget({each: sys.modules.get(each) for each in (COMPILER, _UTILS)})
        return getattr(importlib.import_module(self.__name__), name)


def _forget(modules: dict[str, Any]) -> None:
    for name, module in modules.items():
        if isinstance(module, _StandIn) and sys.modules.get(name) is module:
            del sys.modules[name]


def _disable(function: Any = None, *_: Any, **__: Any) -> Any:
    """As ``torch.compiler.disable`` marks what is not to be compiled."""
    if function is None:
        return _disable
    function._torchdynamo_disable = True
    return function


def _is_compile_supported(device_type: str) -> bool:
    return bool(importlib.import_module(_UTILS).is_compile_supported(device_type))


_STOOD_IN = {"disable": _disable, "is_compile_supported": _is_compile_supported}
