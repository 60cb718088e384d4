"""One connection and one query through libpq itself, for the path that every replica start takes.

Importing psycopg costs several times what a whole no-op boot may cost, so the fast path loads the libpq that the wheel
`psycopg-binary` carries (or the machine's own) with ctypes. It does one thing, keeps no state and explains nothing:
whatever is unexpected raises `Surprise`, and the full path, which does explain, starts over.
Hot module: imports only C modules and ctypes.
"""

import os
import select
import sys
from ctypes import CDLL, POINTER, c_char_p, c_int, c_void_p

_CONNECTION_OK = 0
_POLLING_FAILED, _POLLING_READING, _POLLING_OK = 0, 1, 3
_TUPLES_OK = 2


class Surprise(Exception):  # noqa: N818 - not an error: the full path takes over
    """Anything but the expected answer."""


def locate() -> str:
    """Path or soname of a libpq; psycopg's bundled one first, since it is the one that the full path would use."""
    for entry in sys.path:
        folder = entry + "/psycopg_binary.libs"
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if name.startswith("libpq-") and ".so" in name:
                return folder + "/" + name
    return "libpq.5.dylib" if sys.platform == "darwin" else "libpq.so.5"


def query_once(params: "dict[str, str]", sql: str, timeout: float) -> "list[str | None]":
    """The first row of `sql` as text, from a connection of its own that is closed again.

    `timeout` (seconds) bounds connecting and answering together. Raises Surprise for everything else than one row.
    """
    try:
        lib = CDLL(locate())
    except OSError as e:
        raise Surprise(str(e)) from None
    lib.PQconnectStartParams.restype = c_void_p
    lib.PQconnectStartParams.argtypes = [POINTER(c_char_p), POINTER(c_char_p), c_int]
    lib.PQgetResult.restype = c_void_p
    lib.PQgetvalue.restype = c_char_p
    for name in ("PQconnectPoll", "PQsocket", "PQfinish", "PQconsumeInput", "PQisBusy", "PQgetResult"):
        getattr(lib, name).argtypes = [c_void_p]
    for name in ("PQresultStatus", "PQntuples", "PQnfields", "PQclear"):
        getattr(lib, name).argtypes = [c_void_p]
    for name in ("PQgetvalue", "PQgetisnull"):
        getattr(lib, name).argtypes = [c_void_p, c_int, c_int]
    lib.PQsendQuery.argtypes = [c_void_p, c_char_p]

    keys = (c_char_p * (len(params) + 1))(*[k.encode() for k in params], None)
    values = (c_char_p * (len(params) + 1))(*[v.encode() for v in params.values()], None)
    conn = lib.PQconnectStartParams(keys, values, 0)
    if not conn:
        raise Surprise
    try:
        deadline = _Deadline(timeout)
        state = _POLLING_READING + 1  # libpq asks to wait for writing first
        while state != _POLLING_OK:
            fd = lib.PQsocket(conn)
            if state == _POLLING_FAILED or fd < 0:
                raise Surprise
            deadline.wait(fd, reading=state == _POLLING_READING)
            state = lib.PQconnectPoll(conn)
        if not lib.PQsendQuery(conn, sql.encode()):
            raise Surprise
        fd = lib.PQsocket(conn)
        while lib.PQisBusy(conn):
            deadline.wait(fd, reading=True)
            if not lib.PQconsumeInput(conn):
                raise Surprise
        result = lib.PQgetResult(conn)
        if not result:
            raise Surprise
        try:
            if lib.PQresultStatus(result) != _TUPLES_OK or lib.PQntuples(result) != 1:
                raise Surprise
            return [
                None if lib.PQgetisnull(result, 0, i) else lib.PQgetvalue(result, 0, i).decode()
                for i in range(lib.PQnfields(result))
            ]
        finally:
            lib.PQclear(result)
    finally:
        lib.PQfinish(conn)


class _Deadline:
    """Waits on a socket until a moment in time; the clock is read only here."""

    def __init__(self, seconds: float) -> None:
        from time import monotonic  # noqa: PLC0415 - a C module: free

        self._now = monotonic
        self._end = monotonic() + seconds

    def wait(self, fd: int, *, reading: bool) -> None:
        poll = select.poll()
        poll.register(fd, select.POLLIN if reading else select.POLLOUT)
        left = self._end - self._now()
        if left <= 0 or not poll.poll(left * 1000):
            raise Surprise
