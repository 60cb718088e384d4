"""The history that crashes: every way in which a migration is applied, and no statement that may run twice."""

from typing import Any

import psycopg

DOUBLE = "UPDATE account SET v = v * 2;"


AWAKE = "UPDATE nap SET seconds = 0"


def ran(name: str) -> str:
    """A row that tells how often a piece of a script ran."""
    return f"INSERT INTO ran VALUES ('{name}');"


def history(**sleeps: float) -> dict[str, str]:
    """Scripts by name; `sleeps` gives seconds to the pieces `whole`, `enum`, `mixed`, `block` and `do`.

    The seconds stand in a table, so that a test can wake up the runs that follow.
    """
    naps = ", ".join(f"('{piece}', {sleeps.get(piece, 0)})" for piece in ("whole", "enum", "mixed", "block", "do"))

    def nap(piece: str) -> str:
        return f"SELECT pg_sleep(seconds) FROM public.nap WHERE piece = '{piece}';"

    return {
        "01_first": "CREATE TABLE account (id int PRIMARY KEY, v bigint NOT NULL);"
        " INSERT INTO account VALUES (1, 1), (2, 3); CREATE TABLE ran (piece text);"
        f" CREATE TABLE nap (piece text, seconds float); INSERT INTO nap VALUES {naps};"
        " CREATE TYPE mood AS ENUM ('calm'); CREATE TABLE moods (m mood);",
        "02_batch": f"{DOUBLE} {ran('batch 2')}",
        "03_batch": f"{DOUBLE} {ran('batch 3')} -- no newline at the end",
        "04_whole": f"{DOUBLE} {nap('whole')} {ran('whole')}",
        "05_enum": f"ALTER TYPE mood ADD VALUE 'wild';\n{DOUBLE} {nap('enum')}\nINSERT INTO moods VALUES ('wild');"
        f" {ran('enum')}",
        "06_concurrently": "CREATE INDEX CONCURRENTLY account_v ON account (v);",
        "07_mixed": f"SET search_path = financial, public; SET work_mem = '5MB';\n{DOUBLE} {nap('mixed')}\n"
        f"CREATE TABLE book (id int, amount int); {ran('mixed a')}\n"
        "CREATE INDEX CONCURRENTLY book_amount ON book (amount);\n"
        f"{DOUBLE} INSERT INTO book SELECT 1, 5 WHERE current_setting('work_mem') = '5MB';"
        f" {ran('mixed b')}\nDROP INDEX CONCURRENTLY book_amount;\n{DOUBLE} {ran('mixed c')}",
        "08_blocks": f"BEGIN; {DOUBLE} {ran('block a')} COMMIT;\n"
        f"BEGIN; {DOUBLE} {nap('block')} {ran('block b')} COMMIT;\n{DOUBLE} {ran('block c')}",
        "09_do": f"DO $$ BEGIN {DOUBLE} {ran('do a')} COMMIT; PERFORM {nap('do')[7:]} {DOUBLE} {ran('do b')} END $$;",
        "10_last": f"{DOUBLE} {ran('last')} ALTER TABLE account ADD COLUMN w int DEFAULT 7;",
    }


def fingerprint(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Catalog, data and migrations table as a value; two undisturbed runs have the same."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql.encode()).fetchall()

    user = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    return {
        "account": rows("SELECT * FROM account ORDER BY id"),
        "ran": rows("SELECT piece, count(*) FROM ran GROUP BY 1 ORDER BY 1"),
        "moods": rows("SELECT * FROM moods"),
        "book": rows("SELECT * FROM financial.book"),
        "schemas": rows(f"SELECT nspname FROM pg_namespace n WHERE {user} ORDER BY 1"),
        "relations": rows(
            "SELECT n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a"
            f" ON a.attrelid = c.oid AND a.attnum > 0 WHERE {user} ORDER BY 1, 2, a.attnum"
        ),
        "indexes": rows(
            "SELECT pg_get_indexdef(indexrelid), indisvalid, indisready, indislive FROM pg_index i"
            f" JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {user}"
            " ORDER BY 1"
        ),
        "enums": rows("SELECT enumlabel FROM pg_enum ORDER BY enumsortorder"),
        "history": rows(
            "SELECT migration_name, finished_at IS NOT NULL, rolled_back_at IS NULL, applied_steps_count, logs"
            " FROM _prisma_migrations ORDER BY started_at"
        ),
    }
