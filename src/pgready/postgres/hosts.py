"""Several hosts in one URL: which of them is the primary that counts.

After a failover the old primary may still answer. Primaries only, and of several the one with the highest timeline;
LSN functions are never called on a standby, where they fail.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgready.postgres.connect import ConnectFailed, open_session
from pgready.postgres.session import ConnectionLost, ServerError
from pgready.postgres.trouble import Trouble
from pgready.project.url import Target


@dataclass(frozen=True, slots=True)
class Candidate:
    """One host's answer: `timeline` is None for a standby, for a host that does not answer, or where refused."""

    host: str
    port: str
    in_recovery: bool | None
    timeline: int | None
    trouble: Trouble | None


def survey(target: Target) -> tuple[Candidate, ...]:
    """Ask every host of the URL who it is."""
    return tuple(_ask(target, host, str(port)) for host, port in target.hosts)


def choose(candidates: tuple[Candidate, ...], seen: int = 0) -> Candidate | None:
    """The primary with the highest timeline, not below the one that was `seen` before; None while there is none.

    A primary that will not tell its timeline counts as the lowest: pgready does not guess that it is current.
    """
    primaries = [c for c in candidates if c.in_recovery is False and (c.timeline or 0) >= seen]
    return max(primaries, key=lambda c: c.timeline or 0, default=None)


def no_primary(candidates: tuple[Candidate, ...]) -> str:
    """Why none of the hosts can be taken, in words."""
    reasons: list[str] = []
    for c in candidates:
        if c.trouble is not None:
            reasons.append(c.trouble.what)
        else:
            reasons.append("a standby" if c.in_recovery else f"a stale primary on timeline {c.timeline}")
    listed = "; ".join(f"{c.host}:{c.port}: {reason}" for c, reason in zip(candidates, reasons, strict=True))
    return f"none of the {len(candidates)} hosts is a primary ({listed})"


def _ask(target: Target, host: str, port: str) -> Candidate:
    try:
        session = open_session(target, "survey", host=(host, port))
    except ConnectFailed as e:
        return Candidate(host, port, None, None, e.trouble)
    try:
        ((recovery,),) = session.rows("recovery", "SELECT pg_is_in_recovery()")
        if recovery == "t":
            return Candidate(host, port, in_recovery=True, timeline=None, trouble=None)
        try:
            ((text,),) = session.rows("timeline", "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)")
        except ServerError:
            text = None
        return Candidate(host, port, in_recovery=False, timeline=int(text, 16) if text else None, trouble=None)
    except ConnectionLost as e:
        return Candidate(host, port, None, None, Trouble("dropped", e.words, transient=True))
    finally:
        session.close()
