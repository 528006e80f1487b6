"""Two test processes share two cores: one torch thread each. Set before anything imports torch."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
