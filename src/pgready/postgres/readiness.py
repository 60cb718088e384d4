"""The one question of the fast path: names and states, missing schemas, recovery, in one round trip.

Hot module: imports only `pgready.sql.names`.
"""

from pgready.sql.names import quote_ident, quote_literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

TABLE = "_prisma_migrations"


def first_question(migrations_schema: "str | None", schemas: "tuple[str, ...]") -> str:
    """The same for a database that may be empty, to be read by `answer`: nothing fails where there is no table.

    A failed question is a line in the server's log, at every cold start of every process, with the very words that
    people search logs for. SQL that names a table cannot ask first whether it is there. `ts_stat` can: it runs a text,
    and needs no rights of its own. Its words are the names, behind an f for finished or a u for unfinished.
    """
    table = _table(migrations_schema)
    found = "pg_catalog.to_regclass(" + quote_literal(table) + ")"
    asked = quote_literal(
        "SELECT pg_catalog.array_to_tsvector(pg_catalog.array_agg("
        "CASE WHEN finished_at IS NULL THEN 'u' ELSE 'f' END || migration_name))"
        f" FROM {table} WHERE rolled_back_at IS NULL"
    )
    return (
        f"SELECT pg_catalog.pg_is_in_recovery(), {_missing(schemas)},"
        " string_agg(substr(word, 2), E'\\n') FILTER (WHERE word LIKE 'f%'),"
        f" string_agg(substr(word, 2), E'\\n') FILTER (WHERE word LIKE 'u%'), {found} IS NOT NULL"
        f" FROM pg_catalog.ts_stat(CASE WHEN {found} IS NULL THEN 'SELECT NULL::tsvector' ELSE {asked} END)"
    )


def answer(row: "Sequence[str | None]") -> "list[str | None] | None":
    """The answer to `first_question`, as `question` gives it; None where there is no migrations table."""
    return list(row[:4]) if row[4] == "t" else None


def _table(migrations_schema: "str | None") -> str:
    table = quote_ident(TABLE)
    return table if migrations_schema is None else quote_ident(migrations_schema) + "." + table


def question(migrations_schema: "str | None", schemas: "tuple[str, ...]") -> str:
    """SQL that answers `pgready.history.readiness.judge`; it fails (42P01) where there is no migrations table.

    Without `migrations_schema` the table is found by the search path, as Prisma finds it. Needs SELECT on the
    migrations table alone.
    """
    return (
        f"SELECT pg_catalog.pg_is_in_recovery(), {_missing(schemas)},"
        " string_agg(migration_name, E'\\n') FILTER (WHERE finished_at IS NOT NULL),"
        " string_agg(migration_name, E'\\n') FILTER (WHERE finished_at IS NULL)"
        f" FROM {_table(migrations_schema)} WHERE rolled_back_at IS NULL"
    )


def _missing(schemas: "tuple[str, ...]") -> str:
    if not schemas:
        return "NULL"
    names = ", ".join([quote_literal(s) for s in schemas])
    return (
        f"(SELECT string_agg(s, E'\\n') FROM unnest(ARRAY[{names}]::text[]) AS s"
        " WHERE s NOT IN (SELECT nspname::text FROM pg_catalog.pg_namespace))"
    )
