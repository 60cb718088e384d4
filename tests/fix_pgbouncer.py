"""PgBouncer in front of the test server, as operators run it: transaction mode, SCRAM on both sides."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from pgready.embedded import EmbeddedServer
from pgready.embedded.place import account_for

PROGRAM = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@dataclass
class Pooler:
    """A running PgBouncer; `url(database)` goes through it."""

    server: EmbeddedServer
    port: int
    process: "subprocess.Popen[bytes]"
    log_path: str

    def url(self, dbname: str, parameters: str = "") -> str:
        """The superuser's URL through the pooler; `parameters` as `?schema=x`."""
        secret = quote(self.server.password, safe="")
        return f"postgresql://postgres:{secret}@127.0.0.1:{self.port}/{dbname}{parameters}"

    def connect(self, dbname: str, **options: Any) -> "psycopg.Connection[tuple[Any, ...]]":
        """A client of the pooler, in autocommit mode and without prepared statements."""
        return psycopg.connect(self.url(dbname), **{"autocommit": True, "prepare_threshold": None, **options})

    def log(self) -> str:
        """What it wrote so far."""
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(pooler: Pooler) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", pooler.port), timeout=5).close()
        except OSError:
            assert pooler.process.poll() is None, pooler.log()
            assert time.monotonic() < deadline, pooler.log()
            time.sleep(0.01)
        else:
            return


@pytest.fixture
def make_pooler(make_open_dir: Callable[[], str]) -> Iterator[Callable[..., Pooler]]:
    """A factory: `make_pooler(server, default_pool_size=5)`, other settings of PgBouncer by name.

    Skips the test where the program is missing.
    """
    if PROGRAM is None:
        pytest.skip("no pgbouncer here: `apt-get install pgbouncer` gets it")
    made: list[Pooler] = []

    def make(server: EmbeddedServer, **settings: object) -> Pooler:
        place = make_open_dir()
        account = account_for()
        port = _free_port()
        chosen = {
            "pool_mode": "transaction",
            "default_pool_size": 20,
            "max_client_conn": 500,
            "listen_addr": "127.0.0.1",
            "listen_port": port,
            "unix_socket_dir": "",
            "auth_type": "scram-sha-256",
            "auth_file": f"{place}/users",
            "logfile": f"{place}/log",
            **settings,
        }
        text = "".join(f"{name} = {value}\n" for name, value in chosen.items())
        backend = f"* = host=127.0.0.1 port={server.port}"
        files = {
            "pgbouncer.ini": f"[databases]\n{backend}\n[pgbouncer]\n{text}",
            "users": '"postgres" "{}"\n'.format(server.password.replace('"', '""')),
            "log": "",
        }
        for name, content in files.items():
            path = os.path.join(place, name)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
                file.write(content)
            if account.drop:
                os.chown(path, account.uid, account.gid)
        process = subprocess.Popen(
            [PROGRAM or "", "-q", os.path.join(place, "pgbouncer.ini")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account.uid if account.drop else None,
            group=account.gid if account.drop else None,
            extra_groups=[] if account.drop else None,
        )
        pooler = Pooler(server, port, process, os.path.join(place, "log"))
        made.append(pooler)
        _await_answer(pooler)
        return pooler

    yield make
    for pooler in made:
        pooler.process.kill()
        pooler.process.wait()
