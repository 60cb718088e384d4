"""The questions about a backfill's key: can its table be gone through in batches by it?"""

from __future__ import annotations

from pgready.sql.backfill import Backfill
from pgready.sql.names import quote_literal


def key_facts(backfill: Backfill) -> str:
    """A query with a row for each column of the key, in order: its name, the table, its type, what is wrong, rows.

    The type is NULL where there is no such column, the table where there is no such table; "what is wrong" is an empty
    text for a key that will do, and "rows" is what the statistics say of the table.
    """
    names = ", ".join(quote_literal(column) for column in backfill.key)
    table = quote_literal(backfill.table)
    indexed = (
        "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
        " JOIN pg_catalog.pg_am m ON m.oid = x.relam WHERE i.indrelid = c.oid AND m.amname = 'btree'"
        " AND i.indisvalid AND i.indpred IS NULL"
        " AND (SELECT pg_catalog.array_agg(b.attname::text ORDER BY p.n)"
        " FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY p(attnum, n)"
        f" JOIN pg_catalog.pg_attribute b ON b.attrelid = c.oid AND b.attnum = p.attnum"
        f" WHERE p.n <= {len(backfill.key)}) = ARRAY[{names}]::text[])"
    )
    begins = quote_literal(f"no index of {backfill.table} begins with {', '.join(backfill.key)}")
    return (
        "SELECT k.name, c.oid::text, pg_catalog.format_type(a.atttypid, a.atttypmod),"
        f" CASE WHEN c.oid IS NULL THEN 'there is no table ' || {table}"
        f" WHEN a.attname IS NULL THEN {table} || ' has no column ' || k.name"
        f" WHEN NOT a.attnotnull"
        f" THEN {table} || '.' || k.name || ' may be NULL, and a row without a key is in no batch'"
        f" WHEN NOT {indexed} THEN {begins} ELSE '' END AS wrong, c.reltuples"
        f" FROM pg_catalog.unnest(ARRAY[{names}]::text[]) WITH ORDINALITY k(name, n)"
        f" LEFT JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass({table})"
        " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k.name AND a.attnum > 0"
        " AND NOT a.attisdropped ORDER BY k.n"
    )


def aggregates(backfill: Backfill) -> str:
    """A query for the first aggregate among the functions that it calls; "" where it calls none."""
    if not backfill.calls:
        return ""
    names = ", ".join(quote_literal(name) for name in backfill.calls)
    return (
        "SELECT proname || '(…) would see one batch at a time, and not the whole' AS wrong FROM pg_catalog.pg_proc"
        f" WHERE prokind IN ('a', 'w') AND proname::text = ANY (ARRAY[{names}]) ORDER BY 1 LIMIT 1"
    )


def refuse_key(backfill: Backfill) -> str:
    """A statement that fails, in words, where the backfill could not run in batches."""
    queries = [f"SELECT wrong FROM ({key_facts(backfill)}) k"]
    queries += [aggregates(backfill)] if backfill.calls else []
    loops = "".join(
        f" FOR problem IN {query} LOOP IF problem <> '' THEN RAISE EXCEPTION USING"
        " ERRCODE = 'object_not_in_prerequisite_state',"
        " MESSAGE = 'the backfill cannot run in batches: ' || problem,"
        " HINT = 'name a key that is NOT NULL and has an index: -- pgready: backfill key=id'; END IF; END LOOP;"
        for query in queries
    )
    tag = "$pgready$"
    while tag in loops:
        tag = tag[:-1] + "_$"
    return f"DO {tag} DECLARE problem text; BEGIN{loops} END {tag}"
