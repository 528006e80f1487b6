"""What pages ask of whoever trains: here processes of this machine, elsewhere perhaps a cluster.

``tests/jobs/contract.py`` is the suite that each implementation must pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from lib.jobs.views import Action, ManagerStats, RunView
from lib.jobs.work import WorkConfig


class Manager(Protocol):
    """Runs of all learners. Every method may be called from any thread and returns at once.

    A run belongs to the learner who started it: others may look, and not touch. Equal configs have equal numbers.
    """

    def submit(
        self,
        config: WorkConfig,
        owner: str,
        name: str | None = None,
        *,
        tempo: float | None = None,
        paused: bool = False,
    ) -> str:
        """Start a run, or queue it; its id, which cannot be guessed. ``tempo``: see :meth:`set_tempo`.

        With ``paused`` it waits at step 0 for its owner.

        Raises: ActiveRunError where this learner has an active run, QueueFullError where too many wait, TypeError
        where no work is registered for the config's type, ManagerClosedError once closed.
        """

    def snapshot(self, run_id: str) -> RunView:
        """The run now. Raises: UnknownRunError."""

    def subscribe(self, run_id: str, every_seconds: float = 0.5) -> Iterator[RunView]:
        """Snapshots until the run is over, that one included. Raises: UnknownRunError."""

    def control(self, run_id: str, owner: str, action: Action) -> RunView:
        """Act on a run; where the action makes no sense, nothing happens. Raises: UnknownRunError, NotOwnerError."""

    def set_tempo(self, run_id: str, owner: str, tempo: float | None) -> None:
        """Show a run at so many steps a second, None: as fast as it goes. The training itself is not held up.

        Raises: UnknownRunError, NotOwnerError, ValueError where it is not above 0.
        """

    def watch(self, run_id: str, viewer: str) -> None:
        """A heartbeat of a tab: a run that nobody watches is ended after a while. Raises: UnknownRunError."""

    def is_owner(self, run_id: str, owner: str) -> bool:
        """Whether this learner may steer the run. Raises: UnknownRunError."""

    def runs_of(self, owner: str) -> tuple[RunView, ...]:
        """This learner's runs, oldest first, those that are over included."""

    def rename(self, run_id: str, owner: str, name: str) -> None:
        """Give a run a name; an empty one takes it away. Raises: UnknownRunError, NotOwnerError."""

    def remove(self, run_id: str, owner: str) -> None:
        """Forget a run, and stop it first where it is active. Raises: UnknownRunError, NotOwnerError."""

    def health(self) -> ManagerStats:
        """Counts for an operator: no learner's data."""

    def close(self) -> None:
        """End every run and every worker. Harmless if repeated."""
