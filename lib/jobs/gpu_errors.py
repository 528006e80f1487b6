"""What a GPU's errors mean to a worker and to a learner. Imports no torch: where nobody did, there are none."""

from __future__ import annotations

import re
import sys

from lib.jobs.views import ReasonKind

_NO_MEMORY = re.compile(r"out of memory|_ALLOC_FAILED")
_CUDA = re.compile(r"\bCUDA\b|\bCU(BLAS|DNN)_STATUS")
_FIRST_WORDS = re.compile(r"CUDA out of memory\. Tried to allocate [\d.,]+ \w+|[^\n]*")


def reason(error: BaseException) -> tuple[ReasonKind, str]:
    """How a run's failure is told: its kind, and a detail in torch's own words, a GPU's in one line.

    >>> reason(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    (<ReasonKind.ERROR: 'error'>, 'mat1 and mat2 shapes cannot be multiplied')
    >>> reason(RuntimeError("CUDA out of memory. Tried to allocate 64.00 MiB. GPU 0 has a total capacity of ..."))
    (<ReasonKind.NO_MEMORY: 'no memory on the GPU'>, 'CUDA out of memory. Tried to allocate 64.00 MiB')
    >>> reason(RuntimeError("CUDA error: unspecified launch failure\\nCUDA kernel errors might be ..."))
    (<ReasonKind.ERROR: 'error'>, 'CUDA error: unspecified launch failure')
    """
    words = str(error) or type(error).__name__
    if not _CUDA.search(words):
        return ReasonKind.ERROR, words
    first = _FIRST_WORDS.match(words)
    kind = ReasonKind.NO_MEMORY if _NO_MEMORY.search(words) else ReasonKind.ERROR
    return kind, first[0] if first else words


def is_fatal(error: BaseException) -> bool:
    """Whether the GPU answers no further call of this process: so it is after most errors but lack of memory.

    >>> is_fatal(RuntimeError("CUDA error: device-side assert triggered"))
    True
    >>> is_fatal(RuntimeError("CUDA out of memory. Tried to allocate 64.00 MiB."))
    False

    Source: CUDA Runtime API, "Error handling" (sticky errors); ``torch.AcceleratorError``.
    """
    kind = getattr(sys.modules.get("torch"), "AcceleratorError", None)
    return (isinstance(kind, type) and isinstance(error, kind)) or "CUDA error:" in str(error)
