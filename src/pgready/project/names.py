"""The ordered names of a folder's migrations, by listing it only: no file is read but the lock file.

Two kinds of folder are understood: Prisma's (`NAME/migration.sql`) and plain SQL (flat `*.sql`). It never guesses:
whatever fits neither kind is refused. `pgready.project.folder.load` reads what is listed here, in this order.
Hot module: see docs/explanation/fast-path.md.
"""

import os

from pgready.history.spelling import prisma_order, version

SCRIPT = "migration.sql"
LOCK_FILE = "migration_lock.toml"
PRISMA = "prisma"
PLAIN = "plain"


def list_names(folder: str) -> "list[str]":
    """The names of the folder's migrations, in the order in which they are applied.

    Raises UsageInvalid for a folder that is missing, empty or not understood, and for a foreign lock file.
    """
    return survey(folder)[1]


def survey(folder: str) -> "tuple[str, list[str]]":
    """The folder's kind (PRISMA or PLAIN) and the names of its migrations, in order.

    Raises UsageInvalid as `list_names` does.
    """
    directories: list[str] = []
    files: list[str] = []
    lock_file = False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == ".":
                    continue  # editors, git, mounted ConfigMaps: hidden entries are no migrations
                if entry.is_dir(follow_symlinks=False):
                    directories.append(name)
                    continue
                if entry.is_symlink():
                    _look_through(folder, name)
                if name[-4:] in (".sql", ".SQL"):
                    files.append(name)
                elif name == LOCK_FILE:
                    lock_file = True
    except OSError as e:
        from pgready.project.surprises import unreadable

        raise unreadable(folder, e) from None
    if lock_file:
        _check_lock_file(folder)
    if files:
        if directories or lock_file:
            from pgready.project.surprises import mixed

            raise mixed(folder, directories, files, lock_file)
        return PLAIN, _plain_names(folder, files)
    if not directories:
        from pgready.project.surprises import empty

        raise empty(folder, lock_file)
    _check_scripts(folder, directories)
    _check_spelling(folder, directories)
    return PRISMA, prisma_order(directories)


def plain_name(file: str) -> str:
    """The migration's name of a plain SQL file: its stem, without the `.up` of an up/down pair."""
    stem = file[:-4]
    return stem[:-3] if stem[-3:] == ".up" else stem


def _plain_names(folder: str, files: "list[str]") -> "list[str]":
    # An up/down pair (`1_x.up.sql`, `1_x.down.sql`) is one migration; its way back is never run.
    names = [plain_name(file) for file in files if file[-9:-4] != ".down"]
    _check_spelling(folder, names)
    keyed = [(version(name), name) for name in names]
    versions = {number for number, _ in keyed}
    # All have a version of their own, or (a folder in plain name order) none has one; anything else is a surprise.
    if not names or len(versions) != len(names) or () in versions:
        unversioned = versions == {()} and len(set(names)) == len(names)
        if not unversioned:
            from pgready.project.surprises import versions_clash

            raise versions_clash(folder, files)
    keyed.sort()
    return [name for _, name in keyed]


def _check_scripts(folder: str, directories: "list[str]") -> None:
    stat = os.stat
    prefix = folder + "/"
    suffix = "/" + SCRIPT
    for name in directories:
        try:
            mode = stat(prefix + name + suffix).st_mode
        except OSError:
            mode = 0
        if mode & 0o170000 != 0o100000:
            from pgready.project.surprises import without_script

            raise without_script(folder, directories)


def _check_spelling(folder: str, names: "list[str]") -> None:
    if not "".join(names).isprintable():
        from pgready.project.surprises import unprintable

        raise unprintable(folder, names)


def _check_lock_file(folder: str) -> None:
    try:
        file = os.open(folder + "/" + LOCK_FILE, os.O_RDONLY)
        try:
            content = os.read(file, 65536)
        finally:
            os.close(file)
    except OSError as e:
        from pgready.project.surprises import unreadable

        raise unreadable(folder + "/" + LOCK_FILE, e) from None
    # As `migrate dev` writes it; everything else is read by a real TOML parser.
    if content.count(b"provider") == 1 and b'\nprovider = "postgresql"\n' in b"\n" + content + b"\n":
        return
    from pgready.project.surprises import check_lock_file

    check_lock_file(folder + "/" + LOCK_FILE, content)


def _look_through(folder: str, name: str) -> None:
    # Prisma does not see a linked folder, and what a link to nowhere should be cannot be known: both are refused.
    # A linked file is a file.
    path = folder + "/" + name
    if os.path.isdir(path) or not os.path.exists(path):
        from pgready.project.surprises import linked

        raise linked(path)
