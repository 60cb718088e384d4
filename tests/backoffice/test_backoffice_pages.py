"""200,000 real rows: every list through its whole depth while rows are being inserted, at a price that does not grow."""

import contextlib
import http.client
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import psycopg
import pytest
from backoffice_platform import Platform, platform_on

ROWS = int(os.environ.get("PGREADY_BACKOFFICE_ROWS", "200000"))
LISTS = (
    ("ledger_api", "/invoices", {}, "id", "financial.invoices", ""),
    ("ledger_api", "/invoices", {"sort": "created_at"}, "id", "financial.invoices", ""),
    ("ledger_api", "/invoices", {"status": "PAID"}, "id", "financial.invoices", "status = 'PAID'"),
    ("ledger_api", "/transactions", {}, "id", "financial.transactions", ""),
    ("ledger_api", "/clients", {}, "id", "financial.clients", ""),
    ("ledger_api", "/clients", {"country": "DE"}, "id", "financial.clients", "country = 'DE'"),
    ("ledger_api", "/accounts", {}, "id", "financial.accounts", ""),
    ("tagging_api", "/tags/{tag}/records", {}, "record_id", "tagging.taggings", ""),
    ("trading_svc", "/orders", {"instrument_id": "{coal}", "status": "OPEN"}, "id", "trading.orders",
     "status = 'OPEN' AND instrument_id = '{coal}'"),
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded(backoffice_server, tmp_path_factory) -> Iterator[Platform]:
    """The APIs on the sample data."""
    logs = tmp_path_factory.mktemp("pages")
    with platform_on(backoffice_server, logs, f"pages_{logs.name}") as one:
        names = ("ledger_api", "tagging_api", "trading_svc")
        for name in names:
            one.start(name)
        for name in names:
            one.answering(name)
        began = time.monotonic()
        done = one.run(sys.executable, "-m", "backoffice.sample", str(ROWS), role="backoffice_owner")
        assert done.returncode == 0, done.stderr
        print(f"\n{ROWS} invoices and what belongs to them loaded in {time.monotonic() - began:.1f} s")
        yield one


class Inserter(threading.Thread):
    """Inserts clients, accounts, invoices and transactions all the time, at both ends and in the middle of lists."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.stop = threading.Event()
        self.count = 0

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            (client,) = connection.execute("SELECT id FROM financial.clients LIMIT 1").fetchone()
            while not self.stop.wait(0.01):
                self.count += 1
                at = "timestamptz '2025-01-07 08:00Z' + random() * interval '300 days'"
                connection.execute(
                    "INSERT INTO financial.invoices (id, client_id, number, status, currency, due_on, issued_at, created_at)"
                    f" VALUES (gen_random_uuid(), %s, gen_random_uuid(), 'PAID', 'EUR', date '2025-02-06' + (random() * 1000)::int, now(), {at})",
                    (client,),
                )
                connection.execute(
                    "INSERT INTO financial.clients (id, name, country, created_at)"
                    f" VALUES (gen_random_uuid(), 'Client ' || random(), 'DE', {at})"
                )


def page(connection, path, query, cursor=None):
    """One page, and the seconds that it took."""
    given = {"limit": 200, **query, **({"cursor": cursor} if cursor else {})}
    began = time.perf_counter()
    connection.request("GET", f"{path}?{urlencode(given)}")
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body
    return json.loads(body), time.perf_counter() - began


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("one", LISTS, ids=lambda one: f"{one[1]} {' '.join(map('='.join, one[2].items()))}".strip())
def test_every_record_once_while_others_come(loaded: Platform, one):
    """What was there before is shown exactly once, however much is inserted; the last pages cost what the first did."""
    name, path, query, key, table, where = one
    named = {
        "tag": loaded.query("SELECT id FROM tagging.tags WHERE name = 'imported'")[0][0],
        "coal": loaded.query("SELECT id FROM trading.instruments WHERE symbol = 'COAL'")[0][0],
    }
    query = {name: value.format(**named) for name, value in query.items()}
    condition = f"WHERE {where.format(**named)}" if where else ""
    before = {str(each) for (each,) in loaded.query(f"SELECT {key} FROM {table} {condition}")}
    inserter = Inserter(loaded.url())
    inserter.start()
    connection = http.client.HTTPConnection("127.0.0.1", loaded.running[name].port, timeout=60)
    path, seen, cursors = path.format(**named), [], [None]
    with contextlib.closing(connection):
        while True:
            found, _ = page(connection, path, query, cursors[-1])
            seen += [each[key] for each in found["items"]]
            if found["next"] is None:
                break
            cursors.append(found["next"])
        inserter.stop.set()
        inserter.join()
        # By turns, since the machine is not always as fast: the second page and the last full one.
        places = [cursors[min(1, len(cursors) - 1)], cursors[max(len(cursors) - 2, 0)]]
        times = [[page(connection, path, query, place)[1] for place in places] for _ in range(15)]
    assert len(seen) == len(set(seen))
    assert before <= set(seen)
    first, last = (statistics.median(each) for each in zip(*times, strict=True))
    print(
        f"\n{path} {query}: {len(before)} records and {inserter.count} inserted meanwhile, {len(cursors)} pages;"
        f" the second in {first * 1e3:.1f} ms, the last but one in {last * 1e3:.1f} ms"
    )
    assert last < 2 * first + 0.005
