"""The two languages. Language belongs to a session, never to the process."""

from __future__ import annotations

from enum import StrEnum


class Lang(StrEnum):
    """A language of the explorer; the values stand in addresses (``?lang=zh``)."""

    EN = "en"
    ZH = "zh"

    @property
    def own_name(self) -> str:
        """How the language calls itself.

        >>> Lang.ZH.own_name
        '中文'
        """
        return {Lang.EN: "English", Lang.ZH: "中文"}[self]
