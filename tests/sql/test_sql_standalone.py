import pytest

from pgready.sql.script import (
    IndexBuild,
    IndexDrop,
    Name,
    Reindex,
    harmless_to_repeat,
    index_build,
    index_drop,
    needs_no_transaction,
    outcome_in_catalog,
    reindex,
    split,
)

KINDS: list[tuple[str, str | None]] = [
    ("CREATE INDEX CONCURRENTLY i ON t (a)", "create index concurrently"),
    ("create /* x */ unique -- y\n index concurrently if not exists i on t (a)", "create index concurrently"),
    ("CREATE INDEX i ON t (a)", None),
    ('CREATE INDEX "CONCURRENTLY" ON t (a)', None),
    ("CREATE INDEX i ON t (a) /* CONCURRENTLY */", None),
    ("DROP INDEX CONCURRENTLY IF EXISTS a, b", "drop index concurrently"),
    ("DROP INDEX a", None),
    ('DROP INDEX "CONCURRENTLY"', None),
    ("REINDEX INDEX i", None),
    ("REINDEX TABLE t", None),
    ("REINDEX TABLE CONCURRENTLY t", "reindex concurrently"),
    ("REINDEX (VERBOSE, CONCURRENTLY) INDEX i", "reindex concurrently"),
    ("REINDEX (CONCURRENTLY off) INDEX i", None),
    ("REINDEX (CONCURRENTLY 'false', TABLESPACE x) INDEX i", None),
    ("REINDEX SCHEMA s", "reindex"),
    ("REINDEX DATABASE", "reindex"),
    ("REINDEX (VERBOSE) SYSTEM d", "reindex"),
    ("VACUUM", "vacuum"),
    ("VACUUM (ANALYZE) t", "vacuum"),
    ("ANALYZE t", None),
    ("CREATE DATABASE d", "create database"),
    ("DROP DATABASE d WITH (FORCE)", "drop database"),
    ("ALTER DATABASE d SET TABLESPACE t", "alter database set tablespace"),
    ('ALTER DATABASE "set" SET work_mem = 1', None),
    ("CREATE TABLESPACE t LOCATION '/x'", "create tablespace"),
    ("DROP TABLESPACE IF EXISTS t", "drop tablespace"),
    ("ALTER SYSTEM SET work_mem = '1MB'", "alter system"),
    ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "create subscription"),
    ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false)", None),
    ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (slot_name = 'a', connect = off)", None),
    ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot)", "create subscription"),
    ("DROP SUBSCRIPTION s", "drop subscription"),
    ("ALTER SUBSCRIPTION s REFRESH PUBLICATION", "alter subscription refresh"),
    ("ALTER SUBSCRIPTION s SET PUBLICATION p", "alter subscription refresh"),
    ("ALTER SUBSCRIPTION s ADD PUBLICATION p, q WITH (copy_data = false)", "alter subscription publication"),
    ("ALTER SUBSCRIPTION s DROP PUBLICATION p WITH (refresh = false)", None),
    ("ALTER SUBSCRIPTION s SET (failover = true)", "alter subscription set"),
    ("ALTER SUBSCRIPTION s SET (binary)", None),
    ("ALTER SUBSCRIPTION s DISABLE", None),
    ("CLUSTER", "cluster"),
    ("CLUSTER VERBOSE", "cluster"),
    ("CLUSTER (VERBOSE)", "cluster"),
    ("CLUSTER t USING i", None),
    ("ALTER TABLE ONLY s.t DETACH PARTITION s.p CONCURRENTLY", "detach partition concurrently"),
    ('ALTER TABLE IF EXISTS "a b"."c" DETACH PARTITION p CONCURRENTLY', "detach partition concurrently"),
    ("ALTER TABLE t DETACH PARTITION p", None),
    ("ALTER TABLE t DETACH PARTITION p FINALIZE", None),
    ('ALTER TABLE t DETACH PARTITION "CONCURRENTLY"', None),
    ("ALTER TABLE t ADD COLUMN concurrently_run int", None),
    ("ALTER TABLE t ADD CHECK (detach partition p concurrently)", None),
    ("COMMIT PREPARED 'x'", "commit prepared"),
    ("ROLLBACK PREPARED 'x'", "rollback prepared"),
    ("COMMIT", None),
    ("DISCARD ALL", "discard all"),
    ("DISCARD TEMP", None),
    ("ALTER TYPE e ADD VALUE 'x'", None),
    ("SELECT 1", None),
    ("'VACUUM'", None),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_statements_outside_of_transactions_are_known(text: str, kind: str | None) -> None:
    """Each command that fails in a transaction block is told by its words, and by nothing that only looks like them."""
    assert needs_no_transaction(split(text)[0]) == kind


def test_each_kind_can_be_repeated_or_looked_up_or_neither() -> None:
    """No kind is both harmless and to be looked up; what neither list names counts as of unknown effect."""
    kinds = {kind for _, kind in KINDS if kind}
    assert {kind for kind in kinds if harmless_to_repeat(kind) and outcome_in_catalog(kind)} == set()
    assert {kind for kind in kinds if not harmless_to_repeat(kind) and not outcome_in_catalog(kind)} == {
        "alter subscription publication",
        "commit prepared",
        "rollback prepared",
    }
    assert not harmless_to_repeat("learnt")
    assert not outcome_in_catalog("learnt")


LONG = "é" * 40
BUILDS: list[tuple[str, IndexBuild | None]] = [
    ("CREATE INDEX CONCURRENTLY I ON Tab (a)", IndexBuild("i", None, "tab", "Tab", if_not_exists=False, unique=False)),
    (
        'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I""x" ON ONLY "S".t USING gin (a)',
        IndexBuild('I"x', "S", "t", '"S".t', if_not_exists=True, unique=True),
    ),
    ("CREATE INDEX CONCURRENTLY ON t (a)", IndexBuild(None, None, "t", "t", if_not_exists=False, unique=False)),
    ("CREATE INDEX CONCURRENTLY if ON t (a)", IndexBuild("if", None, "t", "t", if_not_exists=False, unique=False)),
    (
        f"CREATE INDEX CONCURRENTLY {LONG} ON db . s /* c */ . t (a)",
        IndexBuild("é" * 31, "s", "t", "db . s /* c */ . t", if_not_exists=False, unique=False),
    ),
    (
        'CREATE INDEX CONCURRENTLY U&"d\\0061t\\+000061" ON U&"a!0062" UESCAPE \'!\' (a)',
        IndexBuild("data", None, "ab", "U&\"a!0062\" UESCAPE '!'", if_not_exists=False, unique=False),
    ),
    (
        "CREATE INDEX CONCURRENTLY i ON ONLY (s.t) (a)",
        IndexBuild("i", "s", "t", "s.t", if_not_exists=False, unique=False),
    ),
    ("CREATE INDEX i ON t (a)", None),
    ("CREATE INDEX CONCURRENTLY", None),
    ("CREATE INDEX CONCURRENTLY i t", None),
    ("DROP INDEX CONCURRENTLY i", None),
]


@pytest.mark.parametrize(("text", "build"), BUILDS)
def test_index_builds_are_read(text: str, build: IndexBuild | None) -> None:
    """The names of a concurrent index build are those that PostgreSQL stores."""
    assert index_build(split(text)[0]) == build


@pytest.mark.parametrize(
    ("text", "drop"),
    [
        ("DROP INDEX CONCURRENTLY A", IndexDrop((Name(None, "a", "A"),), if_exists=False)),
        (
            'DROP INDEX CONCURRENTLY IF EXISTS s."B", c CASCADE',
            IndexDrop((Name("s", "B", 's."B"'), Name(None, "c", "c")), if_exists=True),
        ),
        ('DROP INDEX CONCURRENTLY u & "x"', IndexDrop((Name(None, "u", "u"),), if_exists=False)),
        ("DROP INDEX a", None),
        ("DROP INDEX CONCURRENTLY", None),
    ],
)
def test_index_drops_are_read(text: str, drop: IndexDrop | None) -> None:
    """The names of a concurrent index drop are those that PostgreSQL stores."""
    assert index_drop(split(text)[0]) == drop


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("REINDEX INDEX CONCURRENTLY s.I", Reindex("index", Name("s", "i", "s.I"), concurrently=True)),
        ("REINDEX (CONCURRENTLY) TABLE t", Reindex("table", Name(None, "t", "t"), concurrently=True)),
        ("REINDEX DATABASE", Reindex("database", None, concurrently=False)),
        ("REINDEX nonsense", None),
        ("VACUUM", None),
    ],
)
def test_reindex_is_read(text: str, found: Reindex | None) -> None:
    """What a REINDEX rebuilds, and how, is told."""
    assert reindex(split(text)[0]) == found
