"""Cold starts: services in any order, late, killed, the server restarted in between; no log knows a missing relation.

The seed says everything but the machine's own timing: order, delays, which processes are killed, how the server ends.
What an orchestrator does is done here: a process that ended is started again, in the same log.
"""

import os
import random
import signal
import time
from decimal import Decimal

import psycopg
import pytest
from backoffice_platform import HTTP, SERVICES, Platform, until

from fix_server import PASSWORD, find_default_bindir
from pgready.embedded import EmbeddedServer

ROUNDS = int(os.environ.get("PGREADY_BACKOFFICE_STARTS", "1"))
SEED = int(os.environ.get("PGREADY_BACKOFFICE_SEED", "50"))
NEVER = ("does not exist", "UndefinedTable", "Traceback")
# Not ready in time, unreachable: pgready's own ends. And what a service says when the server goes while it starts.
ENDS = (0, 1, 5, 7, 8)
FAULTS = (
    "restart fast, kill a waiting one", "kill the migrating one", "kill a waiting one, kill a worker",
    "restart immediate", "kill the migrating one, restart fast", "kill a worker, kill an api",
    "restart immediate, kill the migrating one, kill a waiting one", "none",
)  # fmt: skip


@pytest.mark.timeout(7200)
def test_cold_starts(tmp_path):
    """After each of them every service answers, both workers work, migrations are applied once, every log is clean."""
    chance = random.Random(SEED)
    took, again, faults = [], 0, 0
    with EmbeddedServer(find_default_bindir(), password=PASSWORD) as server:
        for number in range(ROUNDS):
            logs = tmp_path / str(number)
            logs.mkdir()
            one = Platform(server, logs, f"cold_{number}")
            one.create()
            began = time.monotonic()
            chosen = FAULTS[number % len(FAULTS)]
            at = len(server.log_text())
            try:
                _start(one, chance, [each for each in chosen.split(", ") if each != "none"])
                _is_whole(one)
                took.append(time.monotonic() - began)
            finally:
                one.close()
            for service in one.started:
                said = service.said()
                assert not [word for word in NEVER if word in said], f"round {number}, {service.name}: {said}"
            # The server's log, too.
            missing = [line for line in server.log_text()[at:].splitlines() if "does not exist" in line]
            assert missing == []
            again += len(one.started) - len(SERVICES)
            faults += len(chosen.split(", ")) * (chosen != "none")
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {one.database} WITH (FORCE)".encode())
    print(
        f"\n{ROUNDS} cold starts (seed {SEED}), {faults} faults, {again} processes started again,"
        f" {min(took):.1f} to {max(took):.1f} s; no log knows a missing relation"
    )


def _start(one: Platform, chance: random.Random, faults: list[str]) -> None:
    """All services in any order, then the faults, each at any moment of the start."""
    names = list(SERVICES)
    chance.shuffle(names)
    for name in names:
        one.start(name)
        time.sleep(chance.choice((0, 0, 0.05, 0.3)))
    for fault in faults:
        time.sleep(chance.uniform(0, 1.5))
        what, _, how = fault.partition(" ")
        if what == "restart":
            one.server.restart(how)  # type: ignore[arg-type]
            continue
        victims = {
            "the migrating one": ["ledger_api"],
            "a worker": ["worker_financial", "worker_trading"],
            "an api": list(HTTP),
        }.get(how) or [each for each in names if each != "ledger_api"]
        victim = chance.choice(victims)
        one.running[victim].stop(signal.SIGKILL)
        time.sleep(chance.uniform(0, 0.5))
        one.start(victim)

    def up() -> bool:
        for name in SERVICES:
            service = one.running[name]
            if service.process.poll() is not None:  # as an orchestrator would
                assert service.process.returncode in ENDS, service.said()
                one.start(name)
                return False
        try:
            return _all_ready(one)
        except OSError:
            return False

    until(up, "every service answers", seconds=150)


def _all_ready(one: Platform) -> bool:
    """Whether every probe says so, and it is this service that answers: no other took its port while it was down."""
    ready = all(one.running[name].get("/readyz").status == 200 for name in HTTP)
    titles = [one.running[name].get("/openapi.json").data["info"]["title"] for name in HTTP]
    assert titles == [name.replace("_", "-") for name in HTTP]
    return ready


def _is_whole(one: Platform) -> None:
    """Lists are there and empty, a job of each queue is done, and each migration stands in its history once."""
    ledger, trading = one.running["ledger_api"], one.running["trading_svc"]
    assert ledger.get("/invoices").data == {"items": [], "next": None, "previous": None}
    assert one.running["tagging_api"].get("/tags").status == 200
    assert trading.get("/instruments").status == 200
    client = ledger.made("/clients", name="Cold", country="NO")["id"]
    lines = [{"description": "ice", "quantity": "1", "unit_price": "5"}]
    body = {"client_id": client, "number": "COLD", "currency": "EUR", "due_on": "2031-01-31", "lines": lines}
    ledger.made(f"/invoices/{ledger.made('/invoices', **body)['id']}/issue")
    account = ledger.made("/accounts", client_id=client, kind="CASH", currency="EUR", name="Trading")["id"]
    coal = trading.made("/instruments", symbol="COAL", name="Coal", tick_size="0.01")["id"]
    order = trading.made("/orders", account_id=account, instrument_id=coal, side="BUY", quantity="2")["id"]
    trading.made(f"/orders/{order}/fills", quantity="2", price="3")
    for worker in ("worker_financial", "worker_trading"):
        service = one.running[worker]
        assert service.process.poll() is None, service.said()
    until(lambda: one.query("SELECT count(*) FROM financial.entries") == [(2,)], "the invoice is posted", seconds=90)
    position = "SELECT quantity, cost FROM trading.positions"
    until(lambda: one.query(position) == [(Decimal(2), Decimal(6))], "the fill is a position", seconds=90)
    for table in ("public", "trading_svc"):
        twice = f"SELECT migration_name FROM {table}._prisma_migrations GROUP BY 1 HAVING count(*) FILTER (WHERE finished_at IS NOT NULL) <> 1"
        assert one.query(twice) == []
