"""The embedded server as a value with a life: `with EmbeddedServer() as server: connect(server.url())`.

Superusers come in over a private socket without a password, and over TCP (127.0.0.1 only) with SCRAM: another user
of the same machine cannot become superuser. fsync is off: data survives the server's crash, not the machine's.
"""

import atexit
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

from pgready.embedded import launch
from pgready.embedded.binaries import Binaries, find_binaries, readable_by
from pgready.embedded.configuration import DEFAULTS, HBA, HOST, free_port, render
from pgready.embedded.leftovers import is_postmaster_of, sweep, temporary_run_directory
from pgready.embedded.place import Account, account_for, is_passable, make_private
from pgready.embedded.template import SUPERUSER, discard, template
from pgready.errors import Unreachable, UsageInvalid
from pgready.process.signals import held

Mode = Literal["fast", "smart", "immediate"]

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Interrupted(Exception):  # noqa: N818 - an event
    pass


def _interrupt(_number: int, _frame: object) -> None:
    raise _Interrupted


class EmbeddedServer:
    """A PostgreSQL server of our own; a context manager that starts on entry and stops on exit.

    `bindir`: server programs (default: see `find_binaries`). `settings`: postgresql.conf settings over `DEFAULTS`.
    `password`: of the superuser `postgres` on TCP, a random one if None. `data_dir`: kept after the end; a temporary
    one if None. `port`: on 127.0.0.1, a free one if None. `die_with_parent=False` lets the server outlive this process.
    `run_dir`: where socket, log and configuration live, a temporary directory if None. `tcp=False` sets no password:
    over TCP nobody gets in, and the start is a tenth of a second shorter.

    Methods raise UsageInvalid for what the caller chose wrongly (directory, port, password, programs) and
    Unreachable, with the end of the server's log, when the server does not start.
    """

    def __init__(
        self,
        bindir: str | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        password: str | None = None,
        data_dir: str | None = None,
        port: int | None = None,
        die_with_parent: bool = True,
        run_dir: str | None = None,
        tcp: bool = True,
    ) -> None:
        if password is not None and (not password or "\0" in password):
            raise UsageInvalid("the embedded server's password is empty or holds a NUL", code="embedded_password")
        self.settings = dict(settings or {})
        self.password = password if password is not None else secrets.token_urlsafe(18)
        self.binaries: Binaries = find_binaries(bindir)
        self._given_data_dir = os.path.abspath(data_dir) if data_dir is not None else None
        self._given_run_dir = run_dir
        self._die_with_parent = die_with_parent
        self._tcp = tcp
        self._account: Account = account_for(self._given_data_dir)
        self._run_dir = ""
        self._owner_lock = -1
        self._data_dir = self._given_data_dir or ""
        self._port = port or 0
        self._owner_pid = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    # ── what it is ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def host(self) -> str:
        """The TCP address: always 127.0.0.1."""
        return HOST

    @property
    def port(self) -> int:
        """The TCP port, which also names the socket; 0 before the first start."""
        return self._port

    @property
    def version(self) -> str:
        """The server's version, as "18.6"."""
        return self.binaries.version

    @property
    def major(self) -> int:
        """The server's major version, as 18."""
        return self.binaries.major

    @property
    def data_dir(self) -> str:
        """The data directory; empty before the first start of a server with a temporary one."""
        return self._data_dir

    @property
    def socket_dir(self) -> str:
        """The directory of the Unix socket: closed to other users."""
        return os.path.join(self._run_dir, "s")

    @property
    def log_path(self) -> str:
        """The file that the server's log goes to."""
        return os.path.join(self._run_dir, "log")

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, None while the server does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def url(
        self, dbname: str = "postgres", user: str | None = None, *, tcp: bool = True, password: str | None = None
    ) -> str:
        """A libpq URL with everything quoted that needs it: over TCP with a password, or over the socket without.

        `user` None is the superuser with its own password; another user has the `password` given here, if any.
        """
        secret = password if password is not None or user not in {None, SUPERUSER} else self.password
        name, base = quote(user or SUPERUSER, safe=""), quote(dbname, safe="")
        if not tcp:
            return f"postgresql://{name}@/{base}?host={quote(self.socket_dir, safe='')}&port={self._port}"
        authority = f"{name}:{quote(secret, safe='')}" if secret is not None else name
        return f"postgresql://{authority}@{HOST}:{self._port}/{base}"

    def log_text(self) -> str:
        """The server's log so far; empty if there is none."""
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    # ── its life ────────────────────────────────────────────────────────────────────────────────────────────────

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, *, timeout: float = 60) -> None:
        """Start the server and return once it accepts connections; a running server is left alone.

        After `stop`, the same data, port and password come back. `timeout` in seconds bounds one start.
        """
        if self.pid is not None:
            return
        fresh = not self._run_dir
        self._prepare_run_dir()
        try:
            made = self._prepare_data_dir()
            try:
                self._launch(timeout)
            except Unreachable as error:
                if not made or "configuration file" in error.detail:
                    raise
                # A cached directory can be damaged in ways that sizes do not show: make it anew, once.
                discard(self.binaries, self._account)
                shutil.rmtree(self._data_dir, ignore_errors=True)
                self._prepare_data_dir()
                self._launch(timeout)
            if self._tcp:
                self._set_password()
        except BaseException:
            self._end("immediate", 10)
            if fresh:
                self._remove_run_dir()
            raise
        if self._die_with_parent:
            atexit.register(self.close)

    def stop(self, mode: Mode = "fast", *, timeout: float = 30) -> None:
        """Stop the server, keeping its data: `fast` cuts sessions off, `smart` waits for them, `immediate` crashes.

        What does not end within `timeout` seconds is stopped harder, at last by SIGKILL.
        """
        self._end(mode, timeout)

    def restart(self, mode: Mode = "fast", *, settings: Mapping[str, str] | None = None) -> None:
        """Stop and start again, with further `settings` if given."""
        self.stop(mode)
        self.settings.update(settings or {})
        self.start()

    def close(self) -> None:
        """Stop the server and remove what is temporary; a data directory that the caller named stays."""
        if os.getpid() != self._owner_pid:
            return  # a fork of the process that started it: not ours to stop
        # Temporary data is thrown away, so a clean shutdown of it would be wasted time.
        self._end("fast" if self._given_data_dir else "immediate", 30)
        self._remove_run_dir()
        atexit.unregister(self.close)

    def detach(self) -> None:
        """Let the server run on without us; for `die_with_parent=False`. It is not ours to stop afterwards."""
        if self._process is not None:
            self._process.returncode = 0  # or its destructor would complain that nobody waited for it
            self._process = None

    def serve_until_signal(self, listening: Callable[[], None]) -> None:
        """Wait until the server ends, or until SIGINT, SIGTERM or SIGHUP: then stop it. For the main thread.

        `listening` is called once signals are listened to: before, they would end the process their usual way.
        """
        if self._process is None:
            return
        before = {number: signal.signal(number, _interrupt) for number in _ENDING}
        try:
            listening()
            self._process.wait()
        except _Interrupted:
            pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._end("fast", 30)

    # ── how ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _prepare_run_dir(self) -> None:
        if self._run_dir:
            return
        if self._given_run_dir is not None:
            self._run_dir = os.path.abspath(self._given_run_dir)
            os.makedirs(self._run_dir, mode=0o755, exist_ok=True)
        else:
            sweep()
            self._run_dir, self._owner_lock = temporary_run_directory(self._account)
        self.binaries = readable_by(self.binaries, self._account)
        make_private(self.socket_dir, self._account)
        longest = os.path.join(self.socket_dir, ".s.PGSQL.65535")
        if len(os.fsencode(longest)) > 103:  # macOS allows 104 with the NUL, Linux 108
            raise UsageInvalid("the path of the server's socket is too long", where=longest, code="embedded_tmp")

    def _prepare_data_dir(self) -> bool:
        """Make the data directory unless it exists; true if it was made now, from the cached template."""
        data = self._data_dir = self._given_data_dir or os.path.join(self._run_dir, "data")
        version_file = os.path.join(data, "PG_VERSION")
        if os.path.exists(version_file):
            with open(version_file, encoding="ascii") as file:
                major = file.read().strip()
            if major != str(self.binaries.major):
                raise UsageInvalid(
                    f"the data directory belongs to PostgreSQL {major}, the server programs are {self.version}",
                    where=data,
                    then=f"choose programs of {major} with PGREADY_EMBEDDED_BIN, or another data directory",
                    code="embedded_data",
                )
            return False
        if os.path.isdir(data) and os.listdir(data):
            raise UsageInvalid(
                "the directory is not empty and is not a PostgreSQL data directory",
                where=data,
                then="name an empty or a new directory",
                code="embedded_data",
            )
        if not is_passable(os.path.dirname(data), self._account):
            raise UsageInvalid(
                f"the server runs as uid {self._account.uid}, which cannot reach the data directory",
                where=data,
                then="name a directory that is not below a private one, as /var/lib/pgready",
                code="embedded_data",
            )
        try:
            make_private(data, self._account)
        except OSError as error:
            raise UsageInvalid(
                f"the data directory cannot be made: {error.strerror}", where=data, code="embedded_data"
            ) from None
        with template(self.binaries, self._account) as source:
            status, output = launch.run_as(self._account, ["cp", "-Rp", f"{source}/.", data])
        if status != 0:
            shutil.rmtree(data, ignore_errors=True)
            raise Unreachable(
                "the data directory could not be copied", where=data, detail=output.strip(), code="embedded_data"
            )
        return True

    def _launch(self, timeout: float) -> None:
        """Start the process; another free port is tried when somebody took the first in the meantime."""
        running, _ = launch.pid_and_state(self._data_dir)
        if running and launch.is_running(running) and is_postmaster_of(running, self._data_dir):
            raise UsageInvalid(
                f"a server (pid {running}) already runs on this data directory",
                where=self._data_dir,
                then="stop it first, or name another directory",
                code="embedded_data",
            )
        fixed = self._port  # the caller's choice, or what an earlier start gave out in URLs
        for attempts_left in reversed(range(20)):
            self._port = self._port or free_port()
            argv = self._write_configuration()
            before = len(self.log_text())
            with held():  # a server that we do not know of yet is one that we cannot stop
                self._process, self._watchdog = launch.spawn(
                    argv, self._account, self.log_path, die_with_parent=self._die_with_parent
                )
            try:
                launch.wait_ready(self._process, self._data_dir, timeout)
            except launch.ServerExited:
                log = self.log_text()[before:]
                self._end("immediate", 5)
                taken = "Address already in use" in log
                if taken and fixed:
                    raise UsageInvalid(
                        f"port {self._port} of {HOST} is in use",
                        then="end what uses it, or choose another port (none: a free one)",
                        code="embedded_port",
                    ) from None
                if not taken or not attempts_left:
                    raise self._not_started("the embedded server ended as it started", log) from None
                self._port = 0
            except launch.ServerSilent:
                log = self.log_text()[before:]
                self._end("immediate", 5)
                raise self._not_started(f"the embedded server was not ready after {timeout:.0f} s", log) from None
            else:
                return

    def _not_started(self, what: str, log: str) -> Unreachable:
        return Unreachable(
            what,
            where=self._data_dir,
            detail="\n".join(log.strip().split("\n")[-12:]),
            then="see the server's own words above; `settings` and PGREADY_EMBEDDED_BIN are what can be changed",
            code="embedded_start",
        )

    def _write_configuration(self) -> list[str]:
        """Write the files beside the data directory, which stays as PostgreSQL made it; the command to run."""
        config, hba = os.path.join(self._run_dir, "postgresql.conf"), os.path.join(self._run_dir, "pg_hba.conf")
        ours = {
            "listen_addresses": HOST,
            "port": str(self._port),
            "unix_socket_directories": self.socket_dir,
            "unix_socket_permissions": "0700",
            "hba_file": hba,
        }
        for path, text in ((config, render({**DEFAULTS, **self.settings, **ours})), (hba, HBA)):
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "w", encoding="utf-8") as file:
                file.write(text)
            if self._account.drop:
                os.chown(path, -1, self._account.gid)
        return [self.binaries.program("postgres"), "-D", self._data_dir, "-c", f"config_file={config}"]

    def _set_password(self) -> None:
        """Give the superuser its password, as a SCRAM verifier: not even a log of statements shows the password."""
        import psycopg
        from psycopg import sql
        from psycopg.conninfo import make_conninfo

        # Named, so that PGOPTIONS and its like in the environment do not reach this connection.
        plain = make_conninfo(
            self.url(tcp=False), options="", target_session_attrs="any", channel_binding="prefer", connect_timeout=30
        )
        with psycopg.connect(plain, autocommit=True) as connection:
            if connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
                return  # a standby has its primary's roles
            verifier = connection.pgconn.encrypt_password(
                self.password.encode(), SUPERUSER.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(SUPERUSER), verifier))

    def _end(self, mode: Mode, timeout: float) -> None:
        process, guard = self._process, self._watchdog
        if process is not None:
            if process.poll() is None:
                launch.stop(process.pid, lambda: process.poll() is not None, mode, timeout)
            process.wait()
            self._process = None
        if guard is not None:
            guard.kill()
            guard.communicate()
            self._watchdog = None

    def _remove_run_dir(self) -> None:
        if self._run_dir and self._given_run_dir is None:
            shutil.rmtree(self._run_dir, ignore_errors=True)
            os.close(self._owner_lock)
        self._run_dir = ""
