"""torch without its compiler, ``torch._dynamo``, until something compiles.

The first optimizer that is made imports it, and so does torchvision: with sympy and 800 other modules it takes 75 MB
of each process and a second. Of all that they want two functions that say "do not compile this", and one that is
called before compiling. Here stand-ins have those; whatever else is asked of them imports the real modules.

Private: that ``torch._dynamo`` has ``disable`` and ``graph_break``, ``torch._dynamo.utils`` ``is_compile_supported``,
and what they are called with. Without them the compiler is imported as ever.
"""

from __future__ import annotations

import importlib
import sys
import threading
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

COMPILER = "torch._dynamo"
UTILS = f"{COMPILER}.utils"
_LOCK = threading.Lock()


def import_compiler_when_asked() -> None:
    """See to it, once a process; nothing happens where the compiler has been imported.

    >>> import_compiler_when_asked()
    """
    with _LOCK:
        if COMPILER not in sys.modules:
            sys.modules.update({name: _StandIn(name) for name in (COMPILER, UTILS)})
            sys.meta_path.insert(0, _Parts())


def _real(name: str) -> ModuleType:
    with _LOCK:
        for each in (COMPILER, UTILS):
            if isinstance(sys.modules.get(each), _StandIn):
                del sys.modules[each]
        sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, _Parts)]
    return importlib.import_module(name)


class _StandIn(ModuleType):
    """A module that is imported as soon as something of it is wanted, but for what it has itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _STOOD_IN[name] if name in _STOOD_IN else getattr(_real(self.__name__), name)


class _Parts(MetaPathFinder):
    """Modules of the compiler's: who imports one wants all of it."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        if not name.startswith(f"{COMPILER}."):
            return None
        real = _real(COMPILER)
        if name in sys.modules:
            return ModuleSpec(name, _Known(sys.modules[name]))
        return PathFinder.find_spec(name, list(real.__path__))


class _Known(Loader):
    """Of a module that was imported with the compiler itself."""

    def __init__(self, module: ModuleType) -> None:
        self._module, self._spec = module, module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def _disable(function: Any = None, *_: Any, **__: Any) -> Any:
    """As ``torch._dynamo.disable`` marks what is not to be compiled."""
    if function is None:
        return _disable
    function._torchdynamo_disable = True
    return function


def _graph_break(*_: Any, **__: Any) -> None:
    """Where a compiler would end a graph; elsewhere it is nothing."""


def _is_compile_supported(device_type: str) -> bool:
    return bool(_real(UTILS).is_compile_supported(device_type))


_STOOD_IN = {
    "disable": _disable,
    "graph_break": _graph_break,
    "is_compile_supported": _is_compile_supported,
}
