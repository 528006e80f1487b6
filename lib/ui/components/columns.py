"""Settings beside what they change: on a phone, where columns stand one under the other, the picture comes first."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def settings_and_picture(key: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places, a narrow and a wide one; ``key`` is the settings' on their page.

    assets/app.css knows the settings by what their name begins with.
    """
    settings, picture = st.columns([3, 7], gap="medium")
    return settings.container(key=f"settings_{key}"), picture
