"""The reference platform as processes: each service behind its own entrypoint, with a role of its own."""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib import metadata
from urllib.parse import quote

from pgready.commands.demo.stage import Part, Stage, environment, pgready
from pgready.commands.demo.statements import Built
from pgready.embedded import EmbeddedServer
from pgready.errors import NotReady, UsageInvalid
from pgready.process.children import Children, Line

DATABASE = "backoffice"
OWNER = "backoffice_owner"
_TRADING_OWNER = "backoffice_trading_owner"
_ROLES = {
    "ledger-api": "backoffice_ledger_api",
    "tagging-api": "backoffice_tagging_api",
    "trading-svc": "backoffice_trading_svc",
    "worker-financial": "backoffice_worker_financial",
    "worker-trading": "backoffice_worker_trading",
    "statements": "backoffice_statements",
}
API_ROLES = tuple(_ROLES[name] for name in ("ledger-api", "tagging-api", "trading-svc"))
_FIRST_PORT = 10_000
_PORTS = 9_000
_ENTRYPOINT = "services/trading_svc/entrypoint.sh"
_NODE = "pgready wait --verify parity -- node services/statements/dist/src/server.js"
_SERVES = re.compile(r"(?:Uvicorn running|statements: listening) on (http://\S+)")
_WORKS = re.compile(r"Starting worker on")
_LOUD = re.compile(r"^(WARNING|ERROR|CRITICAL|Traceback)")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def platform(replicas: int, built: Built | str = "") -> list[Part]:
    """The parts, in the order in which they are started: those that wait first, to show that they wait.

    `built`: the service in TypeScript, which is left out where it was not built.
    """

    def part(name: str, kind: str, verb: str, module: str, shown: str = "") -> Part:
        return Part(name, kind, verb, "", module, shown or f"pgready {verb} -- python -m {module}")

    return [
        part("worker-financial", "worker", "wait", "services.worker_financial"),
        part("worker-trading", "worker", "wait", "services.worker_trading"),
        part("tagging-api", "api", "wait", "services.tagging_api"),
        part("trading-svc", "api", "wait", "services.trading_svc", f"{_ENTRYPOINT} python -m services.trading_svc"),
        *([part("statements", "api", "wait", built.server, _NODE)] if isinstance(built, Built) else ()),
        *(part(f"ledger-api-{n}", "replica", "boot", "services.ledger_api") for n in range(1, replicas + 1)),
    ]


def served(line: Line) -> str | None:
    """Whether a line of a service's own says that it is at work: its URL, "" for a worker, None if it does not."""
    if found := _SERVES.search(line.text):
        return found[1]
    return "" if _WORKS.search(line.text) else None


def loud(line: Line) -> bool:
    """What of a service's own words is shown: trouble."""
    return bool(_LOUD.match(line.text))


def require_packages(folder: str) -> None:
    """Raise UsageInvalid, with what to install, where a package that the services need is missing."""
    with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
        wanted: list[str] = tomllib.load(file)["project"]["dependencies"]
    missing = [one for one in wanted if not _installed(one)]
    if missing:
        names = ", ".join(sorted(m[0] for one in missing if (m := _NAME.match(one))))
        raise UsageInvalid(
            f"the demo's services need packages that are not installed: {names}",
            where=os.path.join(folder, "pyproject.toml"),
            then=f"pip install {' '.join(repr(one) for one in missing)}, or see the small one: pgready demo --small",
            code="demo_packages",
        )


def _installed(requirement: str) -> bool:
    """By name; `pgready[extra]` is installed when what its extras name is."""
    name, _, rest = requirement.partition("[")
    try:
        found = metadata.distribution((_NAME.match(name) or [""])[0])
    except metadata.PackageNotFoundError:
        return name == "pgready"  # this one runs
    extras = {one.strip() for one in rest.partition("]")[0].split(",")} if rest and name == "pgready" else set()
    for line in found.requires or ():
        needed, _, marker = line.partition(";")
        if any(re.search(rf"extra\s*==\s*['\"]{re.escape(extra)}['\"]", marker) for extra in extras) and not _installed(
            needed.strip().partition("[")[0]
        ):
            return False
    return True


class Backoffice:
    """The platform on a server: database and roles, and how each part is started."""

    def __init__(self, server: EmbeddedServer, folder: str, built: Built | str = "") -> None:
        self.server = server
        self.folder = folder
        self._built = built
        self._passwords = {role: secrets.token_urlsafe(18) for role in (OWNER, _TRADING_OWNER, *_ROLES.values())}
        self._key = secrets.token_hex()
        # Below the embedded server's ports, and below the range that systems use for outgoing connections.
        self._next_port = _FIRST_PORT + os.getpid() * 37 % _PORTS

    def url(self, role: str) -> str:
        """A role's URL, with its password."""
        return self.server.url(DATABASE, role, password=self._passwords[role])

    @property
    def admin(self) -> str:
        """The superuser's URL, over the socket."""
        return self.server.url(DATABASE, tcp=False)

    def create(self) -> None:
        """The database, and the roles as an administrator makes them; raises NotReady."""
        import psycopg

        with psycopg.connect(self.server.url(tcp=False), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{DATABASE}"'.encode())
        given = {f"{role.upper()}_PASSWORD": password for role, password in self._passwords.items()}
        self.run("-m", "backoffice.roles", ADMIN_DATABASE_URL=self.server.url(DATABASE), **given)

    def start(self, stage: Stage, children: Children, part: Part) -> None:
        """Start a part behind its entrypoint."""
        name = part.name.rpartition("-")[0] if part.kind == "replica" else part.name
        more = {"DATABASE_URL": self.url(_ROLES[name]), "PORT": str(self._port())}
        argv = [*pgready(), part.verb, "--", sys.executable, "-m", part.program]
        if name == "ledger-api":  # it migrates: as the owner, who is forgotten before the service itself begins
            more["PGREADY_URL"] = self.url(OWNER)
            argv[-3:-3] = ["env", "-u", "PGREADY_URL"]
        if name == "trading-svc":
            more["TRADING_OWNER_URL"] = self.url(_TRADING_OWNER)
            more["PGREADY"] = " ".join(os.path.basename(word) if "/" in word else word for word in pgready())
            argv = ["sh", os.path.join(self.folder, _ENTRYPOINT), sys.executable, "-m", part.program]
        if name == "statements" and isinstance(self._built, Built):
            verified = ["--verify", "parity", "--readiness-contract", self._built.contract]
            argv = [*pgready(), part.verb, *verified, "--", self._built.node, self._built.server]
        stage.start(children, part, argv, self.folder, self.environ(**more))

    def _port(self) -> int:
        """A port that was free a moment ago: a service that could not say which one it took must be told one."""
        for port in range(self._next_port, self._next_port + _PORTS):
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            self._next_port = port + 1
            return port
        raise NotReady("no port of 127.0.0.1 is free", code="demo_port")

    def environ(self, **more: str) -> dict[str, str]:
        """What a process of the platform is told; it writes nothing into the example's folder."""
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
        paths = [self.folder, *filter(None, [os.environ.get("PYTHONPATH")])]
        return environment(
            PATH=path, PYTHONPATH=os.pathsep.join(paths), PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1",
            PGREADY_LOG_FORMAT="json", HOST="127.0.0.1", POOL_SIZE="3", CURSOR_KEY=self._key, **more,
        )  # fmt: skip

    def run(self, *arguments: str, **more: str) -> str:
        """Run Python in the example's folder to its end; what it printed. Raises NotReady."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder, env=self.environ(**more), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode:
            last = done.stderr.strip().splitlines()[-3:]
            raise NotReady(
                f"python {' '.join(arguments)} ended with exit code {done.returncode}",
                detail="\n".join(last),
                code="demo_command",
            )
        return done.stdout.strip()


def query(parameters: Mapping[str, object]) -> str:
    """Parameters as the query of a URL, with its question mark; "" for none."""
    return "?" * bool(parameters) + "&".join(f"{name}={quote(str(value))}" for name, value in parameters.items())
