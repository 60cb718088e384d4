"""SIGTERM and SIGINT as an exception that unwinds the protocol: cancel, leave the truth, release, exit 128 + n."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(KeyboardInterrupt):
    """A signal asked us to stop.

    It is a KeyboardInterrupt, so that nothing that handles errors takes it for one.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    @property
    def name(self) -> str:
        """As the system names it: `SIGTERM`, `SIGINT`."""
        return signal.Signals(self.number).name

    @property
    def exit_code(self) -> int:
        """128 + n, as shells report it."""
        return 128 + self.number


class _Held:
    """How many `held` blocks we are in, and the first signal that came meanwhile."""

    depth = 0
    number = 0


def _stop(number: int, _frame: FrameType | None) -> None:
    if _Held.depth:
        _Held.number = _Held.number or number
        return
    raise Stopped(number)


@contextmanager
def held() -> Iterator[None]:
    """Within the block a signal waits, and raises Stopped at the block's end.

    For the moments when something was made that nothing in our hands can end yet: a child that runs while
    `subprocess.Popen` has not returned. Main thread; elsewhere no signal raises anyway.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Held.depth += 1
    try:
        yield
    finally:
        _Held.depth -= 1
        if not _Held.depth and _Held.number:
            number, _Held.number = _Held.number, 0
            raise Stopped(number)


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Within the block SIGTERM, SIGINT and SIGHUP raise Stopped in the main thread; then everything is as before.

    In another thread (an in-process boot in a web server) signals belong to the host: nothing is installed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        current = signal.getsignal(number)
        if current is signal.SIG_IGN:  # nohup and background jobs of a shell mean it
            continue
        before[number] = current
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
