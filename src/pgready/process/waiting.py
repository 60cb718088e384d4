"""Waiting that is bounded and told: a budget for *no progress*, and backoff with jitter between tries."""

from __future__ import annotations

import time


class Patience:
    """How long to wait without progress: slow is not stuck, so progress starts the budget anew.

    `budget` in seconds; 0 waits for nothing (one try).
    """

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.began = time.monotonic()
        self._last = self.began

    def progress(self) -> None:
        """Something moved: the whole budget is left again."""
        self._last = time.monotonic()

    def worked(self, seconds: float) -> None:
        """So much of the time since the last progress was work of our own and no waiting."""
        self._last = min(self._last + seconds, time.monotonic())

    @property
    def left(self) -> float:
        """Seconds until the budget is used up; negative afterwards."""
        return self._last + self.budget - time.monotonic()

    @property
    def waited(self) -> float:
        """Seconds since the last progress."""
        return time.monotonic() - self._last

    @property
    def exhausted(self) -> bool:
        """No budget left."""
        return self.left <= 0


class Backoff:
    """Growing pauses with full jitter, so that thirty replicas do not knock at the same moment."""

    def __init__(self, first: float = 0.05, most: float = 2.0, factor: float = 1.6) -> None:
        self._first = first
        self._next = first
        self._most = most
        self._factor = factor

    def reset(self) -> None:
        """Begin with the shortest pause again."""
        self._next = self._first

    def pause(self, patience: Patience | None = None) -> None:
        """Sleep for the next pause, never past the end of `patience`."""
        import random  # a boot that does not wait does not pay for it

        seconds = self._next * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not cryptography
        self._next = min(self._most, self._next * self._factor)
        if patience is not None:
            seconds = min(seconds, max(0.0, patience.left))
        time.sleep(seconds)
