"""boot, wait and status for Python entrypoints: typed results, PgreadyError for everything else, no prints, no exit.

Settings come from where the command line takes them; keyword arguments are the flags (`url=`, `migrations=`,
`timeout=`, …). An async caller wraps them: `await asyncio.to_thread(pgready.boot)`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pgready.project.resolution import resolve
from pgready.project.settings import Settings
from pgready.report.story import Teller, silent

if TYPE_CHECKING:
    from pgready.commands.outcome import Outcome
    from pgready.commands.status import Status


def boot(*, tell: Teller = silent, **flags: object) -> Outcome:
    """Bring the database to what this image's migrations say; returns what was applied.

    `tell` receives every event of the story. Raises PgreadyError subclasses, whose `exit_code` is what the command
    line would exit with.
    """
    found = _already(flags)
    if found is not None:
        return found
    from pgready.commands.boot import boot as run

    return run(_settings(flags), tell)


def wait(*, tell: Teller = silent, **flags: object) -> Outcome:
    """Wait until another process made the database ready for this image."""
    found = _already(flags)
    if found is not None:
        return found
    from pgready.commands.boot import wait as run

    return run(_settings(flags), tell)


def status(**flags: object) -> Status:
    """Each migration's state, and the next step."""
    from pgready.commands.status import status as run

    return run(_settings(flags))


def _settings(flags: dict[str, object]) -> Settings:
    """As the command line's, but for its warning that a process list shows `--url`: no argument of ours is in one."""
    settings = resolve(flags, os.environ, os.getcwd())
    settings.notes = tuple(note for note in settings.notes if not note.startswith("flag --url: its password"))
    return settings


def _already(flags: dict[str, object]) -> Outcome | None:
    """The command line's fast path: one connection, one question."""
    from pgready.commands.fast_path import look
    from pgready.commands.outcome import Outcome
    from pgready.errors import PgreadyError

    try:
        readiness, _, _ = look(flags, dict(os.environ), os.getcwd())
    except PgreadyError:
        return None
    if readiness is None or not readiness.ready:
        return None
    return Outcome(total=readiness.applied)
