"""Taking the migration lock for a command that has nothing to look for while it waits."""

from __future__ import annotations

from pgready.commands.arrive import Arrival
from pgready.errors import LockNotObtained
from pgready.postgres.deploy.lock import Lock, holders
from pgready.process.waiting import Backoff


def take(lock: Lock, arrival: Arrival, then: str, what: str = "another process migrates") -> None:
    """Until the lock is held; a holder that moves on renews patience. Raises LockNotObtained, `then` its advice.

    `what` says what the holder does.
    """
    patience = arrival.patience
    backoff = Backoff(first=0.02, most=0.5)
    seen = ""
    while not lock.try_take():
        who = holders(lock.session, lock.of)
        progress = " ".join(h.progress for h in who)
        if progress != seen:
            seen = progress
            patience.progress()
        described = "; ".join(h.describe() for h in who) or "nobody any more"
        if patience.exhausted:
            raise LockNotObtained(
                f"{what} and made no progress for {patience.waited:.0f} s: {described}",
                where=arrival.target.redacted,
                then=then,
            )
        arrival.waiting("lock", f"{what}: {described}", f"lock {progress}")
        backoff.pause(patience)
