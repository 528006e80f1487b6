"""Sessions without a browser open fast; mutants are tried on what tells at once, side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import app_test

# Streamlit looks through all installed packages for components whenever a test opens a session: most of its time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# Two thousand whole pages for each of a thousand mutants would take days, and notice less than the other tests do.
collect_ignore = ["test_hostile_pages.py"] if "SHAPELAB_MUTANTS" in os.environ else []


@pytest.fixture(scope="session", autouse=True)
def scripts_of_its_own() -> Iterator[None]:
    """A folder of this run's own for the scripts under test.

    Streamlit names one when it is imported: mutants, which are forked later, would overwrite each other's scripts
    in it, and die of that.
    """
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_test, "TMP_DIR", SimpleNamespace(name=folder))
        yield
