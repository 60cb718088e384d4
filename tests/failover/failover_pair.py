"""A primary and its streaming standby, made of the server programs alone: no pg_basebackup is needed."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import psycopg
import pytest

from pgready.embedded import EmbeddedServer

WAIT = 60


def until(what: str, condition: Callable[[], bool]) -> None:
    """Poll until the condition holds; fail after a minute."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited {WAIT} s in vain: {what}"
        time.sleep(0.02)


def query(server: EmbeddedServer, statement: str, dbname: str = "app"):
    """Rows of one statement as superuser, on a connection of its own."""
    with psycopg.connect(server.url(dbname, tcp=False), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@dataclass
class Pair:
    """`first` begins as the primary and `second` as its standby; the database is `app`."""

    first: EmbeddedServer
    second: EmbeddedServer

    def url(self, *servers: EmbeddedServer, parameters: str = "") -> str:
        """One URL with several hosts, in the order given; all of the pair by default."""
        hosts = ",".join(f"127.0.0.1:{s.port}" for s in servers or (self.first, self.second))
        return f"postgresql://postgres:{quote(self.first.password, safe='')}@{hosts}/app{parameters}"

    def caught_up(self) -> bool:
        """Whether the standby has replayed all that the primary has."""
        ((there,),) = query(self.first, "SELECT pg_current_wal_lsn()")
        return query(self.second, f"SELECT pg_last_wal_replay_lsn() >= '{there}'::pg_lsn") == [(True,)]

    def promote(self) -> None:
        """The standby becomes the primary of a new timeline."""
        assert query(self.second, "SELECT pg_promote()") == [(True,)]

    def at_work(self, server: EmbeddedServer) -> bool:
        """Whether a migration of the tests is in the middle of its long statement there."""
        return query(server, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != [(0,)]

    def on(self, server: EmbeddedServer, seconds: int = 100) -> str:
        """SQL that sleeps on this server and nowhere else."""
        return f"SELECT pg_sleep(CASE current_setting('port') WHEN '{server.port}' THEN {seconds} ELSE 0 END);\n"


@pytest.fixture
def pair(make_server, make_open_dir) -> Pair:
    """A primary with a hot standby that follows it."""
    place = make_open_dir()
    os.chmod(place, 0o755)
    settings = {"wal_keep_size": "256MB", "max_connections": "50", "autovacuum": "off"}
    first = make_server(data_dir=os.path.join(place, "first"), settings=settings)
    first.stop()
    copy = os.path.join(place, "second")
    subprocess.run(["cp", "-Rp", first.data_dir, copy], check=True)
    signal_file = os.path.join(copy, "standby.signal")
    with open(signal_file, "w", encoding="ascii"):
        pass
    owner = os.stat(copy)
    os.chown(signal_file, owner.st_uid, owner.st_gid)
    first.start()
    source = f"host={first.socket_dir} port={first.port} user=postgres"
    second = make_server(data_dir=copy, settings={**settings, "primary_conninfo": source})
    query(first, "CREATE DATABASE app", "postgres")
    found = Pair(first, second)
    until("the standby follows", lambda: follows(found))
    return found


def follows(pair: Pair) -> bool:
    """Whether the standby has the database and everything in it."""
    try:
        return pair.caught_up()
    except psycopg.OperationalError:
        return False
