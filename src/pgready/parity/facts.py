"""What a live server says beyond its catalog, and what of it is worth a finding: settings, sequences, collations.

Server version, locale and encoding's name are told beside the findings (`environment`): a database is the same one on
another version and in another locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Index
from pgready.parity.model import Detail, Finding, Weight


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """One of ALTER ROLE or ALTER DATABASE … SET; `role` is "" for all of this database."""

    role: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SequenceBehind:
    """A sequence whose next number its column has already; `statement` moves it past the column's last."""

    sequence: ObjectName
    table: ObjectName
    column: str
    statement: str


@dataclass(frozen=True, slots=True)
class CollationDrift:
    """A collation that the library sorts otherwise than when it was made; `name` is None for the database's."""

    name: ObjectName | None
    recorded: str
    actual: str


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What one session saw; `unseen` says in words what its role may not see.

    `settings` are the values that a session of this role starts with, for the names of `SETTINGS`.
    """

    version: str
    major: int
    database: str
    role: str
    encoding: str
    collate: str
    ctype: str
    settings: Mapping[str, str] = field(default_factory=dict)
    stored: tuple[StoredSetting, ...] = ()
    behind: tuple[SequenceBehind, ...] = ()
    collations: tuple[CollationDrift, ...] = ()
    unseen: tuple[str, ...] = ()


SETTINGS: dict[str, tuple[Weight, str]] = {
    "DateStyle": ("breaks", "dates are read and written in another order"),
    "IntervalStyle": ("breaks", "intervals are written otherwise"),
    "TimeZone": ("breaks", "times without a zone, and what now() becomes in them, are others"),
    "timezone_abbreviations": ("breaks", "zones are read otherwise"),
    "array_nulls": ("breaks", "NULL in the text of an array means something else"),
    "backslash_quote": ("breaks", "strings with backslashes are read otherwise or refused"),
    "bytea_output": ("breaks", "bytea is written otherwise"),
    "default_text_search_config": ("breaks", "text is searched by the rules of another language"),
    "default_transaction_deferrable": ("slows", "transactions wait, or do not, for a safe moment"),
    "default_transaction_isolation": ("breaks", "transactions see something else, or end in 40001"),
    "default_transaction_read_only": ("breaks", "writing fails"),
    "event_triggers": ("opens", "event triggers do not run"),
    "extra_float_digits": ("breaks", "floating point numbers are written with other digits"),
    "idle_in_transaction_session_timeout": ("breaks", "sessions are ended after another time"),
    "idle_session_timeout": ("breaks", "sessions are ended after another time"),
    "lo_compat_privileges": ("opens", "rights on large objects are not checked"),
    "lock_timeout": ("breaks", "statements give up on a lock after another time"),
    "row_security": ("breaks", "queries on tables with row security fail instead of seeing less"),
    "search_path": ("breaks", "names without a schema mean other objects"),
    "session_replication_role": ("opens", "triggers and foreign keys do not work"),
    "standard_conforming_strings": ("breaks", "backslashes in strings are read otherwise"),
    "statement_timeout": ("breaks", "statements are ended after another time"),
    "synchronous_commit": ("opens", "what was committed may be lost in a crash, or waits for a standby"),
    "transaction_timeout": ("breaks", "transactions are ended after another time"),
    "transform_null_equals": ("breaks", "`= NULL` means something else"),
    "xmlbinary": ("breaks", "bytea in XML is written otherwise"),
    "xmloption": ("breaks", "XML is read otherwise"),
}
"""The settings that change what the application gets, with the reason; what follows the machine is not here."""

ENVIRONMENT = ("lc_messages", "lc_monetary", "lc_numeric", "lc_time")
"""Read with the settings, and told as environment: they come with the server's locale."""

_OWN = "it is the application's own setting"


def settings_apart(reference: ServerFacts, side: ServerFacts) -> Iterator[Finding]:
    """Settings of two live sides that differ; one that a server does not know is the other's default."""
    if reference.encoding != side.encoding:
        detail = Detail("value", reference.encoding, side.encoding)
        because = "characters that the reference takes are refused, or counted otherwise"
        yield Finding(("encoding", "database"), "different", "breaks", "encoding-different", because, (detail,))
    for name, (weight, because) in SETTINGS.items():
        if name not in reference.settings or name not in side.settings:
            continue
        old, new = reference.settings[name], side.settings[name]
        if old != new:
            detail = Detail("value", old, new)
            yield Finding(("setting", name), "different", weight, "setting-different", because, (detail,))
    olds, news = ({(one.role, one.name): one.value for one in facts.stored} for facts in (reference, side))
    for key in sorted(olds.keys() | news.keys()):
        if olds.get(key) == news.get(key) or not _counts(*key):
            continue
        role, name = key
        weight, because = SETTINGS.get(name, ("breaks", _OWN))
        address = ("role setting", role, name) if role else ("database setting", name)
        detail = Detail("value", olds.get(key, ""), news.get(key, ""))
        rule = f"{address[0].replace(' ', '-')}-different"
        yield Finding(address, "different", weight, rule, because, (detail,))


def _counts(role: str, name: str) -> bool:
    """A database's own value of a known setting is in what its sessions start with."""
    return "." in name or (bool(role) and name in SETTINGS)


def unwell(catalog: Catalog, facts: ServerFacts | None) -> Iterator[Finding]:
    """What is wrong with a side by itself: invalid indexes, sequences behind their columns, collations that moved."""
    for table, index in _indexes(catalog):
        if not index.is_valid:
            because = "no query uses it, and every write keeps it up to date; REINDEX builds it anew"
            if index.is_unique:
                because = "no query uses it, and rows that were the same before it stay; REINDEX builds it anew"
            yield Finding(("invalid index", *table, index.name), "unwell", "slows", "index-invalid", because)
    for one in facts.behind if facts is not None else ():
        because = f"the next number is taken already: inserting into {one.table} fails"
        yield Finding(("sequence position", *one.sequence), "unwell", "breaks", "sequence-behind", because)
    for drift in facts.collations if facts is not None else ():
        detail = Detail("version", drift.recorded, drift.actual)
        name = ("the database",) if drift.name is None else tuple(drift.name)
        because = "indexes on text were built in another order: rows are not found, and taken twice"
        address = ("collation version", *name)
        yield Finding(address, "unwell", "breaks", "collation-version", because, (detail,))


def not_validated(reference: Catalog, side: Catalog, told: Iterable[Finding]) -> Iterator[Finding]:
    """Constraints that were never held against the rows that were there; not those of the reference, nor the told."""
    known = {one.address for one in told} | set(_unvalidated(reference))
    for address in _unvalidated(side):
        if address not in known:
            because = "rows that were there before it are not checked"
            yield Finding(("not validated", *address), "unwell", "opens", "constraint-not-validated", because)


def _unvalidated(catalog: Catalog) -> Iterator[tuple[str, ...]]:
    for domain in catalog.domains:
        yield from (("domain check", *domain.name, one.name) for one in domain.checks if not one.is_valid)
    for table in catalog.tables:
        for column in table.columns:
            if column.not_null is not None and not column.not_null.is_valid:
                yield ("not null", *table.name, column.name)
        yield from (("check", *table.name, one.name) for one in table.checks if _is_open(one))
        yield from (("foreign key", *table.name, one.name) for one in table.foreign_keys if _is_open(one))


def _is_open(one: object) -> bool:
    # One that is not enforced is not valid either, and no statement validates it.
    return bool(getattr(one, "is_enforced", True)) and not getattr(one, "is_valid", True)


def _indexes(catalog: Catalog) -> Iterator[tuple[ObjectName, Index]]:
    for table in catalog.tables:
        keys = [key for key in (table.primary_key, *table.uniques) if key is not None]
        for index in (*table.indexes, *(one.index for one in keys), *(one.index for one in table.exclusions)):
            yield table.name, index
    for view in catalog.views:
        yield from ((view.name, index) for index in view.indexes)


def environment(facts: ServerFacts) -> dict[str, str]:
    """What is told and never counted, by name."""
    found = {"PostgreSQL": facts.version, "role": facts.role, "encoding": facts.encoding}
    found |= {"lc_collate": facts.collate, "lc_ctype": facts.ctype}
    return found | {name: facts.settings[name] for name in ENVIRONMENT if name in facts.settings}
