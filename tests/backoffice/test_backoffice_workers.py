"""Exactly once: workers are killed in the middle of a job, after its work and before its end, and again and again."""

import os
import random
import signal
import time
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from backoffice_platform import Platform, platform_on, until

SOON = {"STALLED_AFTER": "1"}
ROUNDS = int(os.environ.get("PGREADY_BACKOFFICE_KILLS", "20"))


@pytest.fixture(scope="module")
def books(backoffice_server, tmp_path_factory) -> Iterator[Platform]:
    """The APIs; the tests start the workers."""
    logs = tmp_path_factory.mktemp("workers")
    with platform_on(backoffice_server, logs, f"workers_{logs.name}") as one:
        one.start("ledger_api")
        one.start("trading_svc")
        for name in ("ledger_api", "trading_svc"):
            one.answering(name)
        yield one


def issued(platform, number, amount="10.00"):
    """An issued invoice, its job in the queue."""
    ledger = platform.running["ledger_api"]
    client = ledger.made("/clients", name=number, country="DE")["id"]
    lines = [{"description": "work", "quantity": "1", "unit_price": amount}]
    body = {"client_id": client, "number": number, "currency": "EUR", "due_on": "2031-01-31", "lines": lines}
    invoice = ledger.made("/invoices", **body)["id"]
    ledger.made(f"/invoices/{invoice}/issue")
    return invoice


def posted(platform, invoice):
    """How often it is in the books, and with how many entries."""
    return platform.query(
        "SELECT count(DISTINCT t.id), count(*) FROM financial.transactions AS t"
        " JOIN financial.entries AS e ON e.transaction_id = t.id WHERE t.invoice_id = %s",
        invoice,
    )[0]


def jobs(platform, *states):
    """How many jobs are in one of these states."""
    return platform.query("SELECT count(*) FROM procrastinate_jobs WHERE status::text = ANY (%s)", list(states))[0][0]


def test_killed_in_the_middle(books: Platform):
    """Killed while it writes: nothing of it stays, and the next worker does all of it, once."""
    invoice = issued(books, "MIDDLE")
    with psycopg.connect(books.url()) as other:
        # Another transaction is at the same document, so the worker waits in the middle of its own.
        other.execute(
            "INSERT INTO financial.transactions (id, kind, client_id, invoice_id, description)"
            " SELECT gen_random_uuid(), 'INVOICE', client_id, id, 'in the way' FROM financial.invoices WHERE id = %s",
            (invoice,),
        )
        worker = books.start("worker_financial", **SOON)
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%transactions%'"
        until(lambda: books.query(waiting), "the worker waits")
        worker.stop(signal.SIGKILL)
        other.rollback()
    assert posted(books, invoice) == (0, 0)
    assert jobs(books, "doing") == 1
    second = books.start("worker_financial", **SOON)
    until(lambda: posted(books, invoice) == (1, 2), "another worker has posted it")
    until(lambda: jobs(books, "todo", "doing", "failed") == 0, "the job is done")
    second.stop()


def test_killed_between_the_work_and_its_end(books: Platform):
    """Killed when the posting is committed and the job is not: the second run finds it and adds nothing."""
    invoice = issued(books, "BETWEEN")
    with psycopg.connect(books.url()) as other:
        other.execute("LOCK TABLE procrastinate_events IN EXCLUSIVE MODE")  # a job's start and end are events
        worker = books.start("worker_financial", **SOON)
        until(
            lambda: books.query(
                "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%fetch_job%' AND wait_event_type = 'Lock'"
            ),
            "the worker takes the job",
        )
        other.rollback()
        until(lambda: posted(books, invoice) == (1, 2), "it is posted")
        worker.stop(signal.SIGKILL)
    second = books.start("worker_financial", **SOON)
    until(lambda: jobs(books, "todo", "doing", "failed") == 0, "the job is done")
    second.stop()
    assert posted(books, invoice) == (1, 2)


@pytest.mark.timeout(1200)
def test_killed_again_and_again(books: Platform):
    """Two workers of each kind, killed at random: every invoice and every fill counts once."""
    chance = random.Random(9)
    ledger, trading = books.running["ledger_api"], books.running["trading_svc"]
    client = ledger.made("/clients", name="Trader", country="CH")["id"]
    account = ledger.made("/accounts", client_id=client, kind="CASH", currency="EUR", name="Trading")["id"]
    coal = trading.made("/instruments", symbol="COAL", name="Coal", tick_size="0.01")["id"]
    order = trading.made("/orders", account_id=account, instrument_id=coal, side="BUY", quantity="100000")["id"]
    names = ("worker_financial", "worker_financial", "worker_trading", "worker_trading")
    workers = [books.start(name, **SOON) for name in names]
    invoices, fills = [], 0
    for at in range(ROUNDS):
        invoices += [issued(books, f"CHAOS-{at}-{part}") for part in range(3)]
        for _ in range(3):
            trading.made(f"/orders/{order}/fills", quantity="1", price="2")
            fills += 1
        time.sleep(chance.uniform(0, 0.4))
        victim = chance.randrange(len(workers))
        workers[victim].stop(signal.SIGKILL)
        workers[victim] = books.start(names[victim], **SOON)

    def done():
        return jobs(books, "todo", "doing") == 0

    until(done, "every job is done", seconds=300)
    assert jobs(books, "failed") == 0
    assert [posted(books, each) for each in invoices] == [(1, 2)] * len(invoices)
    assert books.query("SELECT sum(amount) FROM financial.entries") == [(Decimal("0.00"),)]
    (position,) = trading.get("/positions", account_id=account).data["items"]
    assert (position["quantity"], position["cost"]) == (f"{fills}.000000", f"{2 * fills}.00")
    for worker in workers:  # or they would take the next test's jobs
        worker.stop()
    print(f"\n{ROUNDS} workers killed: {len(invoices)} invoices and {fills} fills, each once")


def test_what_passes_by_itself_is_retried(books: Platform):
    """A job that the server refuses for want of a lock runs again later, and says so."""
    invoice = issued(books, "RETRY")
    books.query("ALTER ROLE backoffice_worker_financial SET lock_timeout = '100ms'")
    with psycopg.connect(books.url()) as other:
        other.execute("LOCK TABLE financial.transactions IN ACCESS EXCLUSIVE MODE")
        worker = books.start("worker_financial", **SOON)
        retried = "SELECT 1 FROM procrastinate_events WHERE type = 'deferred_for_retry'"
        until(lambda: books.query(retried), "the job is put back")
        other.rollback()
    until(lambda: posted(books, invoice) == (1, 2), "it is posted")
    worker.stop()
    books.query("ALTER ROLE backoffice_worker_financial RESET lock_timeout")
