"""The home page has no controls of its own; its table is what lets the address keep the language."""

from __future__ import annotations

from lib.ui.state import Table

TABLE = Table("home")
