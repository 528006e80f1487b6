"""What a worker keeps of the trainings that it has done, within bounds: to look at them again without training.

A worker's trainings take turns, so nothing here needs a lock.
"""

from __future__ import annotations

from torch import Tensor

from lib.core.training.state import TrainState, held_bytes

KEPT_BYTES = 32 * 2**20
PLACES_BYTES = 16 * 2**20
State = dict[str, Tensor]


class Seen:
    """One run's network as it was at each of its pictures: that of the run whose training began last.

    >>> seen = Seen(1000)
    >>> seen.begin("a"), seen.note("a", 0, {}), seen.note("b", 1, {})
    (None, None, None)
    >>> seen.states("a"), seen.states("b")
    ({0: {}}, {})
    """

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._identity = ""
        self._states: dict[int, State] = {}
        self._bytes = 0

    def begin(self, identity: str) -> None:
        """Another run begins; one that is taken up again keeps what there is."""
        if identity != self._identity:
            self._identity, self._states, self._bytes = identity, {}, 0

    def note(self, identity: str, step: int, state: State) -> None:
        """Keep its network after a step; nothing any more once it is too much."""
        if identity != self._identity or step in self._states:
            return
        self._bytes += held_bytes(state)
        if self._bytes > self._most:
            self._identity, self._states = "", {}
        else:
            self._states[step] = state

    def states(self, identity: str) -> dict[int, State]:
        """By step; empty where it is another run's."""
        return dict(self._states) if identity == self._identity else {}


class Places:
    """Where trainings were left, to go on from: the last ones, as far as there is room."""

    def __init__(self, most_bytes: int = PLACES_BYTES) -> None:
        self._most = most_bytes
        self._states: list[TrainState] = []

    def put(self, state: TrainState) -> None:
        """Keep it; the oldest make room."""
        self._states.append(state)
        while sum(held_bytes(each.tensors) for each in self._states) > self._most:
            self._states.pop(0)

    def before(self, identity: str, step: int) -> TrainState | None:
        """The furthest of a run's that is not beyond a step."""
        found = [each for each in self._states if each.place.identity == identity]
        fitting = [each for each in found if each.place.steps_done <= step]
        return max(fitting, key=lambda each: each.place.steps_done, default=None)


SEEN, PLACES = Seen(), Places()
"""This worker's."""
