"""A long-lived embedded server with a name: started by one command, found again by the next.

Its home is `<cache>/servers/<name>`: state (0600, it holds the password), data, socket, log. It outlives the process
that started it; port and password stay the same from start to start where that is possible.
"""

import json
import os
import re
from dataclasses import asdict, dataclass

from pgready.embedded import launch
from pgready.embedded.cache_lock import locked
from pgready.embedded.leftovers import is_postmaster_of
from pgready.embedded.place import account_for, cache_dir
from pgready.embedded.server import EmbeddedServer, Mode
from pgready.errors import NotReady, Unreachable, UsageInvalid


@dataclass(frozen=True, slots=True)
class NamedServer:
    """What is known of a named server. `url` holds the password: show it only to who asked for it."""

    name: str
    url: str
    port: int
    password: str
    data_dir: str
    log_path: str
    version: str
    pid: int
    """0 when it does not run."""

    def public(self) -> dict[str, object]:
        """The parts that may be shown, for `--json`."""
        shown = {key: value for key, value in asdict(self).items() if key not in {"url", "password"}}
        return {**shown, "running": self.pid != 0}


def _home(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", name):
        raise UsageInvalid(
            "a server's name has 1 to 32 letters, digits, hyphens and underscores", where=name, code="embedded_name"
        )
    servers = os.path.join(cache_dir(account_for()), "servers")
    os.makedirs(servers, mode=0o755, exist_ok=True)
    return os.path.join(servers, name)


def _running_pid(data_dir: str) -> int:
    pid, _ = launch.pid_and_state(data_dir)
    return pid if pid and launch.is_running(pid) and is_postmaster_of(pid, data_dir) else 0


def find(name: str = "default") -> NamedServer | None:
    """The named server, running or not; None if it was never started."""
    try:
        with open(os.path.join(_home(name), "state.json"), encoding="utf-8") as file:
            state = json.load(file)
        return NamedServer(**{**state, "pid": _running_pid(state["data_dir"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def require_running(name: str = "default") -> NamedServer:
    """The named server; raises NotReady if it does not run."""
    server = find(name)
    if server is None or not server.pid:
        raise NotReady(
            f'the embedded server "{name}" is not running', then="pgready embedded start", code="embedded_stopped"
        )
    return server


def _remember(home: str, server: NamedServer) -> None:
    beside = os.path.join(home, "state.json.new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(server), file)
    os.replace(beside, os.path.join(home, "state.json"))


def _build(
    home: str, known: NamedServer | None, data: str, port: int | None, bindir: str | None, *, detached: bool
) -> EmbeddedServer:
    return EmbeddedServer(
        bindir,
        password=known.password if known else None,
        data_dir=data,
        port=port,
        die_with_parent=not detached,
        run_dir=home,
    )


def start(
    name: str = "default",
    *,
    data_dir: str | None = None,
    port: int | None = None,
    bindir: str | None = None,
    detached: bool = True,
) -> tuple[NamedServer, EmbeddedServer | None]:
    """Start the named server unless it runs: what it is, and the server itself if it was started now.

    A detached one outlives this process: the caller ends with `detach()`. Another is the caller's to wait for.
    Raises UsageInvalid if it runs with another data directory or port than asked for.
    """
    home = _home(name)
    with locked(home + ".lock", exclusive=True):
        known = find(name)
        data = os.path.abspath(data_dir) if data_dir else (known.data_dir if known else os.path.join(home, "data"))
        if known and known.pid:
            if data != known.data_dir or port not in {None, known.port}:
                raise UsageInvalid(
                    f'the embedded server "{name}" already runs with another data directory or port',
                    where=f"{known.data_dir}, port {known.port}",
                    then="pgready embedded stop",
                    code="embedded_running",
                )
            return known, None
        server = _build(home, known, data, port or (known.port if known else None), bindir, detached=detached)
        try:
            server.start()
        except UsageInvalid as error:
            if error.code != "embedded_port" or port is not None:
                raise
            server = _build(home, known, data, None, bindir, detached=detached)  # somebody has our old port now
            server.start()
        named = NamedServer(
            name, server.url(), server.port, server.password, data, server.log_path, server.version, server.pid or 0
        )
        _remember(home, named)
        return named, server


def stop(name: str = "default", mode: Mode = "fast") -> bool:
    """Stop the named server, keeping its data; false if it did not run. Raises Unreachable if it cannot be stopped."""
    with locked(_home(name) + ".lock", exclusive=True):
        server = find(name)
        if server is None or not server.pid:
            return False
        try:
            launch.stop(server.pid, lambda: not launch.is_running(server.pid), mode, 30)
        except PermissionError:
            raise Unreachable(
                f'the embedded server "{name}" belongs to another user', where=f"pid {server.pid}", code="embedded_stop"
            ) from None
        return True
