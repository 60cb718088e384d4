"""A child in the foreground: our terminal, our process group, waited for, and ended when we are asked to end."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from pgready.errors import CommandNotExecutable
from pgready.process.signals import Stopped, held

_GRACE = 10.0


def run(path: str, argv: Sequence[str], environ: Mapping[str, str], *, output_to_stderr: bool) -> int:
    """Run to the end; returns the exit code, negative for the signal that ended it.

    `output_to_stderr` keeps stdout for data of ours. Stopped passes the signal on, waits ten seconds, then kills.
    Raises CommandNotExecutable.
    """
    child: subprocess.Popen[bytes] | None = None
    stdout = sys.stderr if output_to_stderr else None
    try:
        with held():
            child = subprocess.Popen(argv, executable=path, env=environ, stdout=stdout)
        return child.wait()
    except OSError as e:
        if child is not None:
            raise
        raise CommandNotExecutable(f"{path} cannot be executed: {e.strerror}") from None
    except Stopped as e:
        if child is None:
            raise
        if e.number != signal.SIGINT or not sys.stdin.isatty():  # a terminal's Ctrl-C has reached the child already
            child.send_signal(e.number)
        try:
            child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            pass
        raise
    finally:
        if child is not None and child.poll() is None:
            child.kill()
            child.wait()
