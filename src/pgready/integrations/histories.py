"""The histories that one application needs, and whether the database has them: one without a word, several by name."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Answer = tuple[int, dict[str, object]]
Histories = Mapping[str, Mapping[str, object]]

_LOG = logging.getLogger("pgready")


@dataclass(frozen=True, slots=True)
class History:
    """One of them: `flags` as those of `pgready.status`; `migrate`: this process applies what is pending."""

    name: str
    flags: dict[str, object]
    migrate: bool


def collect(histories: Histories | None, flags: Mapping[str, object], migrate: bool = False) -> tuple[History, ...]:
    """Each of `histories` with `flags` beneath its own, in their order; without any, the one of `flags`."""
    if histories is None:
        return (History("", dict(flags), migrate),)
    if not histories:
        raise ValueError("histories names no history")

    def each() -> Iterator[History]:
        for name, own in histories.items():
            merged = {**flags, **own}
            yield History(name, merged, bool(merged.pop("migrate", migrate)))

    return tuple(each())


def look(histories: tuple[History, ...]) -> Answer:
    """Status and body of `/readyz`: 200 if the database has all of them whole. Each is one question."""
    if len(histories) == 1 and not histories[0].name:
        return _look(histories[0].flags)
    answers = {history.name: _look(history.flags) for history in histories}
    bodies = {name: body for name, (_, body) in answers.items()}
    status, body = next((answer for answer in answers.values() if answer[0] != 200), (200, _ready(0)))
    counts = [count for each in bodies.values() if isinstance(count := each.get("migrations"), dict)]
    said = {key: value for key, value in body.items() if key != "migrations"}
    if len(counts) == len(bodies):
        said["migrations"] = {key: sum(count[key] for count in counts) for key in ("at", "of")}
    return status, {**said, "histories": bodies}


def not_ready(state: str, reason: str = "") -> dict[str, object]:
    """The body of a `/readyz` that says no."""
    return {"ready": False, "state": state, **({"reason": reason} if reason else {})}


def _ready(count: int) -> dict[str, object]:
    return {"ready": True, "state": "ready", "migrations": {"at": count, "of": count}}


def _look(flags: dict[str, object]) -> Answer:
    """The fast path's question; what it does not answer with yes is looked at whole."""
    from pgready.commands import fast_path
    from pgready.errors import PgreadyError
    from pgready.history.model import State
    from pgready.integrations.inprocess import status

    try:
        readiness, _, _ = fast_path.look(dict(flags), dict(os.environ), os.getcwd())
        if readiness is not None and readiness.ready:
            return 200, _ready(readiness.applied)
        found = status(**flags)
    except PgreadyError as e:
        return 503, not_ready("unreachable" if e.exit_code == 7 else "refused", reason=e.code)
    except Exception:
        _LOG.exception("readiness could not be asked")
        return 503, not_ready("unknown")
    total = sum(1 for entry in found.history.entries if entry.migration is not None)
    if found.ready:
        return 200, _ready(total)
    done = sum(1 for entry in found.history.entries if entry.migration and entry.state in (State.APPLIED, State.EDITED))
    return 503, {**not_ready("pending"), "migrations": {"at": done, "of": total}}
