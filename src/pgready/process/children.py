"""Child processes whose output is read line by line while they run, and which all end when the block ends.

Promises: whatever happens inside the block, no child is left running after it. Each child has a session of its own, so
a Ctrl-C in the terminal reaches us alone and we stop them in good order.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

from pgready.process.signals import held

_GRACE = 10.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a child's output, or its end: `stream` is "stdout", "stderr" or "end" (`text` is empty then)."""

    child: str
    stream: str
    text: str


class Children:
    """A context manager; `guard` is given each child's pid and returns a process that ends it if we are killed."""

    def __init__(self, guard: Callable[[int], subprocess.Popen[bytes]]) -> None:
        self._guard = guard
        self._lines: queue.Queue[Line] = queue.Queue()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._guards: list[subprocess.Popen[bytes]] = []
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> int:
        """Start a child; returns its process id."""
        with held():  # nobody could end a child that is not in our list yet
            child = subprocess.Popen(
                argv,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._running[name] = child
            self._guards.append(self._guard(child.pid))
        streams = (("stdout", child.stdout), ("stderr", child.stderr))
        readers = [threading.Thread(target=self._read, args=(name, s, f), daemon=True) for s, f in streams]
        for reader in readers:
            reader.start()
        self._readers += readers
        return child.pid

    def _read(self, name: str, stream: str, file: IO[bytes]) -> None:
        with file:
            for raw in file:
                self._lines.put(Line(name, stream, raw.decode(errors="replace").rstrip("\r\n")))
        if stream == "stderr":
            # Who sends its words elsewhere has closed this pipe and lives on: that is no end.
            self._running[name].wait()
            self._lines.put(Line(name, "end", ""))

    def next_line(self, timeout: float) -> Line | None:
        """The next line of any child, or None after `timeout` seconds of silence."""
        try:
            return self._lines.get(timeout=timeout)
        except queue.Empty:
            return None

    def exit_code(self, name: str) -> int:
        """The code of a child that has ended; waits for it."""
        return self._running[name].wait()

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to those that do not end within ten seconds."""
        for child in self._running.values():
            _send(child, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        for child in self._running.values():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _send(child, signal.SIGKILL)
                child.wait()
        for guard in self._guards:
            guard.kill()
            guard.communicate()
        for reader in self._readers:
            reader.join(_GRACE)
        self._guards, self._readers = [], []


def _send(child: subprocess.Popen[bytes], number: int) -> None:
    """To the whole group: a child may have started others."""
    if child.poll() is None:
        try:
            os.killpg(child.pid, number)
        except (ProcessLookupError, PermissionError):
            pass
