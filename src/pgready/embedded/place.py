"""Where the embedded server may live, and as whom: accounts, cache directories, who can read what.

PostgreSQL refuses to run as root. When root starts it, the server runs as an unprivileged account, and every
directory on its way must be open to that account. No permission of a directory that is not ours is ever changed.
"""

import os
import stat
import tempfile
from dataclasses import dataclass

from pgready.errors import UsageInvalid


@dataclass(frozen=True, slots=True)
class Account:
    """The uid and gid that the server runs as; `drop` says that they are not ours and the child must change to them."""

    uid: int
    gid: int
    drop: bool


def account_for(data_dir: str | None = None) -> Account:
    """The account for a server: our own, or an unprivileged one for root.

    An existing data directory keeps its owner. Otherwise root gets `nobody`, and not `postgres`: that one may own a
    production cluster on this machine, and a migration under test may run programs.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), drop=False)
    if data_dir is not None and os.path.exists(os.path.join(data_dir, "PG_VERSION")):
        owner = os.stat(data_dir)
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid, drop=True)
    import pwd

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        # initdb looks its uid up, so any unprivileged account that has a name is better than a bare number.
        others = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
        if not others:
            return Account(65534, 65534, drop=True)
        nobody = max(others, key=lambda entry: entry.pw_uid)
    return Account(nobody.pw_uid, nobody.pw_gid, drop=True)


def _allowed(info: os.stat_result, account: Account, user: int, group: int, other: int) -> bool:
    if info.st_uid == account.uid:
        return bool(info.st_mode & user)
    if info.st_gid == account.gid:
        return bool(info.st_mode & group)
    return bool(info.st_mode & other)


def is_open_to(path: str, account: Account) -> bool:
    """Whether the account can reach and read `path` (which exists), judged by modes and owners of the whole way."""
    if not account.drop:
        return os.access(path, os.R_OK)
    path = os.path.realpath(path)
    if not _allowed(os.stat(path), account, stat.S_IRUSR, stat.S_IRGRP, stat.S_IROTH):
        return False
    return _is_passable(path if os.path.isdir(path) else os.path.dirname(path), account)


def _is_passable(directory: str, account: Account) -> bool:
    directory = os.path.realpath(directory)
    while True:
        if not _allowed(os.stat(directory), account, stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH):
            return False
        if directory == (parent := os.path.dirname(directory)):
            return True
        directory = parent


def is_passable(directory: str, account: Account) -> bool:
    """Whether the account can go through `directory` (or, while that is missing, its nearest existing parent)."""
    while not os.path.isdir(directory):
        directory = os.path.dirname(os.path.abspath(directory))
    return _is_passable(directory, account) if account.drop else os.access(directory, os.X_OK)


def _usable_cache(directory: str, account: Account) -> bool:
    """Make `directory` if need be; true if it is ours, nobody else can write to it, and the account can pass."""
    try:
        os.makedirs(directory, mode=0o755, exist_ok=True)
        info = os.stat(directory)
    except OSError:
        return False
    # In a shared directory such as /tmp somebody else could have planted the name.
    if info.st_uid != os.geteuid() or info.st_mode & 0o022:
        return False
    return is_passable(directory, account) and os.access(directory, os.W_OK | os.X_OK)


def cache_candidates(account: Account) -> list[str]:
    """Directories that may hold the cache, best first: `PGREADY_CACHE_DIR` alone if set, else XDG's, else a tmp one."""
    if chosen := os.environ.get("PGREADY_CACHE_DIR"):
        return [os.path.abspath(chosen)]
    places = []
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        places.append(os.path.join(xdg, "pgready"))
    if (home := os.path.expanduser("~")) != "~":
        places.append(os.path.join(home, ".cache", "pgready"))
    if account.drop:
        places.append("/var/cache/pgready")  # root's home is closed to the account that the server runs as
    places.append(os.path.join(tempfile.gettempdir(), f"pgready-cache-{os.geteuid()}"))
    return places


def cache_dir(account: Account) -> str:
    """The cache directory, made if missing; raises UsageInvalid if no candidate can be used."""
    candidates = cache_candidates(account)
    for place in candidates:
        # A probe before makedirs: never leave a directory behind in a home that the account cannot pass anyway.
        if is_passable(place, account) and _usable_cache(place, account):
            return place
    raise UsageInvalid(
        "no directory for the embedded server's cache can be used",
        where=", ".join(candidates),
        detail="it must be writable, owned by this user, writable by nobody else"
        + (f", and passable for uid {account.uid}, which the server runs as" if account.drop else ""),
        then="set PGREADY_CACHE_DIR to a directory that is",
        code="embedded_cache",
    )


_MEMORY = "/dev/shm"  # noqa: S108 - only mkdtemp makes names there
_ROOMY = 2 << 30


def temporary_bases() -> list[str]:
    """Where temporary servers live, best first: TMPDIR if set, memory if it has 2 GiB free, else the usual places.

    A fresh data directory is 800 small files: memory makes the difference between 0.1 and 0.7 s on a slow disk.
    """
    bases = [tempfile.gettempdir(), "/tmp", "/var/tmp", _MEMORY]  # noqa: S108 - as above
    if "TMPDIR" not in os.environ and os.path.isdir(_MEMORY):
        room = os.statvfs(_MEMORY)
        if room.f_bavail * room.f_frsize >= _ROOMY:
            bases.insert(0, _MEMORY)
    return list(dict.fromkeys(bases))


def short_temporary_directory(prefix: str, account: Account) -> str:
    """A new private directory, passable for the account, with a path short enough for a socket (limit 107 bytes)."""
    tried = []
    for base in temporary_bases():
        if not os.path.isdir(base) or len(os.fsencode(base)) > 60 or not is_passable(base, account):
            continue
        try:
            made = tempfile.mkdtemp(prefix=prefix, dir=base)
        except OSError as error:
            tried.append(f"{base}: {error.strerror}")
            continue
        if account.drop:
            os.chmod(made, 0o711)  # noqa: S103 - ours; its data directory inside is 0700
        return made
    raise UsageInvalid(
        "no temporary directory for the embedded server can be used",
        detail="; ".join(tried),
        then="set TMPDIR to a writable directory with a short path",
        code="embedded_tmp",
    )


def make_private(directory: str, account: Account) -> None:
    """Make `directory` if missing, 0700, and give it to the account."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    os.chmod(directory, 0o700)
    if account.drop:
        os.chown(directory, account.uid, account.gid)
