"""Addresses of the door's own routes, on the server and as a page's script sees them."""

from __future__ import annotations

import streamlit as st

PREFIX = "shapelab"
"""First part of every address of the door's, but for ``/health``: no page may be called so."""


def route(path: str) -> str:
    """The address on the server, behind the base path that it was started with.

    >>> route("health")
    '/health'
    """
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/{path}" if base else f"/{path}"
