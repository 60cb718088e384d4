"""The reference platform as processes: each service behind its entrypoint, with its own role, on a server of its own."""

import contextlib
import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from pgready.embedded import EmbeddedServer

ROOT = Path(__file__).parents[2]
BACKOFFICE = ROOT / "examples" / "backoffice"
PGREADY = [sys.executable, "-m", "pgready"]
PASSWORDS = {
    role: f"{role}:p@ss/w?rd"
    for role in (
        "backoffice_owner",
        "backoffice_trading_owner",
        "backoffice_ledger_api",
        "backoffice_tagging_api",
        "backoffice_trading_svc",
        "backoffice_worker_financial",
        "backoffice_worker_trading",
        "backoffice_statements",
    )
}
BOOT, WAIT = [*PGREADY, "boot", "--"], [*PGREADY, "wait", "--"]
SERVICES: dict[str, tuple[str, list[str]]] = {
    "ledger_api": ("backoffice_ledger_api", BOOT),
    "tagging_api": ("backoffice_tagging_api", WAIT),
    "trading_svc": ("backoffice_trading_svc", WAIT),
    "worker_financial": ("backoffice_worker_financial", WAIT),
    "worker_trading": ("backoffice_worker_trading", WAIT),
}
HTTP = ("ledger_api", "tagging_api", "trading_svc")


_ports = itertools.count(os.getpid() * 41)


def free_port() -> int:
    """A port that nobody listens on now, and that no outgoing connection takes; never the same one twice.

    A service listens on it only seconds later: other processes of the test run begin at other places.
    """
    while True:
        port = 10_000 + next(_ports) % 10_000
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


@dataclass
class Answer:
    """What a service said."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def data(self) -> Any:
        """The JSON body."""
        return json.loads(self.text)


@dataclass
class Service:
    """One process of the platform."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def ask(self, method: str, path: str, body: object = None, query: Mapping[str, object] | None = None) -> Answer:
        """One request on a connection of its own; `body` is sent as JSON, bytes as they are."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            given = {name: value for name, value in (query or {}).items() if value is not None}
            data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            connection.request(
                method,
                f"{path}?{urlencode(given)}" if given else path,
                data,
                {"Content-Type": "application/json"} if data is not None else {},
            )
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())

    def get(self, path: str, **query: object) -> Answer:
        """GET."""
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: object = None) -> Answer:
        """POST with a JSON body."""
        return self.ask("POST", path, body)

    def made(self, path: str, **body: object) -> Any:
        """POST that has to succeed; what was made."""
        answer = self.post(path, body)
        assert answer.status in (200, 201), f"{path}: {answer.status} {answer.text}"
        return answer.data

    def said(self) -> str:
        """Its log."""
        return self.log.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)


@dataclass
class Platform:
    """A database with its roles, and the processes on it."""

    server: EmbeddedServer
    logs: Path
    database: str
    running: dict[str, Service] = field(default_factory=dict)
    started: list[Service] = field(default_factory=list)

    def url(self, role: str | None = None) -> str:
        """A role's URL; the superuser's without one."""
        return (
            self.server.url(self.database, role, password=PASSWORDS[role]) if role else self.server.url(self.database)
        )

    def environ(self, role: str | None, **more: str) -> dict[str, str]:
        """What a process of this role is told, and nothing of the machine's own settings."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE", "DIRECT", "PRISMA"))}
        keep |= {"PYTHONPATH": f"{BACKOFFICE}{os.pathsep}{ROOT / 'src'}", "CURSOR_KEY": "one for all replicas"}
        if role is not None:
            keep["DATABASE_URL"] = self.url(role)
        return keep | more

    def run(self, *command: str, role: str | None = None, url: str | None = None, **more: str) -> Any:
        """Run a command in the example's folder to its end."""
        environ = self.environ(role, **more)
        if url is not None:
            environ["DATABASE_URL"] = url
        return subprocess.run(
            command, cwd=BACKOFFICE, env=environ, capture_output=True, text=True, timeout=900, check=False
        )

    def create(self) -> None:
        """The database and, by roles.sql, who may do what."""
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.database}"'.encode())
        passwords = {f"{role.upper()}_PASSWORD": password for role, password in PASSWORDS.items()}
        done = self.run(sys.executable, "-m", "backoffice.roles", ADMIN_DATABASE_URL=self.url(), **passwords)
        assert done.returncode == 0, done.stderr

    def start(self, name: str, folder: Path = BACKOFFICE, **more: str) -> Service:
        """A service behind its entrypoint; it may not be ready yet. `folder`: another image than the example's."""
        role, entrypoint = SERVICES[name]
        port = int(more.pop("PORT", 0)) or free_port()
        command = [*entrypoint, sys.executable, "-m", f"services.{name}"]
        environ = self.environ(role, PORT=str(port), **more)
        environ["PYTHONPATH"] = environ["PYTHONPATH"].replace(str(BACKOFFICE), str(folder))
        if name == "ledger_api":  # it migrates: as the owner, who is forgotten before the service itself begins
            environ["PGREADY_URL"] = self.url("backoffice_owner")
            command = [*entrypoint, "env", "-u", "PGREADY_URL", sys.executable, "-m", f"services.{name}"]
        if name == "trading_svc":  # it waits for the platform's history as itself, and migrates its own as its owner
            environ["PGREADY"] = " ".join(PGREADY)
            environ["TRADING_OWNER_URL"] = self.url("backoffice_trading_owner")
            command = [
                "sh",
                str(folder / "services/trading_svc/entrypoint.sh"),
                sys.executable,
                "-m",
                f"services.{name}",
            ]
        log = self.logs / f"{name}-{len(self.started)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        service = Service(name, process, port, log)
        self.running[name] = service
        self.started.append(service)
        return service

    def start_all(self) -> None:
        """Every service at once, in no order; returns when the HTTP ones answer."""
        for name in SERVICES:
            self.start(name)
        for name in HTTP:
            self.answering(name)

    def answering(self, name: str) -> Service:
        """The service, once it answers."""
        service = self.running[name]

        def answers() -> bool:
            assert service.process.poll() is None, service.said()
            try:
                return service.get("/openapi.json").status == 200
            except OSError:
                return False

        until(answers, f"{name} answers", seconds=150)
        return service

    def query(self, statement: str, *parameters: object, role: str | None = None) -> list[tuple[Any, ...]]:
        """SQL as the superuser, or as a role."""
        with psycopg.connect(self.url(role), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """End every process that was started."""
        for service in self.started:
            if service.process.poll() is None:
                service.process.terminate()
        for service in self.started:
            try:
                service.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                service.process.kill()
                service.process.wait(timeout=30)


def until(condition: Any, what: str, seconds: float = 60) -> None:
    """Wait until the condition holds; fails with its words."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


@contextlib.contextmanager
def platform_on(server: EmbeddedServer, logs: Path, database: str = "backoffice") -> Iterator[Platform]:
    """A platform with its roles, nothing started yet; everything that was is ended."""
    one = Platform(server, logs, database)
    one.create()
    try:
        yield one
    finally:
        one.close()
