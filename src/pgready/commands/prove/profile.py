"""`pgready profile`: how big a live database is, read as gently as it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgready.errors import UsageInvalid
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.profile import Reading, read_profile
from pgready.postgres.session import ConnectionLost
from pgready.postgres.trouble import Trouble
from pgready.project.url import Target
from pgready.proof.profile import ColumnProfile, IndexProfile, Profile, TableProfile
from pgready.proof.size.profile_file import profile_text, table_key
from pgready.report.story import plural

_MANY = 6


@dataclass(frozen=True, slots=True)
class Profiled:
    """A profile and what has to be said about it, a sentence each."""

    profile: Profile
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The file."""
        return profile_text(self.profile, self.notes)

    def as_dict(self) -> dict[str, object]:
        """The profile as data for `--json`."""
        return {
            "source": self.profile.source,
            "settings": dict(self.profile.settings),
            "tables": {table_key(table.name): _table(table) for table in self.profile.tables},
            "notes": list(self.notes),
        }


def profiled(target: Target, schemas: Sequence[str] | None = None, *, timeout: float = 30) -> Profiled:
    """The profile of a live database on one connection; `timeout` s for each of its few statements.

    Raises UsageInvalid for schemas that are not there and a database without tables, and Unreachable.
    """
    try:
        session = open_session(target, "profile")
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    try:
        reading = read_profile(session, schemas, timeout=timeout)
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), target) from None
    finally:
        session.close()
    if not reading.profile.tables:
        raise UsageInvalid(
            "the database has no tables to profile",
            where=target.redacted,
            then="check the database's name in the URL" + (", and --schemas" if schemas else ""),
            code="profile_empty",
        )
    return Profiled(reading.profile, _notes(reading))


def _notes(reading: Reading) -> tuple[str, ...]:
    notes = []
    if reading.unread:
        count = sum(len(columns) for _, columns in reading.unread)
        listed = _listed([f"{name} ({', '.join(columns[:_MANY])})" for name, columns in reading.unread])
        notes.append(
            f"{plural(count, 'column')} could not be seen by this role, and defaults are taken for them: {listed}."
            " A role with SELECT on them (pg_read_all_data) sees them; row security hides statistics, too."
        )
    if reading.unknown:
        listed = _listed([str(name) for name in reading.unknown])
        notes.append(f"never analysed, so rows are an estimate and columns unknown: {listed}. Run ANALYZE.")
    return tuple(notes)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more


def _table(table: TableProfile) -> dict[str, object]:
    return {
        "rows": table.rows,
        "pages": table.pages,
        "grows": table.grows,
        "columns": {column.name: _column(column) for column in table.columns},
        "indexes": {index.name: _index(index) for index in table.indexes},
    }


def _column(column: ColumnProfile) -> dict[str, object]:
    return {
        "distinct": column.distinct,
        "null_fraction": column.null_fraction,
        "width": column.width,
        "correlation": column.correlation,
        "top_share": column.top_share,
        "frequencies": dict(column.frequencies),
    }


def _index(index: IndexProfile) -> dict[str, object]:
    return {
        "pages": index.pages,
        "rows": index.rows,
        "columns": {column.name: _column(column) for column in index.columns},
    }
