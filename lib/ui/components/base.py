"""Registering browser components: each has a folder under assets/components, with scripts and a style sheet."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import DTypeLike, NDArray

from lib.ui.adapters.component_files import serve_folder
from lib.ui.door.files import COMPONENTS
from lib.ui.door.presence import is_open

ASSETS = COMPONENTS.path
_IMPORTS = re.compile(r"^(import|export)\b[^;]*\bfrom\b", re.MULTILINE)

# Streamlit sends a component's script again whenever its data changes: this one is a few hundred bytes. What a
# browser could not fetch it does not ask for again under the same address.
_SHIM = """const fetchScript = async (again) => {
  const address = new URL("%(address)s" + (again ? `?again=${again}` : ""), location.href);
  try { return await import(address.href); }
  catch (error) {
    if (again === 3) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** again));
    return fetchScript(again + 1);
  }
};
const script = await fetchScript(0);
export default (component) => {
  const cleanUp = script.default(component);
  component.parentElement.querySelector(".room")?.remove();
  return cleanUp;
};
"""
# As high as the sheet assets/room.css says of the element's key, until the script has drawn.
_ROOM = '<div class="room" style="height: var(--room, 0)"></div>'


def browser_component(name: str, *, html: str = "", isolate_styles: bool = True) -> Any:
    """The mounting command of ``assets/components/<name>/<name>.{js,css}``, registered with Streamlit.

    Its script may import others, of its own folder or of ``../shared``. ``isolate_styles`` puts it into a shadow
    root of its own.

    Call it once, at import of the module that wraps the component.
    """
    style = ASSETS / name / f"{name}.css"
    full_name, js = _script(name)
    return st.components.v2.component(
        full_name,
        html=_ROOM + html if html and is_open() else html,
        css=style.read_text("utf-8") if style.exists() else None,
        js=js,
        isolate_styles=isolate_styles,
    )


def _script(name: str) -> tuple[str, str]:
    """The component's full name, and its script: where it is, or itself."""
    file = f"{name}/{name}.js"
    if is_open():
        return f"shapelab_{name}", _SHIM % {"address": COMPONENTS.address(file)}
    script = (ASSETS / file).read_text("utf-8")
    # Without a server, as in a test of a function, none can be served.
    if not _IMPORTS.search(script) or not st.runtime.exists():
        return f"shapelab_{name}", script
    package = f"shapelab_{COMPONENTS.digest}"  # browsers keep the files: new ones need a new address
    serve_folder(package, name, ASSETS.parent, ASSETS.name)
    return f"{package}.{name}", file


def packed(values: NDArray[Any], dtype: DTypeLike | None = None) -> str:
    """An array's bytes as base64, row by row, which ``decode`` of assets/components/shared/data.js unpacks.

    ``dtype`` is what the script reads them as, where the array is not of it already.

    >>> packed(np.array([[0, 1], [2, 255]]), np.uint8)
    'AAEC/w=='
    """
    return base64.b64encode(np.asarray(values, dtype=dtype).tobytes()).decode("ascii")
