"""A minimal data directory, made once by initdb and cached: starting a server is then a copy and not an initdb.

Smaller than initdb's own: WAL segments of 1 MB and every catalog rewritten without its dead rows. All three databases
of a normal cluster are there: `postgres` (Prisma connects to it), `template1`, and `template0`, since
`pg_restore --create` and `CREATE DATABASE … TEMPLATE template0` need it. A cached directory is used only after its
file names and sizes were checked; one that is not whole is made again.
"""

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator

from pgready.embedded.binaries import Binaries
from pgready.embedded.cache_lock import locked
from pgready.embedded.launch import run_as
from pgready.embedded.place import Account, cache_candidates, cache_dir, make_private
from pgready.errors import Unreachable

RECIPE = 2
"""Raised when what follows changes, so that older cached directories are not used."""

SUPERUSER = "postgres"


def fingerprint(directory: str) -> str:
    """A hash of every file's relative path and size below `directory`."""
    digest = hashlib.sha256()
    pending = [directory]
    lines = []
    while pending:
        folder = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                    lines.append(entry.path)
                else:
                    lines.append(f"{entry.path}:{entry.stat(follow_symlinks=False).st_size}")
    for line in sorted(lines):
        digest.update(line[len(directory) :].encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()


def _key(binaries: Binaries, account: Account) -> str:
    """A name from all that the directory depends on: the version, the build, the recipe, and who can read it."""
    build = f"{binaries.version_text}|{os.stat(binaries.program('postgres')).st_size}|{RECIPE}"
    return f"{binaries.version}-{hashlib.sha256(build.encode()).hexdigest()[:12]}-uid{account.uid}"


def _is_whole(home: str) -> bool:
    try:
        with open(os.path.join(home, "fingerprint"), encoding="ascii") as file:
            return file.read() == fingerprint(os.path.join(home, "data"))
    except (OSError, UnicodeDecodeError):
        return False


@contextlib.contextmanager
def template(binaries: Binaries, account: Account) -> Iterator[str]:
    """The cached data directory, whole and not changed by anyone while the context lasts.

    Made first if it is missing or broken, by one process however many ask. Raises UsageInvalid without a usable
    cache directory, Unreachable if initdb fails.
    """
    key = _key(binaries, account)
    for place in cache_candidates(account):
        # A cache baked into an image may be read-only: nobody can change it, so no lock is needed (or possible).
        home = os.path.join(place, "templates", key)
        if os.path.isdir(home) and not os.access(os.path.dirname(home), os.W_OK) and _is_whole(home):
            yield os.path.join(home, "data")
            return
    place = os.path.join(cache_dir(account), "templates")
    os.makedirs(place, mode=0o755, exist_ok=True)
    home = os.path.join(place, key)
    lock = home + ".lock"
    while True:
        with locked(lock, exclusive=False):
            if _is_whole(home):
                yield os.path.join(home, "data")
                return
        with locked(lock, exclusive=True):
            if not _is_whole(home):
                _make(home, binaries, account)


def discard(binaries: Binaries, account: Account) -> None:
    """Throw the cached directory away, if any: the next start makes a new one."""
    home = os.path.join(cache_dir(account), "templates", _key(binaries, account))
    if os.path.isdir(home):
        with locked(home + ".lock", exclusive=True):
            shutil.rmtree(home, ignore_errors=True)


def _make(home: str, binaries: Binaries, account: Account) -> None:
    """Make the directory beside its final place and move it there whole."""
    shutil.rmtree(home, ignore_errors=True)
    building = tempfile.mkdtemp(prefix=".making-", dir=os.path.dirname(home))
    try:
        os.chmod(building, 0o755)  # noqa: S103 - the account passes; data inside is 0700
        data = os.path.join(building, "data")
        make_private(data, account)
        _initdb(data, binaries, account)
        _shrink(data, binaries, account)
        with open(os.path.join(building, "fingerprint"), "w", encoding="ascii") as file:
            file.write(fingerprint(data))
        os.rename(building, home)
    finally:
        shutil.rmtree(building, ignore_errors=True)


_AS_NAMED = """
import ctypes, os, sys
uid, gid = os.geteuid(), os.getegid()
if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):  # CLONE_NEWUSER
    sys.exit("this uid has no entry in /etc/passwd, which initdb needs, and user namespaces are not allowed here")
for name, text in (("setgroups", "deny"), ("uid_map", f"{sys.argv[1]} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
    with open(f"/proc/self/{name}", "w") as file:
        file.write(text)
os.execv(sys.argv[2], sys.argv[2:])
"""


def _named(account: Account) -> list[str]:
    """What to put before a program that looks its own uid up, as initdb does, for a uid without a name.

    Containers often run as such a uid. Inside a user namespace the same uid can bear a number that has a name.
    """
    import pwd

    names = {entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0}
    if account.uid in names or not names or sys.platform != "linux":
        return []
    return [sys.executable, "-I", "-S", "-c", _AS_NAMED, str(max(names))]


def _initdb(data: str, binaries: Binaries, account: Account) -> None:
    common = [
        *_named(account),
        binaries.program("initdb"),
        "-D",
        data,
        "-U",
        SUPERUSER,
        "--encoding=UTF8",
        "--wal-segsize=1",
    ]
    common += ["--auth=trust", "--no-sync", "--no-instructions"]
    # The same sort order and case rules on every platform; before 17 only libc has them, and not every libc.
    if binaries.major >= 17:
        choices = [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    else:
        choices = [["--locale=C.UTF-8"], ["--locale=C"]]
    output = ""
    for choice in choices:
        status, output = run_as(account, common + choice)
        if status == 0:
            return
    raise Unreachable(
        "initdb could not make a data directory for the embedded server",
        where=data,
        detail=output.strip()[-2000:],
        then="see what initdb says above; PGREADY_EMBEDDED_BIN chooses other server programs",
        code="embedded_initdb",
    )


def _shrink(data: str, binaries: Binaries, account: Account) -> None:
    """Rewrite the catalogs once and copy them to the other databases, in single-user mode: no server is started."""
    strategy = " STRATEGY file_copy" if binaries.major >= 15 else ""
    statements = [
        "UPDATE pg_database SET datistemplate = false WHERE datname = 'template0'",
        "DROP DATABASE template0",
        "DROP DATABASE postgres",
        "VACUUM (FULL, FREEZE)",
        f"CREATE DATABASE template0 IS_TEMPLATE true ALLOW_CONNECTIONS false{strategy}",
        f"CREATE DATABASE postgres{strategy}",
        "REVOKE CREATE, TEMPORARY ON DATABASE template0 FROM public",
        "COMMENT ON DATABASE template0 IS 'unmodifiable empty database'",
        "COMMENT ON DATABASE postgres IS 'default administrative connection database'",
        "CHECKPOINT",
        "CHECKPOINT",  # the first one still needed WAL that the second one removes
    ]
    status, output = run_as(
        account,
        [
            *_named(account),
            binaries.program("postgres"),
            *("--single", "-D", data, "-c", "fsync=off", "-c", "exit_on_error=on"),
            *("-c", "min_wal_size=2MB", "-c", "max_wal_size=2MB"),  # recycled WAL would only be copied about
            "template1",
        ],
        stdin="".join(f"{statement};\n" for statement in statements),
    )
    if status != 0 or "ERROR:" in output or "FATAL:" in output:
        raise Unreachable(
            "the embedded server's template directory could not be prepared",
            where=data,
            detail=output.strip()[-2000:],
            code="embedded_initdb",
        )
