"""Streamlit's own registration of a component's files: the stand-in for the door's mount.

Private: ``register_from_manifest`` of the component manager, and the address at which it serves files. Without
it a component of several scripts cannot be loaded on a host that runs the plain script.
"""

from __future__ import annotations

from pathlib import Path

from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest


def serve_folder(package: str, name: str, root: Path, folder: str) -> str:
    """Let Streamlit serve ``root / folder``, and register it as the component ``package.name``.

    Returns the folder's address, relative to the app's.
    """
    manifest = ComponentManifest(package, "1", [ComponentConfig(name, folder)])
    get_bidi_component_manager().register_from_manifest(manifest, root)
    return f"_stcore/bidi-components/{package}.{name}"
