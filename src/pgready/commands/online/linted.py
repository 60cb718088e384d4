"""What lint found, at its places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgready.hazards.cost import in_words
from pgready.hazards.hazard import Hazard
from pgready.hazards.waivers import Waiver
from pgready.history.prepare import Prepared, place
from pgready.psl.diagnostics import Diagnostic, Severity
from pgready.psl.source import Source, Span
from pgready.report.hazards_gitlab import Issue
from pgready.sql.statements import Statement

if TYPE_CHECKING:
    from pgready.commands.online.offer import Offered


@dataclass(frozen=True, slots=True)
class Found:
    """A hazard at its place; `waiver` is the comment that allows it, None if none does.

    `offset` is its place in the script where that is no statement but a comment. `offer` is what can be done instead
    of its migration, None where nothing was looked for.
    """

    hazard: Hazard
    prepared: Prepared
    waiver: Waiver | None = None
    offset: int | None = None
    offer: Offered | None = None

    @property
    def statement(self) -> Statement:
        """The statement that takes long."""
        return self.prepared.statements[self.hazard.statement]

    @property
    def start(self) -> int:
        """Its place in the script."""
        return self.statement.start if self.offset is None else self.offset

    @property
    def where(self) -> str:
        """`path:line:column` of it."""
        return place(self.prepared.migration, self.start)

    @property
    def message(self) -> str:
        """The sentence, with what it costs."""
        cost = in_words(self.hazard)
        return f"{self.hazard.text} ({cost})" if cost else self.hazard.text

    @property
    def safe_scripts(self) -> tuple[str, ...]:
        """What to do instead of the statement, traced: a script for each migration that it needs."""
        return () if self.offer is None else self.offer.scripts(self.hazard.statement)

    @property
    def safe_but(self) -> tuple[str, ...]:
        """What is not quite the same then."""
        return () if self.offer is None or not self.safe_scripts else self.offer.but(self.hazard.statement)

    @property
    def why_no_way(self) -> str:
        """Why there is nothing to do instead, "" where there is or nothing was looked for."""
        return "" if self.offer is None else self.offer.why(self.hazard.statement)

    def as_diagnostic(self, source: Source) -> Diagnostic:
        """For everything that shows findings at a file's line."""
        migration = self.prepared.migration
        start = self.start + migration.first_line - 1
        end = start + len(self.statement.text)
        if self.offset is not None:
            stop = source.text.find("\n", start)
            end = len(source.text) if stop < 0 else stop
        kind = self.hazard.kind
        severity: Severity = "error" if kind.level == "error" else "warning"
        return Diagnostic(kind.id, severity, self.message, Span(source, start, end), self.hazard.safe)


@dataclass(frozen=True, slots=True)
class Linted:
    """What lint found; `migrations` are the names of those that it traced.

    `running` says which version the migrations were held against, "" for none.
    """

    migrations: tuple[str, ...]
    found: tuple[Found, ...]
    running: str = ""

    @property
    def hazards(self) -> tuple[Found, ...]:
        """Those that nothing allows."""
        return tuple(one for one in self.found if one.waiver is None)

    @property
    def waived(self) -> tuple[Found, ...]:
        """Those that a comment allows."""
        return tuple(one for one in self.found if one.waiver is not None)

    @property
    def rewrites(self) -> dict[str, Offered]:
        """By the name of a migration what can be deployed instead of all of it."""
        offers = ((one.hazard.migration, one.offer) for one in self.hazards)
        return {name: offer for name, offer in offers if offer is not None and offer.folders}

    @property
    def exit_code(self) -> int:
        """4 with a hazard of level error that nothing allows, else 0."""
        return 4 if any(one.hazard.kind.level == "error" for one in self.hazards) else 0

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The hazards that nothing allows, at their places."""
        return tuple(one.diagnostic for one in self.issues())

    def issues(self, path: Callable[[str], str] = str) -> tuple[Issue, ...]:
        """The same, with what each is about; `path` says how files are to be named."""
        sources: dict[str, Source] = {}
        found = []
        for one in self.hazards:
            migration = one.prepared.migration
            # Lines count in the file, of which a script may be a section.
            text = "\n" * (migration.first_line - 1) + migration.script
            source = sources.setdefault(migration.name, Source(path(migration.path), text))
            is_section = migration.first_line > 1
            found.append(Issue(one.as_diagnostic(source), migration.name, one.statement.text, is_section))
        return tuple(found)
