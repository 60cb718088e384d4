"""Where the Prisma schema is, its datasource block, and the migrations folder that belongs to it.

Hot module: imports os, errors and the datasource tokenizer.
"""

import os

from pgready.errors import UsageInvalid
from pgready.psl.datasource import Datasource, read

_DEFAULT_FILES = ("prisma/schema.prisma", "schema.prisma")
_DEFAULT_FOLDERS = ("prisma/schema", "prisma")


class Schema:
    """The schema files found (paths below `cwd`), their datasource, and `folder`, where the datasource's file lies.

    `folder` is relative to `cwd` as far as the user's path was; `root` is the folder that was given or found when the
    schema is a folder, else "".
    """

    __slots__ = ("datasource", "files", "folder", "root", "source")

    def __init__(self) -> None:
        self.files: tuple[str, ...] = ()
        self.datasource: Datasource | None = None
        self.folder = ""
        self.root = ""
        self.source = "default (there is none)"


def find_schema(cwd: str, path: str, source: str) -> Schema:
    """The schema at `path` (a file or a folder), or at Prisma's default places when `path` is "".

    Raises UsageInvalid for a path that is not there, a folder without .prisma files, an unreadable file, two
    datasource blocks, or a provider other than PostgreSQL.
    """
    found = Schema()
    if path:
        shown = _files_below(cwd, path) if os.path.isdir(os.path.join(cwd, path)) else [path]
        if not shown:
            raise UsageInvalid(f"the schema folder {path} holds no .prisma file", where=source)
        if shown == [path] and not os.path.exists(os.path.join(cwd, path)):
            raise UsageInvalid(f"there is no schema at {path}", where=source, then="give its path with --schema")
        found.root = path if shown != [path] else ""
        found.source = source
    else:
        shown = _default(cwd, found)
    for name in shown:
        datasource = read(read_text(os.path.join(cwd, name), name), name)
        if datasource is None:
            continue
        if found.datasource is not None:
            raise UsageInvalid(
                f"{name}:{datasource.line}:1: a second datasource block; the first is at "
                f"{found.datasource.path}:{found.datasource.line}",
                where=f"{name}:{datasource.line}:1",
                then="keep one: a project has one database",
                code="schema_invalid",
            )
        found.datasource = datasource
        found.folder = os.path.dirname(name)
    if found.datasource is None and shown:
        found.folder = found.root or os.path.dirname(shown[0])
    found.files = tuple(os.path.join(cwd, name) for name in shown)
    _check_provider(found.datasource)
    return found


def migrations_beside(schema: Schema, cwd: str) -> "tuple[str, str]":
    """The migrations folder (below `cwd`) by Prisma's rule, and its source in words.

    Beside the file that holds the datasource; a schema folder's parent and `migrations/` come next if they exist and
    that does not. Without a schema (images often leave it out) prisma/migrations, else migrations.
    """
    if schema.files:
        first = os.path.join(schema.folder, "migrations")
        places = [first]
        if schema.root:
            places.append(os.path.join(os.path.dirname(schema.root.rstrip("/")), "migrations"))
        places.append("migrations")
    else:
        first = "migrations"
        places = ["prisma/migrations", first]
    for place in places:
        if os.path.isdir(os.path.join(cwd, place)):
            return place, "default" if not schema.files or place != first else "beside the schema"
    return first, "default" if not schema.files else "beside the schema"


def read_bytes(path: str, shown: str) -> bytes:
    """The file's bytes; raises UsageInvalid that calls it `shown`."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as e:
        raise UsageInvalid(f"{shown} cannot be read: {e.strerror}", where=shown) from None


def read_text(path: str, shown: str) -> str:
    """The file's text, a BOM taken off; raises UsageInvalid with the line of what is not UTF-8."""
    data = read_bytes(path, shown)
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise UsageInvalid(f"{shown}:{line}: the file is not UTF-8", where=f"{shown}:{line}") from None


def _default(cwd: str, found: Schema) -> "list[str]":
    for name in _DEFAULT_FILES:
        if os.path.isfile(os.path.join(cwd, name)):
            found.source = "default"
            return [name]
    for name in _DEFAULT_FOLDERS:
        if os.path.isdir(os.path.join(cwd, name)):
            files = _files_below(cwd, name)
            if files:
                found.source = "default"
                found.root = name
                return files
    return []


def _files_below(cwd: str, folder: str) -> "list[str]":
    """Every *.prisma file below `folder`, in the order of their paths; migrations folders are not looked into."""
    files: list[str] = []
    for here, folders, names in os.walk(os.path.join(cwd, folder)):
        folders[:] = [name for name in folders if name not in ("migrations", "node_modules", ".git")]
        shown = os.path.join(folder, os.path.relpath(here, os.path.join(cwd, folder))).removesuffix("/.")
        files.extend(os.path.join(shown, name) for name in names if name.endswith(".prisma"))
    return sorted(files)


def _check_provider(datasource: "Datasource | None") -> None:
    if datasource is None or datasource.provider is None:
        return
    provider = datasource.provider
    if provider.kind == "literal" and provider.text not in ("postgresql", "postgres"):
        where = f"{datasource.path}:{provider.line}"
        raise UsageInvalid(
            f'{where}: pgready speaks PostgreSQL, and the datasource says provider = "{provider.text}"',
            where=where,
            then='give a schema with provider = "postgresql"',
            code="provider",
        )
