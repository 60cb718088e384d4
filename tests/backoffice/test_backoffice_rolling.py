"""A rolling restart of every service under load, while a migration runs for long; probes as a kubelet sends them.

What Kubernetes does is done here in small: a pod gets requests while its readiness probe succeeds, is killed when its
liveness probe fails too often, and goes when its successor is ready. Probes are those of examples/backoffice/deploy,
more often than every ten seconds, so that a migration of twenty seconds is longer than their patience.
"""

import http.client
import itertools
import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from backoffice_platform import BACKOFFICE, HTTP, SERVICES, Platform, Service, free_port, platform_on, until

SECONDS = int(os.environ.get("PGREADY_BACKOFFICE_MIGRATION", "20"))
PATIENCE, THRESHOLD = SECONDS * 0.9, 6  # of the liveness probe: less than the migration takes
PATHS = {
    "ledger_api": ("/invoices", "/clients?country=DE", "/transactions?limit=5", "/accounts"),
    "tagging_api": ("/tags", "/tags?sort=-created_at"),
    "trading_svc": ("/instruments", "/quotes?symbol=COAL"),
}


@dataclass
class Pod:
    """A process with what the kubelet knows of it."""

    name: str
    service: Service
    ready: bool = False
    leaving: bool = False
    failed: int = 0
    seen: set[str] = field(default_factory=set)

    def probe(self, path: str) -> tuple[int, str]:
        """The status of a probe, and its body; 0 if nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=3)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()


class Kubelet(threading.Thread):
    """Probes every pod; `killed` are those that it found dead, which it ends and does not start again."""

    def __init__(self, patience: float) -> None:
        super().__init__(daemon=True)
        self.patience = patience
        self.pods: list[Pod] = []
        self.killed: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        live = time.monotonic()
        while not self.over.wait(0.25):
            due = time.monotonic() >= live
            if due:
                live = time.monotonic() + self.patience / THRESHOLD
            for pod in [each for each in self.pods if not each.leaving]:
                status, body = pod.probe("/readyz")
                pod.ready = status == 200
                if '"state": "' in body:
                    pod.seen.add(body.partition('"state": "')[2].partition('"')[0])
                if due:
                    self._live(pod)

    def _live(self, pod: Pod) -> None:
        pod.failed = 0 if pod.probe("/livez")[0] == 200 else pod.failed + 1
        if pod.failed >= THRESHOLD:
            pod.leaving = True
            self.killed.append(pod.name)
            pod.service.process.kill()


class Load(threading.Thread):
    """Asks one service again and again, each time another pod that is ready."""

    def __init__(self, kubelet: Kubelet, name: str) -> None:
        super().__init__(daemon=True)
        self.kubelet = kubelet
        self.name_ = name
        self.count = 0
        self.failures: list[tuple[str, str]] = []
        self.nobody = 0
        self.slowest = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        turns = itertools.count()
        while not self.over.wait(0.01):
            ready = [
                each
                for each in self.kubelet.pods
                if each.service.name == self.name_ and each.ready and not each.leaving
            ]
            if not ready:
                self.nobody += 1
                continue
            pod = ready[next(turns) % len(ready)]
            began = time.monotonic()
            self._ask(pod, PATHS[self.name_][self.count % len(PATHS[self.name_])])
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _ask(self, pod: Pod, path: str) -> None:
        self.count += 1
        try:
            if self.name_ == "ledger_api" and self.count % 5 == 0:
                answer = pod.service.post("/clients", {"name": f"Load {self.count}", "country": "DE"})
            else:
                answer = pod.service.get(path)
            if not 200 <= answer.status < 300:
                self.failures.append((pod.name, f"{path}: {answer.status} {answer.text}"))
        except (OSError, http.client.HTTPException) as e:
            self.failures.append((pod.name, f"{path}: {type(e).__name__}"))


def image(folder: Path, name: str, script: str) -> Path:
    """The example with one more migration: the next release."""
    shutil.copytree(BACKOFFICE, folder, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    (folder / "prisma/migrations" / name).mkdir()
    (folder / "prisma/migrations" / name / "migration.sql").write_text(script)
    return folder


@pytest.fixture(scope="module")
def fleet(backoffice_server, tmp_path_factory) -> Iterator[Platform]:
    """A database of the release before, nothing running."""
    logs = tmp_path_factory.mktemp("rolling")
    with platform_on(backoffice_server, logs, f"rolling_{logs.name}") as one:
        yield one


def pod(platform: Platform, name: str, number: str, folder: Path = BACKOFFICE, *, health: bool = True) -> Pod:
    """A process of an image; pgready answers its probes until it is the service."""
    port = free_port()
    more = {"PGREADY_HEALTH": f"127.0.0.1:{port}"} if health else {}
    return Pod(f"{name}-{number}", platform.start(name, folder, PORT=str(port), **more))


def roll(platform: Platform, kubelet: Kubelet, olds: list[Pod], folder: Path, words: list[str]) -> None:
    """One by one: a successor, until it is ready; then the old one gets no more requests, and a SIGTERM."""
    for number, old in enumerate(olds):
        name = old.service.name
        new = pod(platform, name, f"new-{number}", folder)
        began = time.monotonic()
        kubelet.pods.append(new)
        if name in HTTP:
            until(lambda new=new: new.ready or new.leaving, f"{new.name} is ready", seconds=SECONDS + 400)
        else:
            until(lambda new=new: "Starting worker" in new.service.said(), f"{new.name} works", seconds=SECONDS + 400)
        words.append(f"{new.name} {time.monotonic() - began:.0f} s {'/'.join(sorted(new.seen))}")
        old.leaving = True
        time.sleep(0.5)  # until the last balancer has heard of it
        old.service.stop(signal.SIGTERM)


@pytest.mark.timeout(1800)
def test_rolling_restart_under_load(fleet: Platform, tmp_path):
    """No request fails but those of the process that was killed; nothing that migrates or waits is killed by probes."""
    chance = random.Random(7)
    new = image(
        tmp_path / "new", "20250401090000_slow",
        f"CREATE TABLE financial.slow (id int PRIMARY KEY);\nSELECT pg_sleep({SECONDS});\n",
    )  # fmt: skip
    kubelet = Kubelet(600)
    began = time.monotonic()
    counted = {"ledger_api": 2, "tagging_api": 2}
    olds = {name: [pod(fleet, name, f"old-{n}") for n in range(counted.get(name, 1))] for name in SERVICES}
    kubelet.pods = [each for name in HTTP for each in olds[name]]
    kubelet.start()
    until(lambda: all(each.ready for each in kubelet.pods), "every pod of the old release is ready", seconds=400)
    # On a machine that takes long to start a Python program, a closed port between pgready and the service is no death.
    kubelet.patience = max(PATIENCE, 2 * (time.monotonic() - began))
    loads = [Load(kubelet, name) for name in HTTP]
    for each in loads:
        each.start()
    until(lambda: all(each.count > 20 for each in loads), "requests are answered")

    words: list[str] = []
    names = list(SERVICES)
    chance.shuffle(names)
    rolls = [threading.Thread(target=roll, args=(fleet, kubelet, olds[name], new, words)) for name in names]
    began = time.monotonic()
    for each in rolls:
        each.start()
    sleeping = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'"
    until(lambda: fleet.query(sleeping), "the migration runs", seconds=90)
    # In the middle of it a process of the old release dies, as processes do; its pod begins anew.
    victim = olds["tagging_api"][1]
    victim.service.stop(signal.SIGKILL)
    victim.service = fleet.start("tagging_api", PORT=str(victim.service.port))
    for each in rolls:
        each.join(SECONDS + 900)
        assert not each.is_alive()
    took = time.monotonic() - began
    counts = {each.name_: each.count for each in loads}
    for each in loads:
        each.over.set()
        each.join(60)
    kubelet.over.set()
    kubelet.join(60)
    failures = [failure for each in loads for failure in each.failures]
    print(
        f"\na migration of {SECONDS} s, every service restarted within {took:.0f} s; probes' patience {kubelet.patience:.0f} s;"
        f" {sum(counts.values())} requests,"
        f" {len(failures)} failed, all of the process that was killed; ready after: {', '.join(words)};"
        f" slowest request {max(each.slowest for each in loads):.2f} s"
    )
    assert len(words) == sum(map(len, olds.values()))
    assert kubelet.killed == []
    assert {name for name, _ in failures} <= {victim.name}, failures
    assert [each.nobody for each in loads] == [0, 0, 0]
    rolled = {each.name: each for each in kubelet.pods}
    assert "migrating" in rolled["ledger_api-new-0"].seen
    assert "waiting" in rolled["tagging_api-new-0"].seen
    assert fleet.query("SELECT count(*) FROM _prisma_migrations WHERE migration_name LIKE '%slow'") == [(1,)]
    for service in fleet.started:
        assert "does not exist" not in service.said()
    for each in kubelet.pods:
        each.service.stop()


@pytest.mark.timeout(1800)
def test_probes_that_nobody_answers_kill_it(fleet: Platform, tmp_path):
    """The fault that --health is against: the same migration behind a closed port is killed by its probes."""
    name = "20250401093000_slow_again"
    new = image(tmp_path / "new", name, f"CREATE TABLE financial.slow_again (id int);\nSELECT pg_sleep({SECONDS});\n")
    kubelet = Kubelet(PATIENCE)
    one = pod(fleet, "ledger_api", "closed", new, health=False)
    kubelet.pods = [one]
    kubelet.start()
    until(lambda: kubelet.killed, "the kubelet has lost its patience", seconds=90)
    kubelet.over.set()
    kubelet.join(60)
    assert kubelet.killed == ["ledger_api-closed"]
    assert one.service.stop() == -signal.SIGKILL
    # What was killed is not there: the fence and the transaction see to that.
    gone = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    until(lambda: fleet.query(gone) == [(0,)], "its session has ended")
    assert fleet.query("SELECT count(*) FROM _prisma_migrations WHERE migration_name = %s", name) == [(0,)]
