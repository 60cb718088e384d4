"""A database as one value, so that "untouched" can be asserted: every object and every row that a user could see."""

from typing import Any

from fix_server import Database

_OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
_CATALOG = f"""
SELECT 'schema', nspname::text, '' FROM pg_namespace n WHERE {_OURS} AND nspname NOT LIKE 'pg_t%'
UNION ALL
SELECT 'relation ' || relkind::text, c.oid::regclass::text, coalesce(
    (SELECT string_agg(attname::text || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull::text, ', ' ORDER BY attnum)
     FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS} AND nspname NOT LIKE 'pg_t%'
UNION ALL
SELECT 'function', p.oid::regprocedure::text, md5(prosrc) FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS}
UNION ALL
SELECT 'type', t.oid::regtype::text, '' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {_OURS} AND nspname NOT LIKE 'pg_t%'
UNION ALL
SELECT 'constraint', conname::text, pg_get_constraintdef(k.oid) FROM pg_constraint k
JOIN pg_namespace n ON n.oid = k.connamespace WHERE {_OURS}
ORDER BY 1, 2, 3
"""


def snapshot(database: Database) -> tuple[object, ...]:
    """The catalog and all rows, comparable with `==`."""
    catalog: list[tuple[Any, ...]] = database.query(_CATALOG)
    tables = [name for kind, name, _ in catalog if kind == "relation r"]
    rows = {name: database.query(f"SELECT t::text FROM {name} t ORDER BY 1") for name in tables}
    return catalog, rows


def tables_of_team(database: Database) -> list[str]:
    """Tables that neither Prisma nor pgready keeps for itself."""
    return [
        name
        for (name,) in database.query(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pgready')"
            " AND nspname NOT LIKE 'pg_t%' AND relname <> '_prisma_migrations' ORDER BY 1"
        )
    ]
