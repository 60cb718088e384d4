"""Migrations folders, read in full: scripts with their checksums.

`load` reads what `pgready.project.names` lists, in its order. What is wrong with the folder raises; what is wrong with
one file is a value on its migration, since an applied migration with a byte order mark must not stop anything:
`refuse` raises for those that are about to be sent.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable

from pgready.errors import UsageInvalid
from pgready.history.checksum import checksum
from pgready.history.model import Migration
from pgready.project.names import PRISMA, SCRIPT, plain_name, survey
from pgready.project.plain import sections
from pgready.project.surprises import quoted
from pgready.sql.excerpt import excerpt, where

_BOM = "\ufeff"
_SHOWN = 5


def load(folder: str, only: Collection[str] | None = None) -> tuple[Migration, ...]:
    """The folder's migrations in order, or those of them whose names are in `only`.

    Raises UsageInvalid for a folder that is missing, empty or not understood. A file that cannot be read or sent
    carries its UsageInvalid as `problem`.
    """
    kind, names = survey(folder)
    if only is not None:
        wanted = frozenset(only)
        names = [name for name in names if name in wanted]
    if kind == PRISMA:
        return tuple(_read(name, os.path.join(folder, name, SCRIPT), marked=False) for name in names)
    paths = plain_paths(folder)
    return tuple(_read(name, paths[name], marked=True) for name in names)


def plain_paths(folder: str) -> dict[str, str]:
    """The file of each migration of a plain SQL folder, by the migration's name."""
    return {
        plain_name(file): os.path.join(folder, file)
        for file in os.listdir(folder)
        if file[-4:] in (".sql", ".SQL") and file[-9:-4] != ".down" and file[0] != "."
    }


def refuse(migrations: Iterable[Migration]) -> None:
    """Raise UsageInvalid if any of the migrations has a problem: one error for all of them."""
    problems = [migration.problem for migration in migrations if migration.problem is not None]
    if not problems:
        return
    if len(problems) == 1:
        raise problems[0]
    shown = []
    for problem in problems[:_SHOWN]:
        shown.append(f"{problem.where}: {problem.what}")
        shown += [part for part in (problem.excerpt, f"  {problem.then}") if part.strip()]
    if len(problems) > _SHOWN:
        shown.append(f"… and {len(problems) - _SHOWN} more")
    raise UsageInvalid(
        f"{len(problems)} migrations cannot be sent as they are.",
        where=problems[0].where,
        excerpt="\n".join(shown),
        then="Mend each of them as said above; nothing was applied.",
        code="migrations_unsendable",
    )


def _read(name: str, path: str, *, marked: bool) -> Migration:
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except OSError as e:
        problem = UsageInvalid(
            f"The migration cannot be read: {e.strerror or type(e).__name__}.",
            where=path,
            then=f"Let the user that runs pgready read it: chmod a+r {quoted(path)}",
            code="migration_unreadable",
        )
        return Migration(name, "", "", path, problem=problem)
    text, fault = decode(raw, path)
    if not marked:
        return Migration(name, text, checksum(text), path, problem=fault)
    try:
        parts = sections(text, path)
    except UsageInvalid as e:
        return Migration(name, text, checksum(text), path, problem=fault or e)
    return Migration(name, parts.up, checksum(parts.up), path, parts.first_line, parts.transactional, problem=fault)


def decode(raw: bytes, path: str) -> tuple[str, UsageInvalid | None]:
    """The text and what is wrong with it; invalid bytes become U+FFFD, as in Prisma 7, whose checksums see them."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as e:
        return raw.decode(errors="replace"), _bad_bytes(raw, path, e)
    if text.startswith(_BOM):
        return text, UsageInvalid(
            "The script starts with a byte order mark (BOM), which PostgreSQL takes for a syntax error.",
            where=f"{path}:1:1",
            then=f"Remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' {quoted(path)}",
            code="bom",
        )
    at = text.find("\0")
    if at >= 0:
        return text, UsageInvalid(
            "The script holds a NUL character, which PostgreSQL cannot take.",
            where=where(text, at, path),
            excerpt=excerpt(text, at, ""),
            then=_encoding_hint(raw, path) or "Remove it; for binary data write '\\x00'::bytea.",
            code="nul",
        )
    return text, None


def _bad_bytes(raw: bytes, path: str, error: UnicodeDecodeError) -> UsageInvalid:
    text = raw.decode(errors="replace")
    at = len(raw[: error.start].decode())
    return UsageInvalid(
        f"The script is not valid UTF-8: byte 0x{raw[error.start]:02X}.",
        where=where(text, at, path),
        excerpt=excerpt(text, at, ""),
        then=_encoding_hint(raw, path)
        or f"Save it as UTF-8, e.g. from Latin-1: iconv -f LATIN1 -t UTF-8 {quoted(path)} (look at the result).",
        code="encoding",
    )


def _encoding_hint(raw: bytes, path: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[1:2] == b"\0" or raw[:1] == b"\0":
        return f"It looks like UTF-16; save it as UTF-8: iconv -f UTF-16 -t UTF-8 {quoted(path)}"
    return ""
