"""Start, watch and stop one server process.

The server runs in a session of its own (a Ctrl-C in the terminal is for us, not for it), as its account, and is shut
down when the process that started it dies, however that dies:

- Linux: the kernel sends SIGINT (`PR_SET_PDEATHSIG`, set after the change of uid, which would clear it). The kernel
  counts the death of the starting *thread*, so this way is taken from the main thread of a process without others.
- Elsewhere, and in processes with threads: a `/bin/sh` that waits for the end of a pipe held by us, then sends SIGINT.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

from pgready.embedded.place import Account

_PR_SET_PDEATHSIG = 1
_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class ServerExited(Exception):  # noqa: N818 - an event, turned into an error of ours by the caller
    """The server ended before it was ready."""


class ServerSilent(Exception):  # noqa: N818 - as above
    """The server runs and was not ready in time."""


def clean_environment() -> dict[str, str]:
    """Our environment without libpq's and PostgreSQL's own variables, with messages in English (they are read)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG") and name != "LANGUAGE"}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def run_as(account: Account, argv: Sequence[str], *, stdin: str = "", timeout: float = 120) -> tuple[int, str]:
    """Run a program as the account, to its end: exit status, and everything that it printed."""
    run = subprocess.run(
        argv,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        cwd="/",
        env=clean_environment(),
        umask=0o077,
        user=account.uid if account.drop else None,
        group=account.gid if account.drop else None,
        extra_groups=[] if account.drop else None,
    )
    return run.returncode, run.stdout


def _die_with(parent: int) -> Callable[[], None]:
    """What the child does between its change of uid and exec; everything it needs is looked up before the fork."""
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    number = int(signal.SIGINT)

    def set_parent_death_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return set_parent_death_signal


def kernel_guards() -> bool:
    """Whether the kernel can be asked to end the server with us: see the module's text."""
    return (
        sys.platform == "linux"
        and threading.current_thread() is threading.main_thread()
        and threading.active_count() == 1
    )


def watchdog(pid: int) -> "subprocess.Popen[bytes]":
    """A shell that sends SIGINT to `pid` as soon as this process is gone; kill it when the server was stopped."""
    return subprocess.Popen(
        ["/bin/sh", "-c", 'read -r line; kill -INT "$1"', "pgready-watchdog", str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


def spawn(
    argv: Sequence[str], account: Account, log_path: str, *, die_with_parent: bool
) -> "tuple[subprocess.Popen[bytes], subprocess.Popen[bytes] | None]":
    """Start the server, its output appended to `log_path`: the process, and its watchdog if it needs one."""
    by_kernel = die_with_parent and kernel_guards()
    with open(log_path, "ab") as log:
        server = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env=clean_environment(),
            umask=0o077,
            preexec_fn=_die_with(os.getpid()) if by_kernel else None,  # noqa: PLW1509 - only without threads
            user=account.uid if account.drop else None,
            group=account.gid if account.drop else None,
            extra_groups=[] if account.drop else None,
        )
    return server, watchdog(server.pid) if die_with_parent and not by_kernel else None


def pid_and_state(data_dir: str) -> tuple[int, str]:
    """The postmaster's pid and state as postmaster.pid has them; (0, "") if there is none or it is half written."""
    try:
        with open(os.path.join(data_dir, "postmaster.pid"), encoding="utf-8", errors="replace") as file:
            lines = file.read().split("\n")
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError):
        return 0, ""


def wait_ready(server: "subprocess.Popen[bytes]", data_dir: str, timeout: float) -> None:
    """Return once the server accepts connections; raises ServerExited or, after `timeout` seconds, ServerSilent."""
    deadline = time.monotonic() + timeout
    while True:
        pid, state = pid_and_state(data_dir)
        if pid == server.pid and state in {"ready", "standby"}:
            return
        if server.poll() is not None:
            raise ServerExited
        if time.monotonic() > deadline:
            raise ServerSilent
        time.sleep(0.001)


def is_running(pid: int) -> bool:
    """Whether this process exists and has not ended; a zombie has (in containers, often nobody reaps it)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return not os.path.isdir("/proc/self")  # no /proc: believe the signal


def stop(pid: int, ended: Callable[[], bool], mode: str, timeout: float) -> None:
    """Stop the server: `mode` is fast, smart or immediate; what does not end in `timeout` seconds is stopped harder."""
    for number in (_SIGNALS[mode], signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
        deadline = time.monotonic() + timeout
        while not ended():
            if time.monotonic() > deadline:
                break
            time.sleep(0.001)
        else:
            return
