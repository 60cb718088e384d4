"""The ASGI lifespan on a real FastAPI application and a real database."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.applications import Starlette

import pgready
from pgready import asgi
from pgready.asgi import lifespan
from pgready.errors import NotReady

MIGRATIONS = {"1_one": "CREATE TABLE a (id int); INSERT INTO a VALUES (7);"}


def test_application_starts_on_a_ready_database(database, make_project, monkeypatch):
    """With `migrate` the first request already finds the table, and the inner lifespan's state is kept."""
    project = make_project(migrations=MIGRATIONS)
    monkeypatch.chdir(project.path)

    @asynccontextmanager
    async def inner(_app):
        yield {"found": database.query("SELECT id FROM a")}

    app = FastAPI(lifespan=lifespan(inner, migrate=True, url=database.url))
    with TestClient(app) as client:
        assert client.app_state["found"] == [(7,)]


def test_application_does_not_start_before_the_schema(database, make_project, monkeypatch):
    """Without `migrate` an application whose migrations nobody applies never starts."""
    project = make_project(migrations=MIGRATIONS)
    monkeypatch.chdir(project.path)
    app = FastAPI(lifespan=lifespan(url=database.url, timeout="300ms"))
    with pytest.raises(NotReady), TestClient(app):
        pytest.fail("the application started on an empty database")
    assert database.query("SELECT to_regclass('a')") == [(None,)]


GATE = 4712
SLOW = {
    "1_one": MIGRATIONS["1_one"],
    "2_slow": f"SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({GATE}); CREATE TABLE b (id int);",
}


def until(client, wanted, path="/readyz"):
    """The first answer to `path` that fulfils `wanted`."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        answer = client.get(path)
        if wanted(answer):
            return answer
        time.sleep(0.02)
    raise AssertionError(f"never: {answer.status_code} {answer.text}")


@pytest.fixture
def served(database, make_project, monkeypatch):
    """The folder of a project with one migration, applied; the current one."""
    project = make_project(migrations=MIGRATIONS)
    monkeypatch.chdir(project.path)
    monkeypatch.setenv("DATABASE_URL", database.url)
    pgready.boot()
    return project


def test_router_asks_the_database_again(database, served):
    """Ready, until a migration is there that the database has not; then ready again once it is applied."""
    app = FastAPI()
    app.include_router(asgi.router(every=0.05))
    with TestClient(app) as client:
        assert (client.get("/livez").status_code, client.get("/livez").json()) == (200, {"live": True})
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (
            200,
            {"ready": True, "state": "ready", "migrations": {"at": 1, "of": 1}},
        )
        assert answer.headers["cache-control"] == "no-store"
        served.migration("2_two", "CREATE TABLE b ();")
        answer = until(client, lambda each: each.status_code == 503)
        assert answer.json() == {"ready": False, "state": "pending", "migrations": {"at": 1, "of": 2}}
        pgready.boot()
        until(client, lambda each: each.status_code == 200)
        database.query("DELETE FROM _prisma_migrations")
        until(client, lambda each: each.status_code == 503)
        assert client.head("/livez").content == b""
        assert client.post("/readyz").status_code == 405
        assert "/readyz" not in client.get("/openapi.json").json()["paths"]


@pytest.fixture
def two(database, served):
    """Flags of two histories in one database: one in the current folder, applied, and one beside it, not yet."""
    own = served.path / "own"
    (own / "migrations").mkdir(parents=True)
    (own / "migrations/1_own.sql").write_text("CREATE TABLE own.c (id int);")
    (own / "pgready.toml").write_text('migrations = "migrations"\nmigrations_schema = "own"\n')
    database.query("CREATE SCHEMA own")
    return {"first": {}, "own": {"config": str(own / "pgready.toml")}}


def test_ready_means_every_history(database, two):
    """One that is not whole makes the application unready, and is named; whole again, it is ready again."""
    app = FastAPI()
    app.include_router(asgi.router(histories=two, every=0.05))
    whole = {"ready": True, "state": "ready", "migrations": {"at": 1, "of": 1}}
    pending = {"ready": False, "state": "pending", "migrations": {"at": 0, "of": 1}}
    with TestClient(app) as client:
        answer = client.get("/readyz")
        both = {"first": whole, "own": pending}
        assert answer.status_code == 503
        assert answer.json() == {
            "ready": False, "state": "pending", "migrations": {"at": 1, "of": 2}, "histories": both,
        }  # fmt: skip
        pgready.boot(**two["own"])
        answer = until(client, lambda each: each.status_code == 200)
        both = {"first": whole, "own": whole}
        assert answer.json() == {"ready": True, "state": "ready", "migrations": {"at": 2, "of": 2}, "histories": both}
        database.query("DELETE FROM _prisma_migrations")
        answer = until(client, lambda each: each.status_code == 503)
        assert answer.json()["histories"] == {"first": pending, "own": whole}


def test_a_gate_waits_for_one_history_and_migrates_another(database, two):
    """What is said beside them holds for each that does not say otherwise; the history that is at work is named."""
    histories = {"own": {**two["own"], "migrate": True}, "first": {}}
    database.query("ALTER TABLE _prisma_migrations RENAME TO away")
    with TestClient(asgi.gate(FastAPI(), histories=histories)) as client:
        answer = until(client, lambda each: each.json().get("history") == "first")
        assert answer.status_code == 503
        assert database.query("SELECT to_regclass('own.c') IS NOT NULL") == [(True,)]
        database.query("ALTER TABLE away RENAME TO _prisma_migrations")
        assert "history" not in until(client, lambda each: each.status_code == 200).json()
    with TestClient(FastAPI(lifespan=lifespan(histories=two, timeout="5s"))):
        database.query("DELETE FROM own._prisma_migrations")
    with pytest.raises(NotReady), TestClient(FastAPI(lifespan=lifespan(histories=two, timeout="300ms"))):
        pytest.fail("the application started without its second history")
    with pytest.raises(ValueError, match="names no history"):
        asgi.probes(histories={})


def test_mounted_probes_without_a_server(make_project, monkeypatch):
    """Unreachable is not ready, told by a word and without the URL; live all the same."""
    monkeypatch.chdir(make_project(migrations=MIGRATIONS).path)
    app = Starlette()
    url = "postgresql://user:s3cret@127.0.0.1:1/none"
    app.mount("/health", asgi.probes(url=url, patience=10))
    with TestClient(app) as client:
        answer = client.get("/health/readyz")
        assert answer.status_code == 503
        assert answer.json()["state"] == "unreachable"
        assert "s3cret" not in answer.text
        assert "127.0.0.1" not in answer.text
        assert client.get("/health/livez").status_code == 200
        assert client.get("/health/other").status_code == 404
        assert client.delete("/health/livez").status_code == 405


def test_readiness_never_holds_up_the_event_loop(make_project, monkeypatch):
    """A server that accepts and never answers: the loop turns on, many probes share one question, each in time."""
    monkeypatch.chdir(make_project(migrations=MIGRATIONS).path)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/d?connect_timeout=3"
        asked = asgi.Probes(url=url, patience=0.2)

        async def main():
            turns = 0
            many = asyncio.gather(*(asked.ready() for _ in range(50)))
            while not many.done():
                turns += 1
                await asyncio.sleep(0.001)
            return turns, await many

        turns, answers = asyncio.run(main())
        assert {(status, body["reason"]) for status, body in answers} == {(503, "slow")}
        assert turns > 20
        silent.settimeout(0)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):  # one connection for all fifty
            silent.accept()


def test_a_late_answer_is_bridged_for_a_while(served, monkeypatch):
    """A database that turns slow: the last answer counts, then `slow` is told; a late answer is given to the next."""
    module = sys.modules["pgready.integrations.asgi"]
    real, answers = module.look, threading.Event()
    answers.set()

    def late(histories):
        assert answers.wait(30)
        return real(histories)

    monkeypatch.setattr(module, "look", late)
    app = FastAPI()
    app.include_router(asgi.router(every=0.01, patience=0.1))
    with TestClient(app) as client:
        until(client, lambda each: each.status_code == 200)
        answers.clear()
        time.sleep(0.02)
        assert client.get("/readyz").status_code == 200
        monkeypatch.setattr(module, "_LATE", 0.0)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["reason"]) == (503, "slow")
        answers.set()
        until(client, lambda each: each.status_code == 200)


def test_a_gate_is_live_while_it_migrates(database, make_project, monkeypatch):
    """Probes from the first moment, 503 for the rest; then the application's own lifespan, its state and its routes."""
    monkeypatch.chdir(make_project(migrations=SLOW).path)
    seen = []

    @asynccontextmanager
    async def inner(_app):
        seen.append(database.query("SELECT to_regclass('b') IS NOT NULL"))
        yield {"found": 7}
        seen.append("closed")

    api = FastAPI(lifespan=inner)

    @api.get("/")
    def home(request: Request):
        return request.state.found

    with database.connect() as holder:
        holder.execute(f"SELECT pg_advisory_lock({GATE})")
        with TestClient(asgi.gate(api, migrate=True, url=database.url)) as client:
            answer = until(client, lambda each: each.json().get("migration") == "2_slow")
            assert answer.json()["migrations"] == {"at": 2, "of": 2}
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert client.get("/livez").status_code == 200
            assert client.get("/").status_code == 503
            assert seen == []
            holder.execute(f"SELECT pg_advisory_unlock({GATE})")
            until(client, lambda each: each.status_code == 200)
            assert (client.get("/").status_code, client.get("/").json()) == (200, 7)
            assert client.get("/not/readyz").status_code == 404
    assert seen == [[(True,)], "closed"]


def test_a_gate_that_cannot_open_is_dead(database, make_project, monkeypatch, caplog):
    """A failed migration: neither live nor ready, by a word; the log has it whole."""
    monkeypatch.chdir(make_project(migrations={"1_bad": "SELECT 1/0;"}).path)
    with TestClient(asgi.gate(FastAPI(), migrate=True, url=database.url)) as client:
        answer = until(client, lambda each: each.status_code == 503, "/livez")
        assert answer.json()["reason"] == "migration_failed"
        assert client.get("/readyz").status_code == 503
    assert "division by zero" in caplog.text


def test_a_gate_whose_application_fails_is_dead(database, served, caplog):
    """An exception in the application's own lifespan is not taken for readiness."""

    @asynccontextmanager
    async def inner(_app):
        raise RuntimeError("planted")
        yield

    with TestClient(asgi.gate(FastAPI(lifespan=inner))) as client:
        answer = until(client, lambda each: each.status_code == 503, "/livez")
        assert answer.json()["reason"] == "application"
    assert "planted" in caplog.text


def test_an_application_without_lifespan_behind_a_gate(served):
    """The protocol lets an application refuse the lifespan: it is open at once."""

    async def bare(scope, receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with TestClient(asgi.gate(bare)) as client:
        until(client, lambda each: each.status_code == 200)
        assert client.get("/x").status_code == 204


def test_a_gated_server_stops_in_the_middle(database, make_project):
    """SIGTERM to uvicorn during a migration: it ends at once and nothing stays applied."""
    project = make_project(migrations=SLOW)
    (project.path / "served.py").write_text(
        "from fastapi import FastAPI\nfrom pgready import asgi\napp = asgi.gate(FastAPI(), migrate=True)\n"
    )
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    with database.connect() as holder:
        holder.execute(f"SELECT pg_advisory_lock({GATE})")
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "served:app", "--port", str(port)],
            cwd=project.path,
            env=project.env(database.url),
            stderr=subprocess.PIPE,
        )
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:

                def slow():
                    with contextlib.suppress(httpx2.TransportError):
                        return client.get("/readyz").json().get("migration") == "2_slow"
                    return False

                end = time.monotonic() + 30
                while not slow() and time.monotonic() < end:
                    time.sleep(0.05)
                assert slow()
            process.terminate()
            _, err = process.communicate(timeout=20)
        finally:
            process.kill()
            process.wait()
        assert b"Traceback" not in err, err.decode()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s"
        end = time.monotonic() + 30
        while database.query(waiting, [GATE]) != [(0,)] and time.monotonic() < end:
            time.sleep(0.05)  # the server looks for its client once a second
    assert database.query("SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL") == [(1,)]
