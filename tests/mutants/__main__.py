"""`python -m tests.mutants lib/core/conv`."""

from __future__ import annotations

import sys

from tests.mutants.run import main

main(sys.argv[1] if len(sys.argv) > 1 else "")
