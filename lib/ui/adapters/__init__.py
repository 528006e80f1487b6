"""Private things of Streamlit that the explorer still needs, one module each, with what happens without them.

``tests/adapters`` says in plain words what broke after an upgrade.
"""
