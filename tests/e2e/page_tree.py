"""A page's elements as Streamlit's frontend keeps them: where it would give up the page, this raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Node:
    """An element, or a block of them; ``kind`` is the block's. ``run`` is the one that drew it last."""

    run: int
    fragment: str = ""
    kind: str | None = None
    children: list[Node] = field(default_factory=list)


class PageTree:
    """The page's four roots and what is in them.

    >>> tree = PageTree()
    >>> tree.begin(())
    >>> tree.put([0, 0], "", "flex_container")
    >>> tree.put([0, 0, 1], "", None)
    Traceback (most recent call last):
    ...
    IndexError: bad delta path [0, 0, 1]: its place is 1 of 0

    Source: SetNodeByDeltaPathVisitor and ClearStaleNodeVisitor of Streamlit's frontend.
    """

    def __init__(self) -> None:
        self._roots = [Node(0, kind="root") for _ in range(4)]
        self._run = 0
        self._fragments: tuple[str, ...] = ()

    def begin(self, fragments: Sequence[str]) -> None:
        """A run begins, of these fragments or of the whole page."""
        self._run += 1
        self._fragments = tuple(fragments)

    def put(self, path: Sequence[int], fragment: str, kind: str | None) -> None:
        """An element, or a block of a kind, comes to its place; a block keeps what was in one of its kind.

        Raises: IndexError where the frontend knows no such place.
        """
        node = self._roots[path[0]]
        for depth, place in enumerate(path[1:], 2):
            if node.kind is None:
                raise IndexError(f"bad delta path {list(path)}: an element has no children")
            if place > len(node.children):
                raise IndexError(f"bad delta path {list(path)}: its place is {place} of {len(node.children)}")
            if depth < len(path):
                if place == len(node.children):
                    raise IndexError(f"bad delta path {list(path)}: nothing is at {list(path[:depth])}")
                node = node.children[place]
                continue
            before = node.children[place : place + 1]
            kept = before[0].children if before and kind is not None and before[0].kind == kind else []
            node.children[place : place + 1] = [Node(self._run, fragment, kind, kept)]

    def end(self) -> None:
        """The run has ended well: what it might have drawn again and has not goes."""
        for root in self._roots:
            root.children = [each for each in root.children if self._stays(each, in_fragment=False)]

    def _stays(self, node: Node, *, in_fragment: bool) -> bool:
        is_new, is_theirs = node.run == self._run, node.fragment in self._fragments
        if node.kind is None:
            return is_new or (bool(self._fragments) and not is_theirs)
        if not is_new and (in_fragment or not self._fragments):
            return False
        in_fragment = in_fragment or (is_new and is_theirs)
        node.children = [each for each in node.children if self._stays(each, in_fragment=in_fragment)]
        return True
