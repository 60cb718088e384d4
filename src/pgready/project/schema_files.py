"""Where the Prisma schema is, its datasource block, and the migrations folder that belongs to it.

Hot module: imports os, errors and the datasource tokenizer.
"""

import os

from pgready.errors import UsageInvalid
from pgready.psl.datasource import Datasource, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_DEFAULT_FILES = ("prisma/schema.prisma", "schema.prisma")
_DEFAULT_FOLDERS = ("prisma/schema", "prisma")
_NOT_LOOKED_INTO = ("migrations", "node_modules", ".git")


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
        shown = files_below(cwd, path) if os.path.isdir(os.path.join(cwd, path)) else [path]
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


def migrations_beside(schema: Schema, cwd: str, base: str = "") -> "tuple[str, str]":
    """The migrations folder (below `cwd`) by Prisma's rule, and its source in words.

    Beside the file that holds the datasource; a schema folder's parent and `migrations/` come next if they exist and
    that does not. Without a schema (images often leave it out) prisma/migrations, else migrations; these below `base`.
    """
    if schema.files:
        first = os.path.join(schema.folder, "migrations")
        places = [first]
        if schema.root:
            places.append(os.path.join(os.path.dirname(schema.root.rstrip("/")), "migrations"))
        places.append(os.path.join(base, "migrations"))
    else:
        first = os.path.join(base, "migrations")
        places = [os.path.join(base, "prisma/migrations"), first]
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
    """The file's text, a BOM taken off; raises UsageInvalid with the place of what is not UTF-8."""
    return decode(read_bytes(path, shown), shown).removeprefix("\ufeff")


def decode(data: bytes, shown: str) -> str:
    """The text of a file's bytes; raises UsageInvalid with file:line:column (in characters) of what is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as e:
        before = data[: e.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        where = "%s:%d:%d" % (shown, line, column)
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise UsageInvalid(
            where + (": the file is UTF-16, not UTF-8" if wide else ": byte 0x%02x is not UTF-8" % data[e.start]),
            where=where,
            then="save the file as UTF-8",
            code="not_utf8",
        ) from None


def _default(cwd: str, found: Schema) -> "list[str]":
    files = default_files(cwd)
    if files:
        found.source = "default"
        if files[0] not in _DEFAULT_FILES:
            found.root = next(folder for folder in _DEFAULT_FOLDERS if files[0].startswith(folder + "/"))
    return files


def default_files(cwd: str) -> "list[str]":
    """The schema at Prisma's default places: prisma/schema.prisma, schema.prisma, prisma/schema/, prisma/, or none."""
    for name in _DEFAULT_FILES:
        if os.path.isfile(os.path.join(cwd, name)):
            return [name]
    for name in _DEFAULT_FOLDERS:
        files = files_below(cwd, name) if os.path.isdir(os.path.join(cwd, name)) else []
        if files:
            return files
    return []


def has_project(cwd: str, folder: str) -> bool:
    """Whether a folder other than `cwd` has something at a default place: a schema, migrations, or a Prisma config."""
    root = os.path.abspath(os.path.join(cwd, folder))
    try:
        found = os.listdir(root) if root != os.path.abspath(cwd) else []
    except OSError:
        return False
    return any(name in ("prisma", "schema.prisma", "migrations") or name[:14] == "prisma.config." for name in found)


def files_below(
    cwd: str, folder: str, seen: "set[str] | None" = None, refuse: "Callable[[UsageInvalid], None] | None" = None
) -> "list[str]":
    """Every schema file below `folder`, in Prisma's order: by name, a folder's files where the folder stands.

    Links are followed, and each real folder and file counts once (`seen` holds the real paths, also those that were
    met before). Folders named migrations, node_modules and .git are not looked into. A folder that cannot be looked
    into, and one that links lead back to from inside of it, go to `refuse`, and are passed over without it.
    """
    seen = set() if seen is None else seen
    files: list[str] = []
    met: dict[str, tuple[str, str]] = {}  # a real folder: the real folder around it on the way here, and how it is told
    # What is still to look at, the next one last: its path as it is told, and below the real folder.
    left = [(folder, os.path.realpath(os.path.join(cwd, folder)))]
    while left:
        shown, path = left.pop()
        real = os.path.realpath(path) if os.path.islink(path) else path
        if real in seen:
            around = os.path.dirname(path)
            while around in met and around != real:
                around = met[around][0]
            if around in met and refuse:
                what = f"{shown} leads back to {met[real][1]}, which it lies in: links go in a circle"
                refuse(UsageInvalid(what, where=shown, then="remove one of the links", code="schema_circular"))
            continue
        if not os.path.isdir(real):
            # As Prisma has it, a link is judged by the name of the file behind it.
            if os.path.splitext(real)[1] == ".prisma":
                seen.add(real)
                files.append(shown)
            continue
        if shown != folder and os.path.basename(shown) in _NOT_LOOKED_INTO:
            continue
        seen.add(real)
        met[real] = ("" if shown == folder else os.path.dirname(path), shown)
        try:
            names = sorted(os.listdir(real), key=os.fsencode, reverse=True)
        except OSError as e:
            if refuse:
                refuse(UsageInvalid(f"{shown} cannot be read: {e.strerror}", where=shown, code="schema_unreadable"))
            continue
        left += [(os.path.join(shown, name), os.path.join(real, name)) for name in names]
    return files


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


def nearest(cwd: str, name: str) -> str:
    """The path of the nearest file of this name, in `cwd` or above; "" if there is none."""
    folder = os.path.abspath(cwd)
    while not os.path.isfile(path := os.path.join(folder, name)):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return path
