"""Registering browser components: each has a folder under assets/components, with scripts and a style sheet."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "components"


def serve_folder(package: str, name: str, root: Path, folder: str, *, version: str = "1") -> str:
    """Let Streamlit serve ``root / folder``, and register it as the component ``package.name``.

    Returns the folder's address, relative to the app's.
    """
    manifest = ComponentManifest(package, version, [ComponentConfig(name, folder)])
    get_bidi_component_manager().register_from_manifest(manifest, root)
    return f"_stcore/bidi-components/{package}.{name}"


def browser_component(name: str, *, html: str = "", isolate_styles: bool = True) -> Any:
    """The mounting command of ``assets/components/<name>/<name>.{js,css}``, registered with Streamlit.

    A component of several scripts is served as files, which import each other; one of a single script is sent
    with the page. ``isolate_styles`` puts it into a shadow root of its own.

    Call it once, at import of the module that wraps the component.
    """
    folder = ASSETS / name
    css, script = folder / f"{name}.css", folder / f"{name}.js"
    scripts = sorted(folder.glob("*.js"))
    full_name, js = f"shapelab_{name}", script.read_text("utf-8")
    if (
        len(scripts) > 1 and st.runtime.exists()
    ):  # without a server, as in a test of a function, none can be served
        # Browsers keep the files: new ones need a new address.
        digest = hashlib.sha256(b"".join(each.read_bytes() for each in scripts)).hexdigest()[:12]
        package = f"shapelab_{digest}"
        serve_folder(package, name, ASSETS, name)
        full_name, js = f"{package}.{name}", script.name
    return st.components.v2.component(
        full_name,
        html=html,
        css=css.read_text("utf-8") if css.exists() else None,
        js=js,
        isolate_styles=isolate_styles,
    )
