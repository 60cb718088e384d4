"""Query contracts: a query, where it stands, what its parameters are, and what it is allowed to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["sql", "python", "recorded", "live"]

Permission = Literal["sort", "scan", "filter", "range", "offset"]
"""What a waiver can allow: each is a `Fault` of a verdict."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contract stands: a file as the user wrote it, 1-based line and column.

    A contract of a live server has its `pg_stat_statements` query id for a file, and line 0.
    """

    file: str
    line: int = 0
    column: int = 0

    def where(self) -> str:
        """`file:line:column`, as far as known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What is known of `$number`: `type` as SQL writes it, None to let the server infer it.

    `sample` is a value as text (PostgreSQL's input syntax, never an SQL literal), None where none is given; `is_null`
    says that the sample is NULL.
    """

    number: int
    name: str = ""
    type: str | None = None
    sample: str | None = None
    is_null: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """Something that the contract may do, with the reason that was given for it."""

    allows: Permission
    reason: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A query and the plan properties that it must keep.

    `sql` is one SELECT, UPDATE, DELETE, INSERT or MERGE with `$1…` parameters and without a last semicolon; what a
    contract may be is decided by whoever reads it. `line_of_sql` is the line of the file in which `sql` begins, so that
    an offset in `sql` can be shown there. `max_rows_read` replaces the rule's own limit. `calls` and `mean_ms` are a
    live server's own figures. `search_path` is that of the session that ran it, "" for the project's own.
    `start` is the character offset of the SQL in its file, -1 where it is made by code; `shifts` say where `$n` took
    the place of another spelling: from an offset of `sql` on, so many characters are to be added.
    """

    name: str
    sql: str
    place: Place
    source: Source
    line_of_sql: int = 0
    parameters: tuple[Parameter, ...] = ()
    max_rows_read: int | None = None
    waivers: tuple[Waiver, ...] = ()
    calls: int | None = None
    mean_ms: float | None = None
    search_path: str = ""
    start: int = -1
    shifts: tuple[tuple[int, int], ...] = ()

    def offset_in_file(self, offset: int) -> int | None:
        """Where a character of `sql` stands in the text of `place.file`, None where the SQL is not in it."""
        if self.start < 0:
            return None
        return self.start + offset + next((by for at, by in reversed(self.shifts) if at <= offset), 0)

    def allows(self, permission: Permission) -> Waiver | None:
        """The waiver for `permission`, if there is one."""
        return next((waiver for waiver in self.waivers if waiver.allows == permission), None)
