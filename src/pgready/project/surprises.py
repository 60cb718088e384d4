"""What is wrong with a migrations folder, in words: the cold half of `pgready.project.names`.

Each function looks again at what the listing stumbled over, finds everything of the kind, and returns one
UsageInvalid that names it all with the way out.
"""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Sequence

from pgready.errors import UsageInvalid
from pgready.history.spelling import version
from pgready.project.names import SCRIPT, plain_name

_SHOWN = 10
_POSTGRESQL = ("postgresql", "postgres")


def listing(lines: Sequence[str]) -> str:
    """The lines as an excerpt; a long list is cut, and says how much was left off."""
    shown = [f"  {line}" for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        shown.append(f"  … and {len(lines) - _SHOWN} more")
    return "\n".join(shown)


def unreadable(path: str, error: OSError) -> UsageInvalid:
    """A folder or file that cannot be opened."""
    reason = error.strerror or type(error).__name__
    if error.errno == errno.ENOENT:
        return UsageInvalid(
            "The migrations folder does not exist.",
            where=path,
            then="Name the folder with --migrations PATH (or `migrations` in the settings); "
            "`pgready settings` shows where the path came from.",
            code="migrations_missing",
        )
    if error.errno == errno.ENOTDIR:
        return UsageInvalid(
            "The migrations folder is not a folder.",
            where=path,
            then="Name the folder that holds the migrations, not a file in it, with --migrations PATH.",
            code="migrations_missing",
        )
    return UsageInvalid(
        f"The migrations cannot be read: {reason}.",
        where=path,
        then=f"Let the user that runs pgready read it, e.g. chmod -R a+rX {quoted(path)}",
        code="migrations_unreadable",
    )


def empty(folder: str, lock_file: bool) -> UsageInvalid:
    """A folder without any migration."""
    inside = "only a lock file" if lock_file else f"no */{SCRIPT} and no *.sql"
    return UsageInvalid(
        f"The migrations folder holds no migration ({inside}).",
        where=folder,
        then="Check that the image carries the whole folder (COPY, .dockerignore), and that --migrations names it.",
        code="migrations_empty",
    )


def mixed(folder: str, directories: Sequence[str], files: Sequence[str], lock_file: bool) -> UsageInvalid:
    """Folders (or a lock file) and flat SQL files beside each other."""
    if os.path.isdir(os.path.join(folder, ".pgready-adopt")):
        then = f"An adoption was interrupted here; finish it: pgready migrate adopt --migrations {quoted(folder)}"
    elif directories:
        then = (
            "Keep one kind. If the SQL files are not migrations, move them elsewhere; if they are, give each a "
            f"folder of its own: NAME/{SCRIPT}."
        )
    else:
        then = (
            "Plain SQL files need no migration_lock.toml: remove it, or give each file a folder of its own: "
            f"NAME/{SCRIPT}."
        )
    seen = [f"{name}/" for name in sorted(directories)[:3]]
    if lock_file:
        seen.append("migration_lock.toml")
    seen += sorted(files)[:3]
    return UsageInvalid(
        "The migrations folder mixes Prisma's folders with plain SQL files, so their order cannot be known.",
        where=folder,
        excerpt=listing(seen),
        then=then,
        code="migrations_mixed",
    )


def without_script(folder: str, directories: Sequence[str]) -> UsageInvalid:
    """Entries without a readable migration.sql, all of them; or Prisma 8's format, by name."""
    bad: list[str] = []
    for name in sorted(directories):
        path = os.path.join(folder, name, SCRIPT)
        if os.path.isfile(path):
            continue
        if _is_graph(os.path.join(folder, name)):
            return _graph(folder, name)
        try:
            os.stat(path)
            reason = f"{SCRIPT} is not a file"
        except FileNotFoundError:
            reason = f"no {SCRIPT}"
        except OSError as e:
            reason = f"{SCRIPT}: {e.strerror}"
        bad.append(f"{name}/: {reason}")
    count = "An entry of the migrations folder has" if len(bad) == 1 else f"{len(bad)} migrations have"
    return UsageInvalid(
        f"{count} no readable {SCRIPT}.",
        where=folder,
        excerpt=listing(bad),
        then=f"Restore the {SCRIPT}, or remove the folder if it is no migration (a name that starts with a dot is "
        "not looked at).",
        code="migration_without_script",
    )


def linked(path: str) -> UsageInvalid:
    """A symbolic link to a folder, to nowhere or to itself."""
    try:
        os.stat(path)
        what = "A migration is a link to a folder; Prisma does not see it, so two tools would disagree."
    except FileNotFoundError:
        what = "An entry of the migrations folder is a link to nowhere."
    except OSError as e:
        what = f"An entry of the migrations folder is a link that cannot be followed: {e.strerror}."
    return UsageInvalid(
        what,
        where=path,
        then="Put the real folder in its place (cp -rL), or remove the link.",
        code="migration_linked",
    )


def unprintable(folder: str, names: Sequence[str]) -> UsageInvalid:
    """Names with line breaks, control characters or bytes that are not UTF-8."""
    bad = [ascii(name) for name in sorted(names) if not name.isprintable()]
    return UsageInvalid(
        "The name of a migration holds characters that cannot be stored or shown.",
        where=folder,
        excerpt=listing(bad),
        then="Rename it: letters, digits, `_`, `-` and `.` are safe everywhere.",
        code="migration_name",
    )


def versions_clash(folder: str, files: Sequence[str]) -> UsageInvalid:
    """Plain SQL files of which two have one version, or some have none."""
    ups = [file for file in sorted(files) if file[-9:-4] != ".down"]
    if not ups:
        return UsageInvalid(
            "The migrations folder holds the way back only (*.down.sql).",
            where=folder,
            excerpt=listing(sorted(files)),
            then="Add the *.up.sql files.",
            code="migrations_empty",
        )
    by_version: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for file in ups:
        by_version[version(plain_name(file))].append(file)
    lone = by_version.pop((), [])
    by_version = {number: same for number, same in by_version.items() if len(same) > 1}
    if by_version:
        return UsageInvalid(
            "Two migrations have the same version, so their order cannot be known.",
            where=folder,
            excerpt=listing([" and ".join(same) for same in by_version.values()]),
            then="Give the one that is not applied yet a new version; rename no applied migration.",
            code="migration_duplicate",
        )
    by_name: dict[str, list[str]] = defaultdict(list)
    for file in lone:
        by_name[plain_name(file)].append(file)
    same_name = [" and ".join(same) for same in by_name.values() if len(same) > 1]
    if same_name:
        return UsageInvalid(
            "Two files would be the same migration.",
            where=folder,
            excerpt=listing(same_name),
            then="Keep one of them.",
            code="migration_duplicate",
        )
    then = "Start each name with a version (0007_x.sql, V7__x.sql, 20240131120000_x.sql), or move the file elsewhere."
    if any(file.startswith(("R__", "U")) for file in lone):
        then += " Flyway's repeatable (R__) and undo (U1__) scripts are no migrations here."
    return UsageInvalid(
        "Some files have a version and some have none, so their order cannot be known.",
        where=folder,
        excerpt=listing(lone),
        then=then,
        code="migration_without_version",
    )


def check_lock_file(path: str, content: bytes) -> None:
    """Accept a lock file that names PostgreSQL, however it is written; raise UsageInvalid for any other."""
    import tomllib

    try:
        parsed = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise UsageInvalid(
            "The lock file is not valid TOML.",
            where=path,
            excerpt=listing([str(e)]),
            then='It should hold one line: provider = "postgresql"',
            code="lock_file",
        ) from None
    provider = parsed.get("provider")
    if provider in _POSTGRESQL:
        return
    what = (
        f"These migrations were written for {provider}, not for PostgreSQL."
        if isinstance(provider, str)
        else "The lock file names no provider."
    )
    raise UsageInvalid(
        what,
        where=path,
        then="Point --migrations at the PostgreSQL migrations. If they are PostgreSQL's after all, write "
        'provider = "postgresql" into the lock file (Prisma calls this P3019).',
        code="lock_file",
    )


def quoted(path: str) -> str:
    """The path as one word of a shell."""
    import shlex

    return shlex.quote(path)


def _is_graph(entry: str) -> bool:
    # Prisma 8 (Prisma Next): migrations/SPACE/NAME/{migration.json,ops.json}, migrations/SPACE/refs/*.json; early
    # versions: migrations/NAME/{migration.json,ops.json}.
    marks = ("ops.json", "migration.json", "contract.json")
    if any(os.path.isfile(os.path.join(entry, mark)) for mark in marks):
        return True
    try:
        with os.scandir(entry) as inner:
            return any(
                child.is_dir()
                and (
                    any(os.path.isfile(os.path.join(child.path, mark)) for mark in marks)
                    or (child.name == "refs" and os.path.isfile(os.path.join(child.path, "head.json")))
                )
                for child in inner
            )
    except OSError:
        return False


def _graph(folder: str, name: str) -> UsageInvalid:
    return UsageInvalid(
        "This folder is in the graph format of Prisma 8 (Prisma Next), whose migrations are no SQL files; pgready "
        f"reads the format of Prisma 6 and 7 (NAME/{SCRIPT}).",
        where=os.path.join(folder, name),
        then="Deploy it with Prisma 8's own CLI, or point --migrations at a folder of SQL migrations.",
        code="prisma_8",
    )
