"""libpq through ctypes: connect, send a message, read its results, cancel. Nothing else.

Importing psycopg costs several times what a whole no-op boot may cost, and a fifth of a cold one, so the deploy path
calls libpq itself: the one that the wheel `psycopg-binary` carries, or the machine's. The calls never block in C:
they wait in Python on the socket, so a signal handler's exception gets through, and cancels what runs on the server.
Hot module: imports only C modules and ctypes.
"""

import os
import select
import sys
from ctypes import CDLL, CFUNCTYPE, POINTER, c_char_p, c_int, c_void_p, create_string_buffer, string_at
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_BAD = 1
_POLLING_FAILED, _POLLING_READING, _POLLING_WRITING, _POLLING_OK = 0, 1, 2, 3
_EMPTY_QUERY, _COMMAND_OK, _TUPLES_OK, _COPY_OUT, _COPY_IN = 0, 1, 2, 3, 4
_COPY_BOTH = 8
_VERBOSE = 2  # PQERRORS_VERBOSE: a failed connection tells its SQLSTATE, whatever language the server speaks
_CANCEL_PATIENCE = 5.0

# Fields of an error, by their code in the protocol.
SQLSTATE, MESSAGE, DETAIL, HINT, POSITION = "C", "M", "D", "H", "P"
INTERNAL_POSITION, INTERNAL_QUERY, CONTEXT, SEVERITY = "p", "q", "W", "V"
_FIELDS = (SQLSTATE, MESSAGE, DETAIL, HINT, POSITION, INTERNAL_POSITION, INTERNAL_QUERY, CONTEXT)

_RECEIVER = CFUNCTYPE(None, c_void_p, c_void_p)
_SIGNATURES = {
    "PQconnectStartParams": (c_void_p, POINTER(c_char_p), POINTER(c_char_p), c_int),
    "PQconnectPoll": (c_int, c_void_p),
    "PQsocket": (c_int, c_void_p),
    "PQstatus": (c_int, c_void_p),
    "PQtransactionStatus": (c_int, c_void_p),
    "PQbackendPID": (c_int, c_void_p),
    "PQserverVersion": (c_int, c_void_p),
    "PQerrorMessage": (c_char_p, c_void_p),
    "PQfinish": (None, c_void_p),
    "PQsetnonblocking": (c_int, c_void_p, c_int),
    "PQsetErrorVerbosity": (c_int, c_void_p, c_int),
    "PQsetNoticeReceiver": (c_void_p, c_void_p, _RECEIVER, c_void_p),
    "PQsendQuery": (c_int, c_void_p, c_char_p),
    "PQflush": (c_int, c_void_p),
    "PQconsumeInput": (c_int, c_void_p),
    "PQisBusy": (c_int, c_void_p),
    "PQgetResult": (c_void_p, c_void_p),
    "PQresultStatus": (c_int, c_void_p),
    "PQresultErrorField": (c_char_p, c_void_p, c_int),
    "PQcmdStatus": (c_char_p, c_void_p),
    "PQntuples": (c_int, c_void_p),
    "PQnfields": (c_int, c_void_p),
    "PQgetisnull": (c_int, c_void_p, c_int, c_int),
    "PQgetlength": (c_int, c_void_p, c_int, c_int),
    "PQgetvalue": (c_void_p, c_void_p, c_int, c_int),
    "PQclear": (None, c_void_p),
    "PQgetCancel": (c_void_p, c_void_p),
    "PQcancel": (c_int, c_void_p, c_char_p, c_int),
    "PQfreeCancel": (None, c_void_p),
}
# Encrypted like the connection itself; libpq 17 and newer.
_NEWER = {
    "PQcancelCreate": (c_void_p, c_void_p),
    "PQcancelBlocking": (c_int, c_void_p),
    "PQcancelFinish": (None, c_void_p),
}
_loaded: "list[CDLL]" = []


class Trouble(Exception):  # noqa: N818 - what it means is decided above
    """libpq's own words: no connection, a connection that died, or no answer in time."""


class Result:
    """One statement's answer: `tag` and text `rows`, or `error` (fields by their code)."""

    __slots__ = ("error", "rows", "tag")

    def __init__(self, tag: str, rows: "tuple[tuple[str | None, ...], ...]", error: "dict[str, str] | None") -> None:
        self.tag = tag
        self.rows = rows
        self.error = error


def locate() -> str:
    """Path or soname of a libpq; the wheel's first, since its version is the one that is tested."""
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


def load() -> CDLL:
    """The library with its signatures, loaded once; raises Trouble where there is none."""
    if not _loaded:
        try:
            lib = CDLL(locate())
            for signatures in (_SIGNATURES, _NEWER):
                for name, (result, *arguments) in signatures.items():
                    if signatures is _SIGNATURES or hasattr(lib, name):
                        function = getattr(lib, name)
                        function.restype = result
                        function.argtypes = arguments
        except (OSError, AttributeError) as e:
            raise Trouble(f"no usable libpq: {e}; install psycopg[binary], or the system's libpq5") from None
        _loaded.append(lib)
    return _loaded[0]


class Connection:
    """A connection in autocommit mode that speaks the simple query protocol; not for two threads at once."""

    __slots__ = ("_conn", "_lib", "_receiver")

    def __init__(
        self, params: "dict[str, str]", timeout: float, notice: "Callable[[str, str], None] | None" = None
    ) -> None:
        """Connect with libpq's keywords within `timeout` seconds, or raise Trouble.

        `notice` is called with severity and message of what the server says beside its answers.
        """
        self._lib = lib = load()
        keys = (c_char_p * (len(params) + 1))(*[k.encode() for k in params], None)
        values = (c_char_p * (len(params) + 1))(*[v.encode() for v in params.values()], None)
        self._conn: int | None = lib.PQconnectStartParams(keys, values, 0)
        if not self._conn:
            raise Trouble("out of memory")

        def receive(_argument: object, result: int) -> None:
            if notice is not None:
                notice(_text(lib.PQresultErrorField(result, ord("V"))), _text(lib.PQresultErrorField(result, ord("M"))))

        # Without a receiver libpq prints notices to stderr. Python must not free it while the connection lives.
        self._receiver = _RECEIVER(receive)
        lib.PQsetNoticeReceiver(self._conn, self._receiver, None)
        lib.PQsetErrorVerbosity(self._conn, _VERBOSE)
        try:
            self._connect(monotonic() + timeout)
        except BaseException:
            self.close()
            raise

    def _connect(self, deadline: float) -> None:
        lib, state = self._lib, _POLLING_WRITING
        while state != _POLLING_OK:
            if state == _POLLING_FAILED or lib.PQstatus(self._conn) == _BAD:
                raise Trouble(self._words())
            self._wait(writing=state == _POLLING_WRITING, deadline=deadline)
            state = lib.PQconnectPoll(self._conn)
        lib.PQsetnonblocking(self._conn, 1)

    def _wait(self, *, writing: bool = False, both: bool = False, deadline: "float | None" = None) -> int:
        """Wait for the socket; returns what it is ready for. Raises Trouble past the deadline."""
        fd = self._lib.PQsocket(self._conn)
        if fd < 0:
            raise Trouble(self._words())
        poll = select.poll()
        poll.register(fd, select.POLLIN | select.POLLOUT if both else select.POLLOUT if writing else select.POLLIN)
        left = None
        if deadline is not None:
            left = max(0.0, (deadline - monotonic()) * 1000)
        found = poll.poll(left)
        if not found:
            raise Trouble("timeout expired")
        return found[0][1]

    def execute(self, sql: str, timeout: "float | None" = None) -> "list[Result]":
        """Send one message and read the answers of all its statements, the first error included.

        Raises Trouble when the connection dies or `timeout` (seconds) passes: the outcome is unknown then. An
        exception of a signal handler cancels the statement, waits for its end and passes through.
        """
        if self._conn is None:
            raise Trouble("the connection is closed")
        deadline = None if timeout is None else monotonic() + timeout
        if not self._lib.PQsendQuery(self._conn, sql.encode()):
            raise Trouble(self._words())
        try:
            return self._results(deadline)
        except Trouble:
            raise
        except BaseException:
            self._interrupt()
            raise

    def _results(self, deadline: "float | None") -> "list[Result]":
        lib, conn = self._lib, self._conn
        while pending := lib.PQflush(conn):
            if pending < 0:
                raise Trouble(self._words())
            if self._wait(both=True, deadline=deadline) & select.POLLIN and not lib.PQconsumeInput(conn):
                raise Trouble(self._words())
        found: list[Result] = []
        while True:
            while lib.PQisBusy(conn):
                self._wait(deadline=deadline)
                if not lib.PQconsumeInput(conn):
                    raise Trouble(self._words())
            result = lib.PQgetResult(conn)
            if not result:
                break
            try:
                found.append(self._read(result))
            finally:
                lib.PQclear(result)
        if lib.PQstatus(conn) == _BAD and not (found and found[-1].error):
            raise Trouble(self._words())
        return found

    def _read(self, result: int) -> Result:
        lib = self._lib
        status = lib.PQresultStatus(result)
        if status in (_COMMAND_OK, _EMPTY_QUERY):
            return Result(_text(lib.PQcmdStatus(result)), (), None)
        if status == _TUPLES_OK:
            width = range(lib.PQnfields(result))
            rows = tuple(
                [tuple([self._value(result, row, column) for column in width]) for row in range(lib.PQntuples(result))]
            )
            return Result(_text(lib.PQcmdStatus(result)), rows, None)
        if status in (_COPY_IN, _COPY_OUT, _COPY_BOTH):
            raise Trouble("the server wants COPY data, which a script does not carry")
        error = {code: _text(value) for code in _FIELDS if (value := lib.PQresultErrorField(result, ord(code)))}
        error.setdefault(MESSAGE, self._words())
        return Result("", (), error)

    def _value(self, result: int, row: int, column: int) -> "str | None":
        if self._lib.PQgetisnull(result, row, column):
            return None
        address = self._lib.PQgetvalue(result, row, column)
        return string_at(address, self._lib.PQgetlength(result, row, column)).decode("utf-8", "replace")

    def _interrupt(self) -> None:
        """Cancel what runs and read its end, so that the session is usable; close it if that takes too long."""
        try:
            self.cancel()
            self._results(monotonic() + _CANCEL_PATIENCE)
        except BaseException:
            self.close()
            raise

    def cancel(self) -> None:
        """Ask the server to cancel what this connection runs; whether it did shows in the statement's answer."""
        lib = self._lib
        if hasattr(lib, "PQcancelBlocking"):
            handle = lib.PQcancelCreate(self._conn)
            lib.PQcancelBlocking(handle)
            lib.PQcancelFinish(handle)
            return
        handle = lib.PQgetCancel(self._conn)
        if handle:
            lib.PQcancel(handle, create_string_buffer(256), 256)
            lib.PQfreeCancel(handle)

    @property
    def idle(self) -> bool:
        """No transaction is open, nothing runs."""
        return self._conn is not None and self._lib.PQtransactionStatus(self._conn) == 0

    @property
    def backend_pid(self) -> int:
        """The backend as the server named it at the start; behind a pooler it is not the one that works."""
        return 0 if self._conn is None else int(self._lib.PQbackendPID(self._conn))

    @property
    def major(self) -> int:
        """The server's major version as it told at the start."""
        return 0 if self._conn is None else int(self._lib.PQserverVersion(self._conn)) // 10000

    @property
    def closed(self) -> bool:
        """Closed by us, or dead."""
        return self._conn is None or self._lib.PQstatus(self._conn) == _BAD

    def close(self) -> None:
        """End the session; an open transaction is rolled back by the server."""
        conn, self._conn = self._conn, None
        if conn is not None:
            self._lib.PQfinish(conn)

    def _words(self) -> str:
        return "" if self._conn is None else _text(self._lib.PQerrorMessage(self._conn)).strip()


def _text(value: "bytes | None") -> str:
    return "" if value is None else value.decode("utf-8", "replace")
