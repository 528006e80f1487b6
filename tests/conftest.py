"""Two test processes share two cores: one torch thread each. Set before anything imports torch."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
# For `make mutants`: the same examples each time, and the first that fails is enough.
settings.register_profile(
    "mutants", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate)
)
