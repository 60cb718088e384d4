"""The one question of the fast path: names and states, missing schemas, recovery, in one round trip.

Hot module: imports only `pgready.sql.names`.
"""

from pgready.sql.names import quote_ident, quote_literal

TABLE = "_prisma_migrations"


def question(migrations_schema: "str | None", schemas: "tuple[str, ...]") -> str:
    """SQL that answers `pgready.history.readiness.judge`; it fails (42P01) where there is no migrations table.

    Without `migrations_schema` the table is found by the search path, as Prisma finds it. Needs SELECT on the
    migrations table alone.
    """
    table = quote_ident(TABLE)
    if migrations_schema is not None:
        table = quote_ident(migrations_schema) + "." + table
    missing = "NULL"
    if schemas:
        names = ", ".join([quote_literal(s) for s in schemas])
        missing = (
            f"(SELECT string_agg(s, E'\\n') FROM unnest(ARRAY[{names}]::text[]) AS s"
            " WHERE s NOT IN (SELECT nspname::text FROM pg_catalog.pg_namespace))"
        )
    return (
        f"SELECT pg_catalog.pg_is_in_recovery(), {missing},"
        " string_agg(migration_name, E'\\n') FILTER (WHERE finished_at IS NOT NULL),"
        " string_agg(migration_name, E'\\n') FILTER (WHERE finished_at IS NULL)"
        f" FROM {table} WHERE rolled_back_at IS NULL"
    )
