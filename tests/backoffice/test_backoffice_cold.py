"""Cold starts: services in any order, late, killed, the server restarted in between; no log knows a missing relation."""

import os
import random
import signal
import time

import psycopg
import pytest
from backoffice_platform import HTTP, SERVICES, Platform, until

from fix_server import PASSWORD, find_default_bindir
from pgready.embedded import EmbeddedServer

ROUNDS = int(os.environ.get("PGREADY_BACKOFFICE_STARTS", "5"))
NEVER = ("does not exist", "UndefinedTable", "Traceback")
FAULTS = ("none", "kill the migrating one", "kill a waiting one", "restart the server")


@pytest.mark.timeout(7200)
def test_cold_starts(tmp_path):
    """After each of them every service answers and serves a list, and every log is clean."""
    chance = random.Random(50)
    took = []
    with EmbeddedServer(find_default_bindir(), password=PASSWORD) as server:
        for number in range(ROUNDS):
            logs = tmp_path / str(number)
            logs.mkdir()
            one = Platform(server, logs, f"cold_{number}")
            one.create()
            began = time.monotonic()
            try:
                _start(one, chance, FAULTS[number % len(FAULTS)])
                took.append(time.monotonic() - began)
            finally:
                one.close()
            for service in one.started:
                said = service.said()
                assert not [word for word in NEVER if word in said], f"round {number}, {service.name}: {said}"
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {one.database} WITH (FORCE)".encode())
    print(f"\n{ROUNDS} cold starts, {min(took):.1f} to {max(took):.1f} s; no log knows a missing relation")


def _start(one: Platform, chance: random.Random, fault: str) -> None:
    names = list(SERVICES)
    chance.shuffle(names)
    for name in names:
        one.start(name)
        time.sleep(chance.choice((0, 0, 0.05, 0.3)))
    if fault == "restart the server":
        time.sleep(chance.uniform(0, 1.5))
        one.server.restart()
    elif fault != "none":
        time.sleep(chance.uniform(0, 1.5))
        victim = (
            "ledger_api" if "migrating" in fault else chance.choice([each for each in names if each != "ledger_api"])
        )
        one.running[victim].stop(signal.SIGKILL)
        time.sleep(chance.uniform(0, 0.5))
        one.start(victim)

    def up() -> bool:
        for name in HTTP:
            service = one.running[name]
            if service.process.poll() is not None:  # as an orchestrator would
                assert service.process.returncode in (5, 7), service.said()
                one.start(name)
                return False
        try:
            return all(one.running[name].get("/readyz").status == 200 for name in HTTP)
        except OSError:
            return False

    until(up, "every service answers", seconds=120)
    assert one.running["ledger_api"].get("/invoices").data == {"items": [], "next": None, "previous": None}
    assert one.running["tagging_api"].get("/tags").status == 200
    assert one.running["trading_svc"].get("/instruments").status == 200
