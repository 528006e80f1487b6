"""Two test processes share two cores: one torch thread each. Set before anything imports torch."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
# How long an example takes says how busy the machine is, not whether the code is right. The same examples each time:
# what passes here passes everywhere.
settings.register_profile(
    "shapelab", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shapelab")
# For `make mutants`: the first example that fails is enough.
settings.register_profile(
    "mutants",
    settings.get_profile("shapelab"),
    phases=(Phase.explicit, Phase.generate),
)
