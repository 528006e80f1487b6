"""Sessions without a browser open fast; mutants are tried on what tells at once."""

from __future__ import annotations

import os
from functools import cache

from streamlit.components.v2 import manifest_scanner

# Streamlit looks through all installed packages for components whenever a test opens a session: most of its time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# Two thousand whole pages for each of a thousand mutants would take days, and notice less than the other tests do.
collect_ignore = ["test_hostile_pages.py"] if "SHAPELAB_MUTANTS" in os.environ else []
