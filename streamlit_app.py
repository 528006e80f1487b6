"""The front door, and behind it the home page.

``streamlit run`` imports this file to find the app, and then runs it for each visitor of the home page. A host
that knows nothing of ``st.App`` does only the second.
"""

from __future__ import annotations

if __name__ == "__main__":
    from lib.lessons.home.view import show

    show()
else:
    import streamlit as st

    from lib.ui.door.app import door

    app = st.App("streamlit_app.py", **door())
