"""Temporary directories of embedded servers, and how those left behind by killed processes are found and removed."""

import fcntl
import glob
import os
import shutil
import time

from pgready.embedded import launch
from pgready.embedded.place import Account, short_temporary_directory, temporary_bases

_PREFIX = "pgready-run-"
_OWNER = "owner.lock"


def temporary_run_directory(account: Account) -> tuple[str, int]:
    """A new directory for one server, and the open file whose lock says that its owner is alive."""
    directory = short_temporary_directory(_PREFIX, account)
    # Locked before it has its name: another process that sweeps must never find it unlocked.
    unnamed = os.path.join(directory, f"{_OWNER}.new")
    owner = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.rename(unnamed, os.path.join(directory, _OWNER))
    return directory, owner


def is_postmaster_of(pid: int, data_dir: str) -> bool:
    """False if the pid in postmaster.pid surely belongs to another program now (only Linux can tell)."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data_dir)
    except FileNotFoundError:
        return os.path.isdir("/proc/self") is False
    except OSError:
        return True


def sweep() -> None:
    """Remove temporary directories whose process was killed before it could, once their server has ended too."""
    for base in temporary_bases():
        for left in glob.glob(os.path.join(glob.escape(base), _PREFIX + "*")):
            try:
                lock = os.open(os.path.join(left, _OWNER), os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            except OSError:
                continue  # not ours, or just being made
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mine = os.fstat(lock).st_uid == os.geteuid() == os.stat(left).st_uid
                pid, _ = launch.pid_and_state(os.path.join(left, "data"))
                if mine and not (pid and launch.is_running(pid) and _wait_end(pid)):
                    shutil.rmtree(left, ignore_errors=True)
            except OSError:
                pass  # in use, or gone already
            finally:
                os.close(lock)


def _wait_end(pid: int) -> bool:
    """Give a server that is shutting down a moment; true if it still runs."""
    deadline = time.monotonic() + 0.05
    while launch.is_running(pid):
        if time.monotonic() > deadline:
            return True
        time.sleep(0.005)
    return False
