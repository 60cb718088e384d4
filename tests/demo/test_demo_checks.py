"""Each check of the demo goes red when what it claims is not so: the faults are planted in a real platform."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from urllib.error import HTTPError

import pytest

from fix_server import PASSWORD, Database
from pgready.commands.demo import checks as demo_checks
from pgready.commands.demo.small import platform
from pgready.commands.demo.stage import Part, example_folder, pgready
from pgready.embedded.launch import watchdog
from pgready.process.children import Children

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def running(server) -> Iterator[tuple[Database, list[Part]]]:
    """A platform of two replicas that serves, on a database of the run's server."""
    database = Database(server, "demo_checks")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE_"))}
    environ |= {"DATABASE_URL": database.url, "HOST": "127.0.0.1", "PORT": "0", "PGREADY_LOG_FORMAT": "json"}
    parts = platform(2)
    with Children(watchdog) as children:
        for part in parts:
            folder = os.path.join(example_folder("fourschemas"), part.folder)
            argv = [*pgready(), part.verb, "--", sys.executable, part.program]
            children.start(part.name, argv, cwd=folder, env=environ)
        by_name = {p.name: p for p in parts}
        while any(p.serving_at is None for p in parts):
            line = children.next_line(60)
            assert line is not None
            assert line.stream != "end", line
            if line.stream == "stdout":
                part = by_name[line.child]
                part.serving_at, part.url = 1.0, line.text.removeprefix("listening on ")
        yield database, parts
    with Database(server, "postgres").connect() as connection:
        connection.execute("DROP DATABASE demo_checks WITH (FORCE)")


def names(database: Database, table: str) -> list[str]:
    """What a history says."""
    return [name for (name,) in database.query(f"SELECT migration_name FROM {table}._prisma_migrations")]


def test_all_hold_on_a_sound_platform(running):
    """Without a fault every check is green, so the faults below are what turns them red."""
    database, parts = running
    told = [
        replace(parts[0], ready_at=1.0),
        replace(parts[1], applied=names(database, "trading_svc")),
        replace(parts[2], applied=names(database, "public")),
        parts[3],
    ]
    assert [(c.name, c.detail) for c in demo_checks.check_all(database.url, told) if not c.ok] == []
    assert PASSWORD not in str(demo_checks.check_all(database.url, told))


def test_two_migrated(running):
    """Two replicas that both applied something, or none that did, is not one migrator."""
    _, parts = running
    both = [replace(p, applied=["x"]) for p in parts[2:]]
    assert demo_checks.one_migrated(both) == (False, "2 of 2 applied something")
    assert demo_checks.one_migrated(parts[2:]) == (False, "0 of 2 applied something")


def test_a_migration_recorded_twice(running):
    """A second row of a name is found, and so is a name that nobody told of."""
    database, _ = running
    told = [*names(database, "public"), *names(database, "trading_svc")]
    assert demo_checks.exactly_once(database.url, told)[0]
    assert demo_checks.exactly_once(database.url, told[1:]) == (False, "the rows are not what was told")
    columns = "checksum, finished_at, migration_name, applied_steps_count"
    database.query(
        f"INSERT INTO _prisma_migrations (id, {columns}) SELECT 'twice', {columns} FROM _prisma_migrations LIMIT 1"
    )
    try:
        ok, detail = demo_checks.exactly_once(database.url, told)
        assert (ok, detail) == (False, told[0])
    finally:
        database.query("DELETE FROM _prisma_migrations WHERE id = 'twice'")


def test_one_process_answers_for_two(running):
    """Two answers of one process are no proof that two replicas serve."""
    _, parts = running
    assert demo_checks.same_page(parts[2:])[0]
    assert not demo_checks.same_page([parts[2], parts[2]])[0]


def test_the_index_is_gone(running):
    """Without its index the page is no longer one bounded index scan."""
    database, parts = running
    ((definition,),) = database.query("SELECT pg_get_indexdef('financial.invoice_account_status_issued_idx'::regclass)")
    database.query("DROP INDEX financial.invoice_account_status_issued_idx")
    try:
        ok, detail = demo_checks.bounded(parts[2])
        assert not ok
        assert "Sort" in detail
    finally:
        database.query(definition)
    assert demo_checks.bounded(parts[2])[0]


def test_too_few_rows(running):
    """Fewer invoices than two pages hold are no proof that pages follow each other."""
    database, parts = running
    database.query("UPDATE financial.invoice SET account_id = 1 WHERE account_id = 2 AND number > 'INV-000040'")
    try:
        ok, detail = demo_checks.pages_follow(parts[2])
        assert (ok, detail) == (False, "7 invoices on two pages, newest first")
    finally:
        database.query("UPDATE financial.invoice SET account_id = 1 + id % 3 WHERE number > 'INV-000040'")
    assert demo_checks.pages_follow(parts[2])[0]


def test_a_quote_is_missing(running):
    """The plain SQL service's own data is looked at, not only that it answers."""
    database, parts = running
    database.query("UPDATE trading_svc.quote SET symbol = 'COAL2' WHERE symbol = 'COAL'")
    database.query("INSERT INTO trading_svc.quote VALUES ('COAL', now(), 1, 2)")
    try:
        assert not demo_checks.quotes(parts[1])[0]
    finally:
        database.query("DELETE FROM trading_svc.quote WHERE symbol = 'COAL'")
        database.query("UPDATE trading_svc.quote SET symbol = 'COAL' WHERE symbol = 'COAL2'")
    assert demo_checks.quotes(parts[1])[0]


def test_a_worker_that_migrates(running):
    """A worker that applied something did not only wait, and one that was never ready did not either."""
    _, parts = running
    migrated = replace(parts[2], applied=["x"])
    assert demo_checks.only_waited([replace(parts[0], ready_at=1.0), migrated])[0]
    assert not demo_checks.only_waited([replace(parts[0], ready_at=1.0, applied=["x"]), migrated])[0]
    assert not demo_checks.only_waited([parts[0], migrated])[0]


def test_nobody_answers(running):
    """A part that does not answer is a failed check in words, no traceback."""
    database, parts = running
    silent = [replace(p, url="http://127.0.0.1:1") for p in parts]
    checks = {c.name: c for c in demo_checks.check_all(database.url, silent)}
    assert not checks["every replica serves the same page"].ok
    assert checks["every replica serves the same page"].detail == "no answer: URLError"


def test_pages_together_are_the_whole_list(running):
    """Following the cursor to its end gives every invoice once, in the order of one big query."""
    database, parts = running
    path = "/invoices?account=1&status=OPEN&limit=100"
    seen, after = [], ""
    while after is not None:
        page = demo_checks.get(parts[2], path + (f"&after={after}" if after else ""))
        seen += [i["number"] for i in page["invoices"]]
        after = page["next"]
    whole = database.query(
        "SELECT number FROM financial.invoice WHERE account_id = 1 AND status = 'OPEN' ORDER BY issued_at DESC, id DESC"
    )
    assert seen == [number for (number,) in whole]
    assert len(seen) > 300


@pytest.mark.parametrize(
    ("path", "status"),
    [("/invoices?after=x", 400), ("/invoices?after=x_1", 400), ("/invoices?status=NO", 400),
     ("/invoices?account=%27", 400), ("/invoices?limit=-1", 400), ("/nothing", 404)],
)  # fmt: skip
def test_a_bad_request_is_answered_so(running, path, status):
    """What a client sends wrongly is its own fault, said with a status and no traceback."""
    _, parts = running
    with pytest.raises(HTTPError) as caught:
        demo_checks.get(parts[2], path)
    with caught.value as answer:
        assert answer.status == status
