"""Relation files of any length that take no space: the planner multiplies density by the real length of a file.

A file is lengthened past what is really in it, never shortened below that: the pages that PostgreSQL wrote stay as
they are. Files are segments of 1 GB; all but the last are full.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable

from pgready.errors import UsageInvalid
from pgready.postgres.session import ServerError, Session
from pgready.proof.size.pages import PAGE
from pgready.sql.names import quote_literal

SEGMENT = 131_072
"""Pages of a full segment, in PostgreSQL as everybody builds it."""

Inflater = Callable[[Iterable[tuple[str, int, int]]], None]
"""Takes (path below the data directory, real pages, wanted pages) and gives the files that length."""


def segments(path: str, real: int, wanted: int) -> list[tuple[str, int]]:
    """The segments of a file of `wanted` pages, at least `real`, as (path, bytes)."""
    pages = max(real, wanted)
    count = max(1, -(-pages // SEGMENT))
    return [
        (path if number == 0 else f"{path}.{number}", min(SEGMENT, pages - number * SEGMENT) * PAGE)
        for number in range(count)
    ]


def on_this_machine(data_directory: str) -> Inflater:
    """For a server whose files are ours to write: the embedded one."""

    def inflate(files: Iterable[tuple[str, int, int]]) -> None:
        for path, real, wanted in files:
            parts = segments(path, real, wanted)
            for part, size in parts:
                _truncate(os.path.join(data_directory, part), size)
            number = len(parts)
            while os.path.exists(beyond := os.path.join(data_directory, f"{path}.{number}")):
                os.unlink(beyond)
                number += 1

    return inflate


def _truncate(path: str, size: int) -> None:
    try:
        is_new = not os.path.exists(path)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(handle, size)
            if is_new and os.geteuid() == 0:
                owner = os.stat(os.path.dirname(path))
                os.fchown(handle, owner.st_uid, owner.st_gid)
        finally:
            os.close(handle)
    except OSError as e:
        raise too_large(path, size, e.strerror or "", errno.errorcode.get(e.errno or 0, "")) from None


def too_large(path: str, size: int, words: str, code: str) -> UsageInvalid:
    """The error for a file that the file system does not take."""
    limited = code in ("EFBIG", "ENOSPC", "EDQUOT", "EINVAL")
    return UsageInvalid(
        "a relation's file cannot be given the size that the profile asks for",
        where=path,
        detail=f"{size} bytes: {words}",
        then="the files are sparse and take no space, but the file system has to allow them: see `ulimit -f`, quotas,"
        "\nor set TMPDIR to a file system with sparse files"
        if limited
        else "the server's data directory has to be writable: use the embedded server",
        code="file_size",
    )


def by_program(session: Session) -> Inflater:
    """For a server elsewhere: its own `truncate` program, through COPY … TO PROGRAM, all files in one message."""

    def inflate(files: Iterable[tuple[str, int, int]]) -> None:
        lines: dict[int, list[str]] = {}  # a program is started for each size, and most segments are full
        beyond = []
        for path, real, wanted in files:
            parts = segments(path, real, wanted)
            for part, size in parts:
                lines.setdefault(size, []).append(part)
            beyond.append(f"-1 {path} {len(parts)}")
        if not beyond:
            return
        texts = [
            f"{size} {' '.join(paths[at : at + 500])}"
            for size, paths in lines.items()
            for at in range(0, len(paths), 500)
        ]
        # Paths are PostgreSQL's own and hold no white space; the program runs in the data directory.
        script = (
            "while read -r size paths; do"
            ' if [ "$size" = -1 ]; then base="${paths% *}"; number="${paths##* }"; gone="";'
            ' while [ -e "$base.$number" ]; do gone="$gone $base.$number"; number=$((number + 1)); done;'
            ' if [ -n "$gone" ]; then rm -- $gone || exit 1; fi;'
            ' else truncate -s "$size" -- $paths || exit 1; fi; done'
        )
        values = ", ".join(f"({quote_literal(line)})" for line in [*texts, *beyond])
        statement = f"COPY (SELECT line FROM (VALUES {values}) AS v(line)) TO PROGRAM {quote_literal(script)}"
        try:
            session.run("inflate", statement, long=True)
        except ServerError as e:
            raise UsageInvalid(
                "the server does not let this role give relations a size",
                where=session.target.redacted,
                detail=e.words(),
                then="proofs need a superuser on a server with a shell and `truncate`,\n"
                "or a server of pgready's own: pip install 'pgready[embedded]'",
                code="ground_refused",
            ) from None

    return inflate
