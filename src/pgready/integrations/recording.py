"""What a program asks PostgreSQL while it runs: SQLAlchemy's engines, psycopg 3 and asyncpg are listened to.

SQLAlchemy by its event `before_cursor_execute`, whatever driver is below; psycopg and asyncpg by wrapping the methods
that take SQL. Statements pass unchanged, and an error of the listener never becomes one of the program. Of what is
bound to parameters, whole numbers are remembered (a LIMIT is one) and nothing else.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType, FrameType
from typing import Any

from pgready.proof.contracts.normalise import Seen

_MOST_NUMBERS = 50
_MOST_TEXTS = 500


class Recorder:
    """Every query since `install`, once for each place in the code and each test.

    `root` is the folder whose code counts as a call site; `test` is what runs now, for whoever reads the record.
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.abspath(root) + os.sep
        self._sites: dict[CodeType, str] = {}
        self._texts: dict[tuple[str, str], int] = {}
        self._seen: dict[tuple[str, str, str], Seen] = {}
        self._undo: list[Callable[[], None]] = []
        self.test = ""

    def install(self) -> None:
        """Listen from now on, to the libraries that are installed."""
        libraries = {
            "sqlalchemy": self._listen_to_sqlalchemy,
            "psycopg": self._wrap_psycopg,
            "asyncpg": self._wrap_asyncpg,
        }
        for name, listen in libraries.items():
            if importlib.util.find_spec(name) is not None:
                with contextlib.suppress(ImportError):  # one that is there and cannot be imported asks nothing
                    listen()

    def uninstall(self) -> None:
        """Leave everything as it was."""
        while self._undo:
            self._undo.pop()()

    def take(self) -> list[Seen]:
        """What was seen since the last time, and forget it."""
        taken = sorted(self._seen.values())
        self._seen.clear()
        self._texts.clear()
        return taken

    def note(self, text: object, bound: object) -> None:
        """One query with what is bound to it."""
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        if not isinstance(text, str):
            return
        site = self._site(sys._getframe(1))  # noqa: SLF001 - the way to a frame that costs least
        key = (text, site, self.test)
        if key in self._seen:
            return
        # Code that writes constants into its queries has as many texts as values: a few hundred show what varies.
        count = self._texts[key[1:]] = self._texts.get(key[1:], 0) + 1
        if count <= _MOST_TEXTS:
            self._seen[key] = Seen(text, site, self.test, _numbers(bound))

    # ── where ──

    def _site(self, frame: FrameType) -> str:
        for each in _frames(frame):
            code = each.f_code
            site = self._sites.get(code)
            if site is None:
                site = self._sites[code] = self._of(code)
            if site:
                return site
        return ""

    def _of(self, code: CodeType) -> str:
        """`app/queries.py list_invoices` for code of the project, "" for anybody else's."""
        path = code.co_filename
        if not path.startswith(self._root) or "site-packages" in path or os.path.dirname(__file__) in path:
            return ""
        return f"{path[len(self._root) :]} {code.co_name}"

    # ── libraries ──

    def _listen_to_sqlalchemy(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        def before(connection: Any, _cursor: Any, text: str, bound: Any, _context: Any, many: bool) -> None:
            if connection.dialect.name == "postgresql":
                self._guarded(text, bound[0] if many and bound else bound)

        event.listen(Engine, "before_cursor_execute", before)
        self._undo.append(lambda: event.remove(Engine, "before_cursor_execute", before))

    def _wrap_psycopg(self) -> None:
        import psycopg

        def text_of(cursor: Any, query: Any) -> Any:
            return query if isinstance(query, str | bytes) else query.as_string(cursor)

        for kind in (psycopg.Cursor, psycopg.AsyncCursor, psycopg.ServerCursor, psycopg.AsyncServerCursor):
            for name in ("execute", "executemany", "stream"):
                if name in vars(kind):
                    self._wrap(kind, name, text_of, many=name == "executemany")

    def _wrap_asyncpg(self) -> None:
        Connection: Any = importlib.import_module("asyncpg.connection").Connection  # noqa: N806 - a class

        for name in ("execute", "fetch", "fetchrow", "fetchval", "fetchmany", "executemany", "cursor", "prepare"):
            if name in vars(Connection):
                self._wrap(Connection, name, lambda _, query: query, many=name in ("executemany", "fetchmany"))

    def _wrap(self, kind: Any, name: str, text_of: Callable[[Any, Any], Any], *, many: bool) -> None:
        inner = vars(kind)[name]
        recorder = self
        varying = kind.__module__.startswith("asyncpg")

        @functools.wraps(inner)
        def wrapped(this: Any, query: Any, *rest: Any, **options: Any) -> Any:
            bound = rest if varying else rest[0] if rest else options.get("params")
            if many:
                bound = ()
            with contextlib.suppress(Exception):  # the program goes on whatever we make of its query
                recorder.note(text_of(this, query), bound)
            return inner(this, query, *rest, **options)

        setattr(kind, name, wrapped)
        self._undo.append(lambda: setattr(kind, name, inner))

    def _guarded(self, text: str, bound: object) -> None:
        with contextlib.suppress(Exception):  # as above
            self.note(text, bound)


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The stack upwards; from an asynchronous engine's greenlet on to the code that awaits it."""
    greenlet = sys.modules.get("greenlet")
    parent = greenlet.getcurrent().parent if greenlet is not None else None
    while frame is not None:
        yield frame
        frame = frame.f_back
        if frame is None and parent is not None:
            frame, parent = parent.gr_frame, parent.parent


def _numbers(bound: object) -> tuple[tuple[str, str], ...]:
    """The whole numbers among bound values, by name or 1-based number."""
    items: Iterable[tuple[object, object]] = ()
    if isinstance(bound, Mapping):
        items = bound.items()
    elif isinstance(bound, list | tuple):
        items = enumerate(bound, 1)
    found = [(str(name), str(value)) for name, value in items if type(value) is int]
    return tuple(found[:_MOST_NUMBERS])
