"""`--refuse-hazards`: a database in use gets no script that lint has not passed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from pgready.commands.online.linted import Linted
from pgready.errors import Declined, UsageInvalid
from pgready.hazards.lock_file import NAME, Passed, read, refusals, written
from pgready.history.model import Migration, Row
from pgready.project.schema_files import read_text

_SHOWN = 5


def refuse_hazards(pending: Iterable[Migration], rows: Sequence[Row], folder: str) -> None:
    """Raise Declined if something was applied already and a pending script is not in the lock file.

    A database to which nothing was applied has no readers and writers: the first deploy is never refused. Raises
    UsageInvalid for a lock file that is none.
    """
    todo = list(pending)
    if not todo or not any(row.finished_at is not None for row in rows):
        return
    path = os.path.join(folder, NAME)
    passed = _read(path) if os.path.exists(path) else {}
    refused = refusals(((one.name, one.checksum) for one in todo), passed, datetime.now(UTC).date())
    if not refused:
        return
    shown = [f"{name}: {why}" for name, why in refused[:_SHOWN]]
    if len(refused) > _SHOWN:
        shown.append(f"… and {len(refused) - _SHOWN} more")
    first = next(one for one in todo if one.name == refused[0][0])
    raise Declined(
        f"{len(refused)} of {len(todo)} pending migrations are refused: the database is in use, and lint has not"
        " passed them; nothing was applied",
        where=first.path,
        excerpt="\n".join(shown),
        then=f"where the image is built: pgready lint --lock {' '.join(name for name, _ in refused[:_SHOWN])}\n"
        "or, to apply them all the same: pgready migrate deploy (without --refuse-hazards)",
        code="hazards_refused",
    )


def _read(path: str) -> dict[str, Passed]:
    passed, wrong = read(read_text(path, path))
    if wrong is not None:
        raise UsageInvalid(
            f"line {wrong} is no line of a lock file",
            where=f"{path}:{wrong}:1",
            then="write it anew: pgready lint --lock",
            code="lock_file_invalid",
        )
    return passed


def write_lock(done: Linted, migrations: Sequence[Migration], folder: str) -> int:
    """Write down what lint has passed, beside what it passed before; the number of scripts that stand in the file now.

    What is no longer in the folder, was changed since, or has a hazard now is taken out.
    """
    path = os.path.join(folder, NAME)
    before: dict[str, Passed] = {}
    if os.path.exists(path):
        before, _ = read(read_text(path, path))  # a merge conflict is mended by writing it
    hazardous = {one.prepared.migration.name for one in done.hazards if one.hazard.kind.level == "error"}
    linted = set(done.migrations)
    passed = {}
    for one in migrations:
        known = before.get(one.name)
        if one.name in linted and one.name not in hazardous:
            passed[one.name] = Passed(one.checksum, _end(done, one.name))
        elif known is not None and known.checksum == one.checksum and one.name not in linted:
            passed[one.name] = known
    with open(path, "w", encoding="utf-8") as file:
        file.write(written(passed))
    return len(passed)


def _end(done: Linted, name: str) -> date | None:
    """The day on which the first of the waivers that the script needs ends."""
    mine = [one.waiver for one in done.waived if one.prepared.migration.name == name]
    return min((one.until for one in mine if one is not None and one.until is not None), default=None)
