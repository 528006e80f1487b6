"""Registering browser components: each has a folder under assets/components, with scripts and a style sheet."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "components"
_IMPORTS = re.compile(r"^(import|export)\b[^;]*\bfrom\b", re.MULTILINE)


def serve_folder(package: str, name: str, root: Path, folder: str, *, version: str = "1") -> str:
    """Let Streamlit serve ``root / folder``, and register it as the component ``package.name``.

    Returns the folder's address, relative to the app's.
    """
    manifest = ComponentManifest(package, version, [ComponentConfig(name, folder)])
    get_bidi_component_manager().register_from_manifest(manifest, root)
    return f"_stcore/bidi-components/{package}.{name}"


@cache
def _digest() -> str:
    """Of all scripts: browsers keep the files, so that new ones need a new address."""
    scripts = sorted(ASSETS.rglob("*.js"))
    return hashlib.sha256(b"".join(each.read_bytes() for each in scripts)).hexdigest()[:12]


def browser_component(name: str, *, html: str = "", isolate_styles: bool = True) -> Any:
    """The mounting command of ``assets/components/<name>/<name>.{js,css}``, registered with Streamlit.

    A component whose script imports others, of its own folder or of ``../shared``, is served as files, which
    import each other; a script that imports none is sent with the page. ``isolate_styles`` puts it into a shadow
    root of its own.

    Call it once, at import of the module that wraps the component.
    """
    css, script = ASSETS / name / f"{name}.css", ASSETS / name / f"{name}.js"
    full_name, js = f"shapelab_{name}", script.read_text("utf-8")
    # Without a server, as in a test of a function, none can be served.
    if _IMPORTS.search(js) and st.runtime.exists():
        package = f"shapelab_{_digest()}"
        serve_folder(package, name, ASSETS.parent, ASSETS.name)
        full_name, js = f"{package}.{name}", f"{name}/{name}.js"
    return st.components.v2.component(
        full_name,
        html=html,
        css=css.read_text("utf-8") if css.exists() else None,
        js=js,
        isolate_styles=isolate_styles,
    )
