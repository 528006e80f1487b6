"""What every test of a whole page without a browser has."""

from __future__ import annotations

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

_found = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def packages_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit looks through all installed packages for components in each run of a test: a third of its time."""
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", _found)
