"""A schema's files as texts to work on, and formatted texts back into the files.

Reading keeps what a text is not: the bytes on disk, the kind of line endings. Writing is all or nothing as far
as that can be known beforehand: every new content stands complete beside its file before the first file is replaced.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pgready.errors import UsageInvalid
from pgready.project.durable import sync_folder
from pgready.project.resolution import schema_path
from pgready.project.schema_files import decode, default_files, files_below
from pgready.psl.source import Source

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """One file: its text as a `source` (the path as users know it), and what a rewrite keeps.

    `path` is the real file behind any links, `data` its bytes, `newline` the most frequent line ending.
    """

    source: Source
    path: str
    data: bytes
    newline: str

    def encoded(self, text: str) -> bytes:
        """The bytes of `text` as they are to stand in this file, with its line endings.

        The text's own are LF, save within what the formatter takes over as written, as a comment of several lines.
        """
        lines = text if self.newline == "\n" else text.replace("\r\n", "\n").replace("\n", self.newline)
        return lines.encode()


def find_and_read(
    paths: Sequence[str], flags: Mapping[str, object], environ: Mapping[str, str], cwd: str
) -> tuple[SchemaFile, ...]:
    """The schema of `paths` (files and folders, together one schema), or where the settings or Prisma's rule say it is.

    Raises UsageInvalid for a path that is not there, a folder without schema files, files that cannot be read, are not
    UTF-8 or begin with a byte order mark (an error for Prisma as well), links that lead in a circle, and a schema
    whose files are all empty; several such files are told together.
    """
    wrong: list[UsageInvalid] = []
    seen: set[str] = set()
    shown: list[str] = []
    if not paths:
        path, source, ignored = schema_path(flags, environ, cwd)
        paths = [path] if path else default_files(cwd)
        if not paths:
            raise UsageInvalid(
                "there is no schema: no prisma/schema.prisma, no schema.prisma, no .prisma file below prisma/",
                detail="\n".join(ignored),
                then="give its path with --schema, or as an argument",
                code="schema_missing",
            )
    else:
        source = "argument"
    for path in paths:
        if not path:
            raise UsageInvalid("an empty path is no schema", then="give a file, or a folder of .prisma files")
        shown += _expand(cwd, path, source, seen, wrong)
    files: list[SchemaFile] = []
    for path in shown:
        try:
            files.append(_read(os.path.join(cwd, path), os.path.normpath(path)))
        except UsageInvalid as e:
            wrong.append(e)
    if wrong:
        raise _together(wrong)
    if not any(file.source.text.strip() for file in files):
        names = ", ".join(file.source.path for file in files)
        raise UsageInvalid(
            f"the schema is empty: there is nothing in {names}",
            where=files[0].source.path,
            then='begin it with: datasource db { provider = "postgresql" }',
            code="schema_empty",
        )
    return tuple(files)


def rewrite(
    changes: Sequence[tuple[SchemaFile, bytes]],
    *,
    new: Sequence[tuple[str, bytes]] = (),
    gone: Sequence[SchemaFile] = (),
) -> None:
    """Replace each file's content; permissions, owner and links stay. `new` files are made, those `gone` removed.

    Every file is checked and its new content written and synced beside it first, so that a file that cannot be
    replaced leaves the others as they are. Raises UsageInvalid for a read-only file or folder, an owner that cannot be
    kept, a file that somebody else changed meanwhile, and a new one that is there already.
    """
    for file in (*(file for file, _ in changes), *gone):
        _check_writable(file)
    with contextlib.ExitStack() as stack:
        staged = [stack.enter_context(_staged(file.path, file.source.path, content)) for file, content in changes]
        made = [stack.enter_context(_made(path, content)) for path, content in new]
        for file in gone:
            _check_unchanged(file)
        for temporary, (file, _) in zip(staged, changes, strict=True):
            _check_unchanged(file)
            os.replace(temporary, file.path)
        for temporary, (path, _) in zip(made, new, strict=True):
            _place(temporary, path)
        for file in gone:
            os.unlink(file.path)
        for folder in {os.path.dirname(path) or "." for path in (*(one.path for one, _ in changes), *dict(new))}:
            sync_folder(folder)


@contextlib.contextmanager
def _made(path: str, content: bytes) -> Iterator[str]:
    """A synced file with `content` beside the path of one that is not there yet; its folder is made."""
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    except OSError as e:
        raise UsageInvalid(
            f"{path} cannot be made: {e.strerror}; nothing was written", where=path, code="schema_unwritable"
        ) from None
    with _staged(path, path, content, is_new=True) as temporary:
        yield temporary


def _place(temporary: str, path: str) -> None:
    """Give the file its name, unless somebody else did meanwhile."""
    try:
        os.link(temporary, path)
    except OSError as e:
        raise UsageInvalid(f"{path} cannot be made: {e.strerror}", where=path, code="schema_unwritable") from None


def _expand(cwd: str, path: str, source: str, seen: set[str], wrong: list[UsageInvalid]) -> list[str]:
    """The files of one path that was asked for; each real file once."""
    absolute = os.path.join(cwd, path)
    if os.path.isdir(absolute):
        before = len(wrong)
        found = files_below(cwd, path, seen, wrong.append)
        if not found and len(wrong) == before and not files_below(cwd, path):  # not only met before
            wrong.append(UsageInvalid(f"the folder {path} holds no .prisma file", where=path, code="schema_missing"))
        return found
    if not os.path.lexists(absolute):
        then = "give a file, or a folder of .prisma files"
        where = source if source not in ("argument", "") else path
        wrong.append(UsageInvalid(f"there is no schema at {path}", where=where, then=then, code="schema_missing"))
        return []
    real = os.path.realpath(absolute)
    if real in seen:
        return []
    seen.add(real)
    return [path]


def _read(path: str, shown: str) -> SchemaFile:
    data = _bytes(path, shown)
    text = decode(data, shown)
    if text.startswith(_BOM):
        raise UsageInvalid(
            f"{shown}:1:1: the file begins with a byte order mark (BOM), which Prisma takes for an error",
            where=f"{shown}:1:1",
            then=f"sed -i '1s/^\\xEF\\xBB\\xBF//' {shlex.quote(shown)}, or save it as UTF-8 without the mark",
            code="schema_bom",
        )
    return SchemaFile(Source(shown, text), os.path.realpath(path), data, _newline(text))


def _bytes(path: str, shown: str) -> bytes:
    try:
        mode = os.stat(path).st_mode  # before it is opened: a pipe would never answer
        if not stat.S_ISREG(mode):
            raise UsageInvalid(f"{shown} is not a file", where=shown, code="schema_unreadable")
        with open(path, "rb") as file:
            return file.read()
    except OSError as e:
        reason = e.strerror or type(e).__name__
        if os.path.islink(path) and not os.path.exists(path):
            where_to = "back to itself" if e.errno == errno.ELOOP else "nowhere"
            reason = f"it is a link to {os.readlink(path)}, which leads {where_to}"
        raise UsageInvalid(f"{shown} cannot be read: {reason}", where=shown, code="schema_unreadable") from None


def _newline(text: str) -> str:
    """The line ending that `text` has most; LF for a text of one line."""
    if "\r" not in text:
        return "\n"
    both = text.count("\r\n")
    counts = {"\n": text.count("\n") - both, "\r\n": both, "\r": text.count("\r") - both}
    return max(counts, key=lambda ending: counts[ending])


def _together(wrong: Sequence[UsageInvalid]) -> UsageInvalid:
    if len(wrong) == 1:
        return wrong[0]
    return UsageInvalid(
        f"{len(wrong)} schema files cannot be read",
        where=wrong[0].where,
        excerpt="\n".join(f"  {error.what}" for error in wrong),
        then=next((error.then for error in wrong if error.then), ""),
        code=wrong[0].code,
    )


def _check_writable(file: SchemaFile) -> None:
    shown = file.source.path
    # A file without any write permission says what it wants, to root too.
    may_write = os.access(file.path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
    if not may_write or not os.stat(file.path).st_mode & 0o222:
        raise UsageInvalid(
            f"{shown} is read-only; nothing was written",
            where=shown,
            then=f"chmod u+w {shown}",
            code="schema_read_only",
        )


def _check_unchanged(file: SchemaFile) -> None:
    with open(file.path, "rb") as now:
        if now.read() == file.data:
            return
    shown = file.source.path
    raise UsageInvalid(
        f"{shown} was changed by somebody else meanwhile; it was left as it is",
        where=shown,
        then="run the command again",
        code="schema_changed",
    )


@contextlib.contextmanager
def _staged(path: str, shown: str, content: bytes, *, is_new: bool = False) -> Iterator[str]:
    """A synced file with `content` beside `path`, with its permissions and owner; gone at the end unless renamed."""
    import tempfile  # costs more than reading a schema, and most runs have nothing to write

    folder, name = os.path.split(path)
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder or ".")
    except OSError as e:
        raise UsageInvalid(
            f"{shown} cannot be replaced: no file can be made beside it: {e.strerror}; nothing was written",
            where=shown,
            code="schema_unwritable",
        ) from None
    try:
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
                out.flush()
                if is_new:
                    os.fchmod(descriptor, 0o666 & ~_umask())
                else:
                    _keep_ownership(path, descriptor)
                os.fsync(descriptor)
        except OSError as e:
            raise UsageInvalid(
                f"{shown} cannot be replaced: {e.strerror}; nothing was written", where=shown, code="schema_unwritable"
            ) from None
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _keep_ownership(path: str, descriptor: int) -> None:
    """Give the new file the owner, the permissions and the extended attributes (access lists) of the old one."""
    old, new = os.stat(path), os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):  # a file system without them
            for name in os.listxattr(path):
                os.setxattr(descriptor, name, os.getxattr(path, name))
