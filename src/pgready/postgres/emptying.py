"""Emptying schemas: what is in them, and dropping it without a loss to anybody else.

In one transaction, or in parts where the server has too few locks for that.

The schemas themselves stay, and with them their owner, grants, default privileges and comments (Prisma's reset drops
them, and the grants with them); so does what is declared external. Whatever else depends on a schema in the catalog is
dropped, which is what DROP SCHEMA … CASCADE would take. CASCADE may reach into schemas that are not ours, a view or a
foreign key of another service, or into what stays: then everything is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pgready.diff.others import External
from pgready.postgres.deploy.message import Frame
from pgready.postgres.readiness import TABLE
from pgready.postgres.session import ServerError, Session
from pgready.sql.names import quote_ident, quote_literal

_KINDS = {
    "r": "table",
    "p": "table",
    "f": "foreign table",
    "v": "view",
    "m": "materialized view",
    "S": "sequence",
}
# Not to be dropped by name: rows, and what goes with its owner.
_NO_STATEMENT = ("default acl", "extension", "rule", "trigger", "table constraint", "index")
_LIKE = {
    "composite type": "type",
    "statistics object": "statistics",
    "function": "routine",
    "procedure": "routine",
    "aggregate": "routine",
}
OUT_OF_LOCKS = "53200"


class OthersLose(Exception):  # noqa: N818 - a value on its way to the command
    """Objects outside the schemas that CASCADE would have dropped, in the server's words; nothing was dropped."""

    def __init__(self, objects: tuple[str, ...]) -> None:
        super().__init__(", ".join(objects))
        self.objects = objects


class NotDropped(Exception):  # noqa: N818 - a value on its way to the command
    """The server refused one of the statements; nothing was dropped."""

    def __init__(self, error: ServerError, statement: str) -> None:
        super().__init__(error.message)
        self.error = error
        self.statement = statement


@dataclass(frozen=True, slots=True)
class Content:
    """What a schema holds: kind (`table`, `view`, …) to names, in order; `history`: a migrations table is in it."""

    schema: str
    names: dict[str, tuple[str, ...]]
    history: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What is not to be dropped in `schemas`, as lists of oids in SQL: relations and types."""

    relations: str = "0"
    types: str = "0"


def kept_of(session: Session, schemas: Sequence[str], external: External, default_schema: str) -> Kept:
    """What of the schemas' content is `external`, names without a schema being in `default_schema`."""

    def oids(catalog: str, prefix: str, names: Sequence[str]) -> str:
        if not names:
            return "0"
        rows = session.rows(
            "look for what stays",
            f"SELECT o.oid FROM pg_catalog.{catalog} o JOIN pg_catalog.pg_namespace n ON n.oid = o.{prefix}namespace"
            f" WHERE n.nspname IN ({_listed(schemas)}) AND (n.nspname || '.' || o.{prefix}name IN ({_listed(names)})"
            f" OR n.nspname = {quote_literal(default_schema)} AND o.{prefix}name IN ({_listed(names)}))",
        )
        return ", ".join(("0", *(oid or "0" for (oid,) in rows)))

    return Kept(oids("pg_class", "rel", external.tables), oids("pg_type", "typ", external.enums))


def contents(session: Session, schemas: Sequence[str], kept: Kept) -> tuple[Content, ...]:
    """The relations of each schema that exists; members of extensions and the migrations table do not count."""
    rows = session.rows(
        "look at contents",
        "SELECT n.nspname, c.relkind, c.relname FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c"
        f" ON c.relnamespace = n.oid AND c.relkind IN ({_listed(_KINDS)}) AND c.oid NOT IN ({kept.relations})"
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
        " WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0"
        " AND (d.deptype IN ('e', 'i') OR d.deptype = 'a' AND c.relkind = 'S'))"
        f' WHERE n.nspname IN ({_listed(schemas)}) ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"',
    )
    found: dict[str, dict[str, list[str]]] = {}
    histories = set()
    for schema, kind, name in rows:
        of_schema = found.setdefault(schema or "", {})
        if name == TABLE:
            histories.add(schema)
        elif kind is not None:
            of_schema.setdefault(_KINDS[kind], []).append(name or "")
    return tuple(
        Content(schema, {kind: tuple(names) for kind, names in of_schema.items()}, schema in histories)
        for schema, of_schema in found.items()
    )


def of_other_roles(session: Session, schemas: Sequence[str], kept: Kept) -> tuple[tuple[str, str], ...]:
    """Relations, and the roles they belong to, that are neither this role's, the schema's owner's nor the history's."""
    listed = _listed(schemas)
    rows = session.rows(
        "look at owners",
        "WITH space AS (SELECT n.oid, n.nspname,"
        " CASE n.nspowner WHEN to_regrole('pg_database_owner') THEN d.datdba ELSE n.nspowner END AS owner"
        " FROM pg_catalog.pg_namespace n, pg_catalog.pg_database d"
        f" WHERE d.datname = current_database() AND n.nspname IN ({listed})),"
        " ours AS (SELECT owner FROM space UNION SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user"
        " UNION SELECT c.relowner FROM pg_catalog.pg_class c JOIN space ON c.relnamespace = space.oid"
        f" WHERE c.relname = {quote_literal(TABLE)})"
        " SELECT format('%I.%I', space.nspname, c.relname), pg_get_userbyid(c.relowner)"
        " FROM pg_catalog.pg_class c JOIN space ON c.relnamespace = space.oid"
        " WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relowner NOT IN (SELECT owner FROM ours)"
        f" AND c.oid NOT IN ({kept.relations})"
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m"
        " WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid AND m.deptype = 'e')"
        ' ORDER BY pg_get_userbyid(c.relowner) COLLATE "C", space.nspname COLLATE "C", c.relname COLLATE "C"',
    )
    return tuple((name or "", owner or "") for name, owner in rows)


def empty(
    session: Session, frame: Frame, schemas: Sequence[str], kept: Kept, table: str | None, last: str | None
) -> tuple[str, ...]:
    """Drop all but `kept` in the schemas, and `table` (quoted), in one transaction; returns the extensions that stayed.

    `last` is run at its end, a migrations table for a database that is not empty then.
    An extension in them is dropped too, unless somebody else's objects need it or this role may not. Raises OthersLose
    or NotDropped, nothing dropped then (close the session: its transaction may be open), and ConnectionLost.
    """
    session.run("begin reset", ";\n".join(frame.opening()), long=True)
    before = _others(session, schemas, kept)
    _drop(session, _statements(session, schemas, kept))
    stayed = _drop_extensions(session, schemas)
    _refuse_losses(session, before, schemas, kept)
    if table is not None:
        _drop(session, [f"DROP TABLE IF EXISTS {table}"])
    session.run("commit reset", f"{last};\nCOMMIT" if last else "COMMIT", long=True)
    return stayed


def empty_part(session: Session, frame: Frame, schemas: Sequence[str], kept: Kept, table: str | None, size: int) -> int:
    """Drop `table` and `size` objects in one transaction, a migrations table first; returns how many there were before.

    For schemas with more objects than the server has locks for. Raises as `empty`, of this part.
    """
    session.run("begin part", ";\n".join(frame.opening()), long=True)
    before = _others(session, schemas, kept)
    drops = _statements(session, schemas, kept)
    # A half-emptied database must not pass for one that is migrated.
    drops.sort(key=lambda one: not one.endswith(f".{TABLE} CASCADE"))
    _drop(session, drops[:size])
    _refuse_losses(session, before, schemas, kept)
    if table is not None:
        _drop(session, [f"DROP TABLE IF EXISTS {table}"])
    session.run("commit part", "COMMIT", long=True)
    return len(drops)


def _refuse_losses(session: Session, before: set[str], schemas: Sequence[str], kept: Kept) -> None:
    lost = before - _others(session, schemas, kept)
    if lost:
        session.run("undo reset", "ROLLBACK")
        raise OthersLose(_described(session, lost))


def _drop(session: Session, statements: list[str]) -> None:
    try:
        if statements:
            session.run("drop contents", ";\n".join(statements), long=True)
    except ServerError as e:
        raise NotDropped(e, statements[min(e.index, len(statements) - 1)]) from None


def _statements(session: Session, schemas: Sequence[str], kept: Kept) -> list[str]:
    """A DROP for everything that hangs on the schemas directly; relations first, since most of the rest is theirs."""
    rows = session.rows(
        "look for objects",
        "SELECT o.type, o.identity FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_namespace n ON n.oid = d.refobjid,"
        " pg_catalog.pg_identify_object(d.classid, d.objid, 0) o"
        " WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.deptype = 'n'"
        f" AND n.nspname IN ({_listed(schemas)}) AND o.type NOT IN ({_listed(_NO_STATEMENT)})"
        # Members of an extension, and what goes with its owner: an identity's sequence, a range's functions.
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m WHERE m.classid = d.classid AND m.objid = d.objid"
        " AND m.objsubid = 0 AND m.deptype IN ('e', 'i'))"
        # What stays, with the sequences of its columns.
        " AND NOT (d.classid = 'pg_catalog.pg_class'::regclass AND (d.objid IN"
        f" ({kept.relations}) OR EXISTS (SELECT FROM pg_catalog.pg_depend s WHERE s.classid = d.classid"
        f" AND s.objid = d.objid AND s.refclassid = d.classid AND s.refobjid IN ({kept.relations}))))"
        f" AND NOT (d.classid = 'pg_catalog.pg_type'::regclass AND d.objid IN ({kept.types}))"
        ' ORDER BY d.classid <> \'pg_catalog.pg_class\'::regclass, o.type COLLATE "C", o.identity COLLATE "C"',
    )
    found = []
    for kind, identity in rows:
        word = _LIKE.get(kind or "", kind or "")
        found.append(f"DROP {word.upper()} IF EXISTS {identity} CASCADE")
    return found


def _drop_extensions(session: Session, schemas: Sequence[str]) -> tuple[str, ...]:
    rows = session.rows(
        "look for extensions",
        "SELECT e.extname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
        f' WHERE n.nspname IN ({_listed(schemas)}) ORDER BY e.extname COLLATE "C"',
    )
    left = [name or "" for (name,) in rows]
    undo = "ROLLBACK TO extension; RELEASE extension"
    dropped = True
    while dropped:  # one may need another: until a round drops none
        dropped = False
        for name in tuple(left):
            try:
                sql = f"SAVEPOINT extension; DROP EXTENSION {quote_ident(name)}; RELEASE extension"
                session.run("drop extension", sql, undo=undo, long=True)
            except ServerError as e:
                if e.sqlstate not in ("2BP01", "42501"):
                    raise NotDropped(e, f"DROP EXTENSION {quote_ident(name)}") from None
            else:
                left.remove(name)
                dropped = True
    return tuple(left)


def _others(session: Session, schemas: Sequence[str], kept: Kept) -> set[str]:
    """Addresses `classid objid objsubid` of everything in other schemas, or kept, that CASCADE could reach."""
    outside = f"n.nspname NOT IN ({_listed(schemas)}) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    spaces = f"SELECT n.oid FROM pg_catalog.pg_namespace n WHERE {outside}"
    parts = [
        f"SELECT 'pg_catalog.{catalog}'::regclass::oid AS c, oid AS o, 0 AS s FROM pg_catalog.{catalog}"
        f" WHERE {column} IN (SELECT oid FROM spaces)"
        for catalog, column in (
            ("pg_class", "relnamespace"),
            ("pg_constraint", "connamespace"),
            ("pg_proc", "pronamespace"),
            ("pg_type", "typnamespace"),
            ("pg_operator", "oprnamespace"),
            ("pg_opclass", "opcnamespace"),
            ("pg_statistic_ext", "stxnamespace"),
        )
    ]
    parts += [
        f"SELECT 'pg_catalog.pg_class'::regclass::oid, oid, 0 FROM pg_catalog.pg_class WHERE oid IN ({kept.relations})",
        "SELECT 'pg_catalog.pg_class'::regclass::oid, indexrelid, 0 FROM pg_catalog.pg_index"
        f" WHERE indrelid IN ({kept.relations})",
        "SELECT 'pg_catalog.pg_constraint'::regclass::oid, oid, 0 FROM pg_catalog.pg_constraint"
        f" WHERE conrelid <> 0 AND conrelid IN ({kept.relations})",
        f"SELECT 'pg_catalog.pg_type'::regclass::oid, oid, 0 FROM pg_catalog.pg_type WHERE oid IN ({kept.types})",
    ]
    parts.append(
        "SELECT 'pg_catalog.pg_class'::regclass::oid, attrelid, attnum FROM pg_catalog.pg_attribute"
        " WHERE attnum > 0 AND NOT attisdropped AND attrelid IN (SELECT oid FROM relations)"
    )
    parts += [
        f"SELECT 'pg_catalog.{catalog}'::regclass::oid, oid, 0 FROM pg_catalog.{catalog}"
        f" WHERE {column} IN (SELECT oid FROM relations){more}"
        for catalog, column, more in (
            ("pg_attrdef", "adrelid", ""),
            ("pg_policy", "polrelid", ""),
            ("pg_rewrite", "ev_class", ""),
            ("pg_trigger", "tgrelid", " AND NOT tgisinternal"),
        )
    ]
    rows = session.rows(
        "look at others",
        f"WITH spaces AS ({spaces}), relations AS (SELECT oid FROM pg_catalog.pg_class"
        f" WHERE relnamespace IN (SELECT oid FROM spaces) OR oid IN ({kept.relations}))"
        f" SELECT concat_ws(' ', c, o, s) FROM ({' UNION ALL '.join(parts)}) AS every",
    )
    return {address or "" for (address,) in rows}


def _described(session: Session, addresses: set[str]) -> tuple[str, ...]:
    triples = ", ".join(f"({', '.join(one.split())})" for one in sorted(addresses))
    rows = session.rows(
        "describe others",
        f"SELECT DISTINCT pg_catalog.pg_describe_object(c::oid, o::oid, s) FROM (VALUES {triples}) AS lost (c, o, s)"
        " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = c::oid AND d.objid = o::oid"
        " AND d.deptype = 'i') AND (s = 0 OR NOT EXISTS (SELECT FROM pg_catalog.pg_class v WHERE v.oid = o::oid"
        " AND v.relkind IN ('v', 'm'))) ORDER BY 1",
    )
    return tuple(words for (words,) in rows if words)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(quote_literal(n) for n in names)
