"""Registering browser components: one .js and one .css file each under assets/components/<name>/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).resolve().parents[3] / "assets" / "components"


def browser_component(name: str, *, html: str = "", isolate_styles: bool = True) -> Any:
    """The mounting command of ``assets/components/<name>/<name>.{js,css}``, registered with Streamlit.

    ``isolate_styles`` puts it into a shadow root of its own.

    Call it once, at import of the module that wraps the component.
    """
    folder = ASSETS / name
    css = folder / f"{name}.css"
    return st.components.v2.component(
        f"shapelab_{name}",
        html=html,
        css=css.read_text("utf-8") if css.exists() else None,
        js=(folder / f"{name}.js").read_text("utf-8"),
        isolate_styles=isolate_styles,
    )
