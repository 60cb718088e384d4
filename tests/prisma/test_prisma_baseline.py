"""P3005: when is a database without a migrations table a stranger's? And the way in, by either tool."""

import pytest

from fix_prisma import EngineError

pytestmark = [pytest.mark.prisma, pytest.mark.matrix]

MIGRATIONS = {"20240101000000_init": "CREATE TABLE a (id int);\n", "20240102000000_more": "CREATE TABLE b (id int);\n"}
SCHEMA = 'datasource db {\n  provider = "postgresql"\n%s  schemas = ["public", "other"]\n}\n'

SAME = {
    "empty": ("", True),
    "a table": ("CREATE TABLE stranger (id int)", False),
    "a table in a listed schema": ("CREATE SCHEMA other; CREATE TABLE other.stranger (id int)", False),
    "an unlogged table": ("CREATE UNLOGGED TABLE stranger (id int)", False),
    "a view": ("CREATE VIEW stranger AS SELECT 1 AS id", True),
    "a materialized view": ("CREATE MATERIALIZED VIEW stranger AS SELECT 1 AS id", True),
    "a sequence": ("CREATE SEQUENCE stranger", True),
    "an enum": ("CREATE TYPE stranger AS ENUM ('x')", True),
    "a function": ("CREATE FUNCTION stranger() RETURNS int LANGUAGE sql AS 'SELECT 1'", True),
    "a table in an unlisted schema": ("CREATE SCHEMA unlisted; CREATE TABLE unlisted.stranger (id int)", True),
}

# (made, what Prisma says: "" goes ahead, pgready goes ahead)
DIFFERENT = {
    # A partitioned table without partitions is a table for everybody but Prisma's query.
    "a partitioned table": ("CREATE TABLE stranger (id int) PARTITION BY LIST (id)", "", False),
    # Extensions bring tables of their own (PostGIS does); they belong to nobody's history.
    "a table of an extension": (
        "CREATE TABLE brought (id int); ALTER EXTENSION plpgsql ADD TABLE brought",
        "P3005",
        True,
    ),
    # Several services on one database: what lies in another history's schema is accounted for. Prisma takes the
    # other's migrations table for its own, does not find it in its search path, and gives up.
    "another service's history": (
        "CREATE SCHEMA other; CREATE TABLE other._prisma_migrations (id int); CREATE TABLE other.stranger (id int)",
        "Invariant violation: migration persistence is not initialized",
        True,
    ),
}


def judged(engine, make_database, make_project, made):
    """What Prisma says ("" for going ahead) and whether pgready goes ahead, on databases in which `made` was run."""
    project = make_project(schemas=("public", "other"), migrations=MIGRATIONS)
    ours, theirs = make_database(), make_database()
    for database in (ours, theirs):
        if made:
            database.query(made)
    url = '  url = env("DATABASE_URL")\n' if engine.version == "6" else ""
    prisma = ""
    try:
        assert engine.apply(theirs.url, project.migrations, schema=SCHEMA % url) == list(MIGRATIONS)
    except EngineError as e:
        prisma = e.code or str(e)
    done = project.run("boot", "--", "true", url=ours.url)
    if done.returncode:
        assert done.returncode == 9, done.stderr
        assert "P3005" in done.stderr
        assert "pgready migrate resolve --applied 20240101000000_init" in done.stderr
        assert ours.query("SELECT to_regclass('_prisma_migrations'), to_regclass('a')") == [(None, None)]
    return prisma, done.returncode == 0


@pytest.mark.parametrize("case", SAME)
def test_both_judge_alike(engines, make_database, make_project, case):
    """Both refuse with P3005 or both go ahead, and pgready then shows the baseline's command and changes nothing."""
    made, ahead = SAME[case]
    assert judged(engines["7"], make_database, make_project, made) == ("" if ahead else "P3005", ahead)


@pytest.mark.parametrize("case", DIFFERENT)
def test_differences_on_purpose(engine, make_database, make_project, case):
    """Three cases in which Prisma's judgment serves nobody; the explanation names them."""
    made, prisma, pgready = DIFFERENT[case]
    said, ahead = judged(engine, make_database, make_project, made)
    assert (said.partition(".")[0], ahead) == (prisma, pgready)


@pytest.mark.parametrize("who", ["pgready", "prisma"])
def test_a_baseline_by_either_is_one_for_both(engine, engines, database, make_project, who):
    """An existing database, its first migration marked by one tool: the other applies only what comes after."""
    project = make_project(migrations=MIGRATIONS)
    database.query(MIGRATIONS["20240101000000_init"])
    assert project.run("boot", "--", "true", url=database.url).returncode == 9
    if who == "pgready":
        done = project.run("migrate", "resolve", "--applied", "20240101000000_init", url=database.url)
        assert done.returncode == 0, done.stderr
        assert engine.apply(database.url, project.migrations) == ["20240102000000_more"]
    else:
        engine.ask("applied", database.url, project.migrations, name="20240101000000_init")
        done = project.run("boot", "--", "true", url=database.url)
        assert done.returncode == 0, done.stderr
    assert all(one.up_to_date(database.url, project.migrations) for one in engines.values())
    assert project.run("migrate", "status", url=database.url).returncode == 0
