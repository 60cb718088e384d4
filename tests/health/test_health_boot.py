"""`boot --health` and `wait --health` as real processes: probes are answered while the database is made ready."""

import contextlib
import http.client
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.matrix

GATE = 4711
MIGRATIONS = {
    "1_one": "CREATE TABLE one (id int);",
    "2_slow": f"SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({GATE}); CREATE TABLE two (id int);",
    "3_three": "CREATE TABLE three (id int);",
}
# Binds the port as the crudest of servers does, without SO_REUSEADDR, and says what it inherited.
SERVICE = """
import json, os, socket, sys
one = socket.socket()
one.bind(("127.0.0.1", int(sys.argv[1])))
one.listen()
inherited = [os.readlink("/proc/self/fd/" + fd) for fd in os.listdir("/proc/self/fd") if int(fd) > 2 and int(fd) != one.fileno() and os.path.exists("/proc/self/fd/" + fd)]
print(json.dumps({"pid": os.getpid(), "sockets": [each for each in inherited if each.startswith("socket")]}))
"""


@pytest.fixture
def port():
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def gate(database):
    """Holds up migration 2_slow; `release()` lets it go on."""
    with database.connect() as holder:
        holder.execute(f"SELECT pg_advisory_lock({GATE})")
        yield lambda: holder.execute(f"SELECT pg_advisory_unlock({GATE})")


def asked(port, path, host="127.0.0.1"):
    """Status and body of one GET."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def until(port, wanted, path="/readyz"):
    """The first body that fulfils `wanted`."""
    end = time.monotonic() + 30
    body = None
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            body = asked(port, path)[1]
            if wanted(body):
                return body
        time.sleep(0.02)
    raise AssertionError(f"never: {body}")


@contextlib.contextmanager
def running(project, *arguments, url):
    """The process, killed at the end."""
    process = project.start(*arguments, url=url)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def at_slow(body):
    """Migration 2_slow is under way."""
    return body.get("migration") == "2_slow"


def test_probes_are_answered_and_the_port_handed_over(database, make_project, gate, port):
    """Live, not ready, migration 2 of 3; then CMD binds the very port, in the same process, and inherits no socket."""
    project = make_project(migrations=MIGRATIONS)
    command = [sys.executable, "-c", SERVICE, str(port)]
    with running(project, "boot", "--health", f"127.0.0.1:{port}", "--", *command, url=database.url) as process:
        body = until(port, at_slow)
        assert body["migrations"] == {"at": 2, "of": 3}
        assert (body["ready"], body["state"]) == (False, "migrating")
        assert body["seconds"] <= body["total_seconds"]
        assert body["since"].endswith("+00:00")
        assert asked(port, "/readyz")[0] == 503
        assert asked(port, "/livez") == (200, {"live": True})
        assert asked(port, "/")[0] == 404
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(3):  # on one connection
            kept.request("GET", "/readyz?verbose")
            assert kept.getresponse().read()
        gate()
        out, err = process.communicate(timeout=30)
        kept.close()
    assert process.returncode == 0, err
    assert json.loads(out) == {"pid": process.pid, "sockets": []}
    password = database.server.password
    assert password not in err
    assert password not in json.dumps(body)


def test_clients_that_misbehave_hold_nothing_up(database, make_project, gate, port):
    """Two hundred silent or half-spoken connections, garbage and a flood: probes are answered, the boot goes on."""
    project = make_project(migrations=MIGRATIONS)
    with running(project, "boot", "--health", f":{port}", "--", "true", url=database.url) as process:
        until(port, at_slow)
        opened = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(200)]
        for number, one in enumerate(opened):
            with contextlib.suppress(OSError):  # the oldest are dropped for the newest
                one.send((b"", b"GET /readyz HTT", b"GET /readyz HTTP/1.1\r\nX: ")[number % 3])
        for garbage, status in (
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
            (b"GET\r\n\r\n", b"400"),
            (b"GET /livez HTTP/2.0\r\n\r\n", b"400"),
            (b"A" * 20000, b"431"),
            (b"POST /livez HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody", b"405"),
            (b"GET /livez HTTP/1.1\r\n\r\nGET /readyz HTTP/1.0\r\n\r\n", b"200"),
            (b"GET /%ff\xff HTTP/1.1\r\nConnection: close\r\n\r\n", b"404"),
            (b"HEAD /livez HTTP/1.0\r\n\r\n", b"200"),
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
                one.sendall(garbage)
                assert one.recv(65536).split(b" ")[1] == status
        assert asked(port, "/readyz")[0] == 503
        if socket.has_ipv6 and Path("/proc/net/if_inet6").exists() and "lo" in Path("/proc/net/if_inet6").read_text():
            assert asked(port, "/livez", "::1")[0] == 200
        gate()
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        for one in opened:
            one.close()


def test_a_flood_of_requests_without_reading(database, make_project, gate, port):
    """A client that asks on and on and never reads is dropped and costs nobody anything."""
    project = make_project(migrations=MIGRATIONS)
    with running(project, "boot", "--health", f":{port}", "--", "true", url=database.url) as process:
        until(port, at_slow)
        with socket.create_connection(("127.0.0.1", port), timeout=1) as one, pytest.raises(OSError):
            for _ in range(100_000):
                one.sendall(b"GET /readyz HTTP/1.1\r\n\r\n" * 100)
        assert asked(port, "/readyz")[0] == 503
        gate()
        process.communicate(timeout=30)
        assert process.returncode == 0


def test_a_taken_port_is_told_before_anything_is_migrated(database, make_project, port):
    """Exit 2, no table; and a database that is ready needs no port: CMD starts at once."""
    project = make_project(migrations={"1_one": MIGRATIONS["1_one"]})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = project.run("boot", "--health", f"127.0.0.1:{port}", "--", "true", url=database.url)
        assert refused.returncode == 2
        assert f"127.0.0.1:{port}: the port is taken; nothing was migrated" in refused.stderr
        assert database.query("SELECT to_regclass('one'), to_regclass('_prisma_migrations')") == [(None, None)]
        assert project.run("migrate", "deploy", url=database.url).returncode == 0
        for verb in ("boot", "wait"):
            found = project.run(verb, "--health", f"127.0.0.1:{port}", "--", "true", url=database.url)
            assert (found.returncode, "probes" in found.stderr) == (0, False)


def test_wait_answers_too(database, make_project, port):
    """A waiting worker is live, and says what it waits for; once the database is ready it starts."""
    project = make_project(migrations={"1_one": MIGRATIONS["1_one"]})
    with running(project, "wait", "--health", f"[::1]:{port}", "--", "true", url=database.url) as process:
        end = time.monotonic() + 30
        body = {}
        while body.get("state") != "waiting" and time.monotonic() < end:
            with contextlib.suppress(OSError):
                body = asked(port, "/readyz", "::1")[1]
            time.sleep(0.02)
        assert (body["state"], body["reason"]) == ("waiting", "not_ready")
        assert project.run("migrate", "deploy", url=database.url).returncode == 0
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_signals_are_the_boots_own(database, make_project, gate, port, number):
    """A signal while probes are asked ends the boot with 128 + n, and the port is free."""
    project = make_project(migrations=MIGRATIONS)
    with running(project, "boot", "--health", f"127.0.0.1:{port}", "--", "true", url=database.url) as process:
        until(port, at_slow)
        os.kill(process.pid, number)
        process.communicate(timeout=30)
        assert process.returncode == 128 + number
    with socket.socket() as one:
        one.bind(("127.0.0.1", port))
    assert database.query("SELECT to_regclass('two')") == [(None,)]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("8080", "takes an address such as :8080"),
        (":0", "takes an address"),
        (":65536", "takes an address"),
        (":80x", "takes an address"),
        ("::1:80", "takes an address"),
        ("[127.0.0.1]:80", "takes an address"),
        ("192.0.2.1:8080", "the address is none of this machine"),
        ("no-such-host.invalid:8080", "probes cannot be answered on no-such-host.invalid:8080"),
    ],
)
def test_an_address_that_is_none(database, make_project, address, words):
    """Exit 2 with the forms that are taken; nothing is migrated."""
    project = make_project(migrations=MIGRATIONS)
    found = project.run("boot", "--health", address, "--", "true", url=database.url)
    assert found.returncode == 2, found.stderr
    assert words in found.stderr
    assert database.query("SELECT to_regclass('_prisma_migrations')") == [(None,)]


def test_the_setting_has_the_usual_names(database, make_project, port):
    """PGREADY_HEALTH and `health` in pgready.toml mean the flag."""
    project = make_project(migrations={"1_one": MIGRATIONS["1_one"]})
    (project.path / "pgready.toml").write_text(f'health = ":{port}"\n')
    found = project.run("boot", "--", "true", url=database.url)
    assert f"answering probes on :{port}" in found.stderr
    found = project.run("boot", "--", "true", url=database.url, env={"PGREADY_HEALTH": "nonsense"})
    assert (found.returncode, "environment PGREADY_HEALTH" in found.stderr) == (2, True)
