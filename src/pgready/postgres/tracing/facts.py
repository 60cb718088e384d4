"""What stands in a shadow database before a migration: what a trace on empty tables does not show is read off it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from pgready.catalog.names import ObjectName
from pgready.hazards.trace import Facts
from pgready.hazards.volume import LOCKS_ROWS
from pgready.postgres.session import Session
from pgready.sql.statements import Statement

_FACTS = """
SELECT pg_catalog.json_build_object(
    'tables', (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, c.relname)), '[]')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384),
    'keys', (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, c.relname,
            (SELECT pg_catalog.array_agg(a.attname) FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])))), '[]')
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE i.indisunique AND i.indexprs IS NULL AND i.indpred IS NULL AND c.oid >= 16384),
    'functions', (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(p.proname,
            pg_catalog.pg_get_functiondef(p.oid))), '[]')
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE p.oid >= 16384 AND p.prokind IN ('f', 'p') AND l.lanname IN ('sql', 'plpgsql')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e'
            AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass)),
    'triggers', (SELECT coalesce(pg_catalog.json_agg(
            pg_catalog.json_build_array(n.nspname, c.relname, p.proname)), '[]')
        FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.oid >= 16384),
    'parents', (SELECT coalesce(pg_catalog.json_agg(
            pg_catalog.json_build_array(n.nspname, c.relname, m.nspname, p.relname)), '[]')
        FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
        JOIN pg_catalog.pg_namespace m ON m.oid = p.relnamespace WHERE c.relkind IN ('r', 'p')))
"""
_MADE = re.compile(r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\s+(?:[\w\"]+\s*\.\s*)?\"?(\w+)", re.IGNORECASE)
_ASKING = frozenset(
    {"UPDATE", "DELETE", "MERGE", "WITH", "INSERT", "SELECT", "EXPLAIN", "PREPARE", "DECLARE", "COPY", "DO", "CALL"}
    | {"EXECUTE"}
)


def facts_before(session: Session, statements: tuple[Statement, ...]) -> Facts:
    """What these statements, about to run, stand on; nothing is asked where none of them could need it."""
    if not any(map(_asks, statements)):
        return Facts()
    found = json.loads(session.run("facts", _FACTS)[0].rows[0][0] or "{}")
    keys: dict[ObjectName, tuple[frozenset[str], ...]] = {}
    for schema, table, columns in found["keys"]:
        name = ObjectName(schema, table)
        keys[name] = (*keys.get(name, ()), frozenset(columns or ()))
    triggers: dict[ObjectName, tuple[str, ...]] = {}
    for schema, table, function in found["triggers"]:
        name = ObjectName(schema, table)
        triggers[name] = (*triggers.get(name, ()), function)
    functions = {str(name): str(text) for name, text in found["functions"]}
    for one in statements:
        if one.words[:1] == ("CREATE",) and (made := _MADE.match(one.text)) is not None:
            functions[made[1]] = one.text
    above: dict[ObjectName, list[ObjectName]] = {}
    for one in found["parents"]:
        above.setdefault(ObjectName(*one[:2]), []).append(ObjectName(*one[2:]))
    parents = {one: frozenset(_ancestors(one, above)) for one in above}
    return Facts(frozenset(ObjectName(*one) for one in found["tables"]), keys, functions, triggers, parents)


def _asks(statement: Statement) -> bool:
    word = statement.words[0] if statement.words else ""
    return word in _ASKING or (word == "CREATE" and LOCKS_ROWS.search(statement.text) is not None)


def _ancestors(child: ObjectName, above: Mapping[ObjectName, Sequence[ObjectName]]) -> Iterator[ObjectName]:
    for one in above.get(child, ()):
        yield one
        yield from _ancestors(one, above)
