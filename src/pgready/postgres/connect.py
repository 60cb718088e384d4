"""Opening sessions: the one place that connects and reads what libpq says when it cannot."""

from __future__ import annotations

from pgready.errors import Unreachable
from pgready.postgres import libpq
from pgready.postgres.session import Session
from pgready.postgres.trouble import Trouble, recognise
from pgready.project.url import Target

# libpq's own default is to wait for ever on a host that swallows packets; a URL's connect_timeout wins.
CONNECT_TIMEOUT = 10

# A peer that vanished without a word (a cut cable, a node that is gone) is noticed within a minute and not after the
# two hours of the kernel's default; also while a statement runs long and says nothing. The URL's own values win.
_LIVENESS = {
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "5",
    "tcp_user_timeout": "45000",
    "connect_timeout": str(CONNECT_TIMEOUT),  # bounds the connection that cancels a statement, too
}


class ConnectFailed(Exception):
    """No session: `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.what)
        self.trouble = trouble


def open_session(
    target: Target, name: str, *, host: tuple[str, str] | None = None, dbname: str | None = None
) -> Session:
    """A session in autocommit mode without prepared statements, or ConnectFailed.

    `host` picks one of several hosts of the URL, `dbname` another database. No start-up parameter is sent that a
    transaction pooler refuses: search_path goes into every message instead.
    """
    params: dict[str, str] = {**_LIVENESS, "application_name": "pgready", **target.params, "client_encoding": "UTF8"}
    if host is not None:
        params["host"], params["port"] = host
        params.pop("hostaddr", None)
        params.pop("target_session_attrs", None)
    if dbname is not None:
        params["dbname"] = dbname
    try:
        return Session(params, target, name, float(params.get("connect_timeout") or 0) or CONNECT_TIMEOUT)
    except libpq.Trouble as e:
        raise ConnectFailed(recognise(str(e))) from None


# What the commands that wait can do beyond what the trouble itself says; the others have no such flags.
_WAITING = {
    "wrong_password": "; `--retry-auth` keeps trying, for secrets that arrive late",
    "database_missing": ", or let pgready do it with --create-database",
}


def unreachable(trouble: Trouble, target: Target, *, waited: float = 0, waits: bool = False) -> Unreachable:
    """The error for a server that could not be reached: told at once, or after waiting in vain.

    `waits`: the command has the flags of boot and wait.
    """
    what = trouble.what if waited <= 0 else f"{trouble.what}, for {waited:.0f} s"
    then = trouble.then or "check that the server runs and that the URL names it"
    if waits:
        then += _WAITING.get(trouble.code, "" if trouble.then else "; `--timeout` waits longer")
    return Unreachable(
        f"cannot connect: {what}",
        where=target.redacted,
        then=then,
        code=trouble.code,
    )
