"""Importing torch into the server, for the pages that need it."""

from __future__ import annotations

import gc
import threading

import streamlit as st

from lib.core.adapters.compiler import import_compiler_when_asked


@st.cache_resource(show_spinner=False)
def use_torch() -> None:
    """Import torch once a server, with one thread: tensors here are small, and learners share the cores."""
    import_compiler_when_asked()
    import torch

    torch.set_num_threads(1)
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False)
def fetch_torchvision() -> None:
    """Import torchvision's transforms once a server, in the background: they are there as soon as they are needed."""
    from lib.core.torchvision_compat import import_transforms

    threading.Thread(target=import_transforms, name="torchvision", daemon=True).start()
