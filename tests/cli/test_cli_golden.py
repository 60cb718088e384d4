"""What a user reads, held as golden text (see golden.py)."""

import hashlib
import re
import shutil

import pytest
from golden import check, transcript

ONE, TWO, THREE = "20240101000000_init", "20240102000000_orders", "20240103000000_index"
GOOD = {
    ONE: "CREATE TABLE customer (id int PRIMARY KEY);\n",
    TWO: "CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customer);\n",
    THREE: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer);\n",
}
BROKEN = "ALTER TABLE orders ADD total numeric;\nUPDATE orders SET totl = 0;\n"
PRISMA_TABLE = """CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)"""


@pytest.fixture
def say(database):
    """`say(project, *words)`: run one command on the test's database and return its transcript."""

    def run(project, *words, url=None):
        done = project.run(*words, url=url or database.url, env={"COLUMNS": "100"})
        return transcript(words, done, project, database)

    return run


HELP = [
    "",
    "boot",
    "wait",
    "migrate",
    "migrate deploy",
    "migrate status",
    "migrate resolve",
    "migrate adopt",
    "migrate diff",
    "validate",
    "format",
    "snapshot",
    "settings",
]


@pytest.mark.parametrize("words", HELP, ids=lambda w: w or "pgready")
def test_help(words, make_project):
    """Every help page."""
    project = make_project()
    typed = [*words.split(), "--help"]
    done = project.run(*typed, env={"COLUMNS": "100"})
    assert (done.returncode, done.stderr) == (0, "")
    check("help-" + (words.replace(" ", "-") or "pgready"), transcript(typed, done, project))


def test_the_log_of_a_cold_boot(make_project, say):
    """Cold, then with nothing to do, for people and for machines."""
    project = make_project(schemas=("public", "billing"), migrations=GOOD)
    text = say(project, "boot", "--", "echo", "served") + say(project, "boot", "--", "echo", "served")
    text += say(project, "boot", "--log-format", "json", "--", "true") + say(project, "boot", "--json", "--", "true")
    check("boot", text)


def test_a_failed_migration_until_it_needs_a_decision(database, make_project, say):
    """Failed, tried three times, given up (exit 9), status, retried, mended."""
    project = make_project(migrations={**GOOD, "20240104000000_total": BROKEN})
    text = say(project, "boot", "--", "echo", "served")
    for _ in range(2):
        database.query("UPDATE pgready.failures SET failed_at = failed_at - interval '1 hour'")
        project.run("boot", "--", "true", url=database.url)
    text += say(project, "boot", "--", "echo", "served") + say(project, "migrate", "status")
    text += say(project, "migrate", "resolve", "--retry", "20240104000000_total")
    project.migration("20240104000000_total", BROKEN.replace("totl", "total"))
    text += say(project, "boot", "--", "echo", "served")
    check("failed", text)


def test_status_in_every_state(database, make_project, say):
    """Nothing applied; then applied, edited, missing, ahead, pending, failed, rolled back in one table."""
    project = make_project(migrations={**GOOD, "20240104000000_gone": "SELECT 1;", "20240105000000_last": "SELECT 1;"})
    text = say(project, "migrate", "status")
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    text += say(project, "migrate", "status")
    shutil.rmtree(project.migrations / "20240104000000_gone")
    project.migration(ONE, "CREATE TABLE customer (id bigint PRIMARY KEY);\n")
    text += say(project, "migrate", "status")
    failed = "SELECT nope;\n"
    project.migration("20240106000000_failed", failed)
    project.migration("20240107000000_undone", "SELECT 1;")
    project.migration("20240108000000_new", "SELECT 1;")
    for name, script, rolled_back in (
        ("20240106000000_failed", failed, "NULL"),
        ("20240107000000_undone", "x", "now()"),
    ):
        database.query(
            "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, rolled_back_at, started_at)"
            f" VALUES (%s, %s, %s, 'Database error code: 42703', {rolled_back}, now())",
            [name[:30], hashlib.sha256(script.encode()).hexdigest(), name],
        )
    database.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, started_at, applied_steps_count)"
        " VALUES ('ahead', 'x', '20250101000000_ahead', now(), now() + interval '1 second', 1)"
    )
    text += say(project, "migrate", "status")
    check("status", text)


def test_settings(make_project, database):
    """Each value and where it came from."""
    project = make_project(schemas=("public", "billing"), migrations=GOOD)
    (project.path / "pgready.toml").write_text('timeout = "90s"\n')
    words = ("settings", "--lock-timeout", "0")
    done = project.run(*words, url=database.url + "?connection_limit=5", env={"PGREADY_TIMEOUTS": "5"})
    assert done.returncode == 0, done.stderr
    # Columns are as wide as the run's paths.
    check("settings", re.sub(" {2,}", "  ", transcript(words, done, project, database)))


def test_resolve_refusals(make_project, say):
    """P3017, P3011, P3012, P3008, and what the database disproves."""
    project = make_project(migrations=GOOD)
    text = say(project, "migrate", "resolve")
    text += say(project, "migrate", "resolve", "--applied", "20240199000000_nope")
    text += say(project, "migrate", "resolve", "--rolled-back", ONE)
    text += say(project, "migrate", "resolve", "--applied", ONE)
    text += say(project, "migrate", "resolve", "--applied", ONE, "--force")
    text += say(project, "migrate", "resolve", "--applied", ONE)
    text += say(project, "migrate", "resolve", "--rolled-back", ONE)
    text += say(project, "migrate", "resolve", "--retry", ONE)
    check("resolve", text)


def test_a_database_with_tables_and_no_history(database, make_project, say):
    """P3005 with the baseline's exact command."""
    database.query("CREATE TABLE customer (id int PRIMARY KEY)")
    project = make_project(migrations=GOOD)
    text = say(project, "boot", "--", "echo", "served")
    text += say(project, "migrate", "resolve", "--applied", ONE) + say(project, "boot", "--", "echo", "served")
    check("baseline", text)


def test_a_failed_row_of_prisma(database, make_project, say):
    """P3009, resolved by what it says."""
    project = make_project(migrations={ONE: "SELECT nope;\n"})
    database.query(PRISMA_TABLE)
    database.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs) VALUES ('a', %s, %s, 'Database error')",
        [hashlib.sha256(b"SELECT nope;\n").hexdigest(), ONE],
    )
    text = say(project, "boot", "--", "echo", "served")
    project.migration(ONE, "SELECT 1;\n")
    text += say(project, "migrate", "resolve", "--rolled-back", ONE) + say(project, "boot", "--", "echo", "served")
    check("p3009", text)


def test_waiting_in_vain(make_project, say):
    """`wait` on a database that nobody migrates."""
    project = make_project(migrations=GOOD)
    check("wait", say(project, "wait", "--timeout", "500ms", "--", "echo", "served"))


def test_usage_errors(make_project, say):
    """Mistyped verbs, flags and values, for people and as JSON."""
    project = make_project(migrations=GOOD)
    text = "".join(
        say(project, *words.split())
        for words in (
            "boots", "boot", "boot --frobnicate -- true", "boot --timeout soon -- true", "migrate deplyo",
            "migrate status --frobnicate", "migrate status --json --frobnicate", "boot --log-format json -- no-such-command",
        )
    )  # fmt: skip
    check("usage", text)
