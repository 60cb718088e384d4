"""`migrate resolve` writes what Prisma's writes, refuses what Prisma's refuses, and each tool believes the other."""

import pytest

from fix_prisma import EngineError, rows, table

pytestmark = [pytest.mark.prisma, pytest.mark.matrix]

INIT = "20240101000000_init"
NAME = "20240102000000_second"
GOOD = {INIT: "CREATE TABLE a (id int);\n", NAME: "CREATE TABLE b (id int);\n"}
BROKEN = "CREATE TABLE b (id int);\nINSERT INTO missing VALUES (1);\n"


def nothing(engine, database, project):
    """An empty database, without a migrations table."""


def first(engine, database, project):
    """The first migration applied, the second one pending."""
    (project.migrations / NAME).rename(project.path / "later")
    assert engine.apply(database.url, project.migrations) == [INIT]
    (project.path / "later").rename(project.migrations / NAME)


def failed(engine, database, project):
    """The second migration failed."""
    project.migration(NAME, BROKEN)
    with pytest.raises(EngineError):
        engine.apply(database.url, project.migrations)
    project.migration(NAME, GOOD[NAME])
    # What an operator does by hand before he says "applied".
    database.query("CREATE TABLE b (id int)")


def rolled_back(engine, database, project):
    """The second migration failed and was marked as rolled back."""
    failed(engine, database, project)
    engine.ask("rolledBack", database.url, name=NAME)


def whole(engine, database, project):
    """Both are applied."""
    assert engine.apply(database.url, project.migrations) == list(GOOD)


@pytest.mark.parametrize("state", [nothing, first, failed, rolled_back], ids=lambda state: state.__name__)
def test_resolve_applied_writes_prismas_row(engine, engines, make_database, make_project, state):
    """The same decision by both tools leaves the same table and rows, ids and times aside; all agree on the next step."""
    project = make_project(migrations=GOOD)
    ours, theirs = make_database(), make_database()
    for database in (ours, theirs):
        state(engine, database, project)
    name = INIT if state is nothing else NAME
    done = project.run("migrate", "resolve", "--applied", name, "--force", url=ours.url)
    assert done.returncode == 0, done.stderr
    engine.ask("applied", theirs.url, project.migrations, name=name)
    assert rows(ours) == rows(theirs)
    assert table(ours) == table(theirs)
    for database in (ours, theirs):
        assert engine.apply(database.url, project.migrations) == ([NAME] if state is nothing else [])
        assert engines["7"].up_to_date(database.url, project.migrations)
        assert project.run("boot", "--", "true", url=database.url).returncode == 0


def test_resolve_rolled_back_writes_what_prisma_writes(engine, make_database, make_project):
    """The failed row gets its time and keeps everything else, by either tool."""
    project = make_project(migrations=GOOD)
    ours, theirs = make_database(), make_database()
    for database in (ours, theirs):
        failed(engine, database, project)
    before = ours.query("SELECT id, started_at, logs FROM _prisma_migrations ORDER BY started_at")
    assert project.run("migrate", "resolve", "--rolled-back", NAME, url=ours.url).returncode == 0
    engine.ask("rolledBack", theirs.url, name=NAME)
    ignored = 2  # `logs` holds a position in the engine's own build: compared with itself below
    assert [r[:ignored] + r[ignored + 1 :] for r in rows(ours)] == [
        r[:ignored] + r[ignored + 1 :] for r in rows(theirs)
    ]
    assert ours.query("SELECT id, started_at, logs FROM _prisma_migrations ORDER BY started_at") == before


@pytest.mark.parametrize(
    ("state", "verb", "flag", "name", "code"),
    [
        (whole, "applied", "--applied", NAME, "P3008"),
        (first, "rolledBack", "--rolled-back", NAME, "P3011"),
        (whole, "rolledBack", "--rolled-back", NAME, "P3012"),
        (first, "applied", "--applied", "20990101000000_nowhere", "P3017"),
    ],
    ids=["P3008", "P3011", "P3012", "P3017"],
)
def test_resolve_refuses_what_prisma_refuses(engine, database, make_project, state, verb, flag, name, code):
    """The same code from both, and no change."""
    project = make_project(migrations=GOOD)
    state(engine, database, project)
    before = database.query("SELECT * FROM _prisma_migrations ORDER BY id")
    with pytest.raises(EngineError) as caught:
        engine.ask(verb, database.url, project.migrations, name=name)
    assert caught.value.code == code
    refused = project.run("migrate", "resolve", flag, name, url=database.url)
    assert refused.returncode == 2
    assert code in refused.stderr
    assert database.query("SELECT * FROM _prisma_migrations ORDER BY id") == before


def test_pgready_refuses_a_baseline_that_the_database_disproves(engine, database, make_project):
    """A difference on purpose: Prisma marks a migration whose table is not there, pgready only when forced."""
    project = make_project(migrations=GOOD)
    refused = project.run("migrate", "resolve", "--applied", INIT, url=database.url)
    assert refused.returncode == 3
    assert database.query("SELECT to_regclass('_prisma_migrations')") == [(None,)]
    engine.ask("applied", database.url, project.migrations, name=INIT)
    assert len(rows(database)) == 1
