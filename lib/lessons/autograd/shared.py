"""What the parts of /autograd share."""

from __future__ import annotations

from collections.abc import Sequence

from lib.lessons.autograd.texts import AutogradTexts


def with_output(program: str, lines: Sequence[str], texts: AutogradTexts) -> str:
    """A program, and under it as comments what it prints."""
    return "\n".join([program, "", f"# {texts.prints}", *(f"#   {line}" for line in lines)])
