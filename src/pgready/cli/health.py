"""`--health`: probes answered from before the first look at the database until just before CMD starts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pgready.process.answers import Answers
from pgready.report.standing import Standing
from pgready.report.story import Event, Teller


@contextmanager
def answering(place: str, tell: Teller) -> Iterator[Teller]:
    """A teller that passes everything on, and answers probes on `place` with what it heard; raises UsageInvalid."""
    standing = Standing.first(time.time())

    def hear(event: Event) -> None:
        nonlocal standing
        standing = standing.after(event, time.time())
        tell(event)

    with Answers(place, lambda: standing.as_dict(time.time())):
        tell(Event("health", f"answering probes on {place}: /livez 200, /readyz 503 until CMD starts", {"at": place}))
        yield hear
