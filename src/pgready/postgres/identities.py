"""What things are called now, by their oids: a rename is seen, not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgready.catalog.names import ObjectName
from pgready.postgres.session import Session

# Oids below 16384 are the server's own.
_NAMES = """\
SELECT 'table', c.oid::text, n.nspname, c.relname FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL SELECT 'column', a.attrelid::text, a.attnum::text, a.attname FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'type', t.oid::text, n.nspname, t.typname FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid >= 16384 AND t.typtype IN ('e', 'd')
UNION ALL SELECT 'label', e.oid::text, e.enumtypid::text, e.enumlabel FROM pg_catalog.pg_enum e
UNION ALL SELECT 'writable', c.oid::text, n.nspname, c.relname FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid >= 16384 AND c.relkind = 'v'
  AND pg_catalog.pg_relation_is_updatable(c.oid, true) & 28 = 28"""


@dataclass(frozen=True, slots=True)
class Identities:
    """Names by oid: tables and views, columns by (table, number), enums and domains, labels by (enum, oid).

    `writable_views` take INSERT, UPDATE and DELETE, by themselves or by triggers.
    """

    tables: Mapping[str, ObjectName]
    columns: Mapping[tuple[str, str], str]
    types: Mapping[str, ObjectName]
    labels: Mapping[tuple[str, str], str]
    writable_views: frozenset[ObjectName]


def read_identities(session: Session) -> Identities:
    """The names of this moment; raises ServerError and ConnectionLost."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind, oid, first, second in session.rows("identities", _NAMES):
        found.setdefault(kind or "", []).append((oid or "", first or "", second or ""))
    return Identities(
        {oid: ObjectName(schema, name) for oid, schema, name in found.get("table", ())},
        {(oid, number): name for oid, number, name in found.get("column", ())},
        {oid: ObjectName(schema, name) for oid, schema, name in found.get("type", ())},
        {(enum, oid): label for oid, enum, label in found.get("label", ())},
        frozenset(ObjectName(schema, name) for _, schema, name in found.get("writable", ())),
    )
