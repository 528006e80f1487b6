"""Which devices torch sees, found out once a server in a process of its own: pages need not import torch."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from lib.ui.pages import ROOT

PROBE_SECONDS = 60
_LOG = logging.getLogger(__name__)

# A process of its own runs this, so that no CUDA context stays in the server; it prints one JSON list.
_PROBE = """
import json, torch
found = [{"name": "cpu", "label": "CPU", "bytes": 0}]
for i in range(torch.cuda.device_count()):
    p = torch.cuda.get_device_properties(i)
    found.append({"name": f"cuda:{i}", "label": p.name, "bytes": p.total_memory})
if torch.backends.mps.is_available():
    found.append({"name": "mps", "label": "MPS", "bytes": 0})
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Device:
    """A device as torch names it, its maker's name for it, and its memory in bytes (0: not its own)."""

    name: str
    label: str
    bytes: int


CPU = Device("cpu", "CPU", 0)


def _may_have_accelerator() -> bool:
    """Whether asking torch can bring anything: on Linux a GPU's driver shows itself as a device file."""
    if not sys.platform.startswith("linux"):
        return True
    return any(Path(path).exists() for path in ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd"))


class _Probe:
    """Asks torch once, in the background."""

    def __init__(self) -> None:
        self._found: tuple[Device, ...] = (CPU,)
        self._thread = threading.Thread(target=self._ask, name="device-probe", daemon=True)
        if _may_have_accelerator():
            self._thread.start()

    def _ask(self) -> None:
        try:
            done = subprocess.run(
                [sys.executable, "-c", _PROBE],
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=PROBE_SECONDS,
                check=True,
            )
            self._found = tuple(Device(**entry) for entry in json.loads(done.stdout))
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            _LOG.warning("torch could not be asked for its devices, the CPU is assumed: %s", error)

    def devices(self, wait_seconds: float) -> tuple[Device, ...]:
        if self._thread.is_alive():
            self._thread.join(wait_seconds)
        return self._found


@st.cache_resource(show_spinner=False)
def _probe() -> _Probe:
    return _Probe()


def devices(*, wait_seconds: float = 0.0) -> tuple[Device, ...]:
    """The devices torch sees, the CPU first; until torch has answered, which one may wait for, the CPU alone."""
    return _probe().devices(wait_seconds)
