"""The timeline of a live side's migrations, for the report page."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from pgready.commands.parity.sides import asked
from pgready.commands.sides import Project
from pgready.commands.status import status
from pgready.errors import PgreadyError
from pgready.project.parity_settings import parity_settings
from pgready.report.page.history import timeline
from pgready.report.page.model import AppliedMigration


def first_timeline(words: Sequence[str], project: Project) -> tuple[str, tuple[AppliedMigration, ...]]:
    """Name and timeline of the first side with a migrations table that can be read; ("", ()) if there is none.

    It is an extra of the page: what keeps it from being read is no trouble of the comparison's.
    """
    for one in asked(words, parity_settings(project.flags, project.environ, project.cwd), project):
        if one.side.kind not in ("url", "datasource"):
            continue
        try:
            settings = copy(project.settings)
            settings.url = project.target(one.side)
            found = status(settings)
        except PgreadyError:
            continue
        if found.table is not None:
            return one.name, timeline(found.history, found.notes)
    return "", ()
