"""Runs pgready with a tap on the deploy protocol's one seam; the tests start this as a process of its own.

It imports everything once and forks a child for each case (a line of JSON on stdin), so that a thousand faults cost
a thousand forks and not a thousand interpreter starts. The child is a whole pgready: `cli.main.main`, then exec.
"""

import json
import os
import signal
import socket
import sys
import threading
import traceback
from typing import Any

import pgready.cli.boot
import pgready.cli.main
import pgready.commands.boot  # imported lazily by pgready: here before the fork
from pgready.postgres import session


class Tap:
    """Records every message, or stops at one: kills this process there, or asks the test to do harm and waits."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.seen: dict[tuple[str, str], int] = {}
        self.mutex = threading.Lock()

    def __call__(self, step: str, when: str) -> None:
        with self.mutex:
            # How many migrations share a message depends on how fast the server is: those are counted, not named.
            key = ("worker: apply" if step.startswith("worker: apply ") else step, when)
            count = self.seen[key] = self.seen.get(key, 0) + 1
        if record := self.case.get("record"):
            with open(record, "a", encoding="utf-8") as file:
                file.write(json.dumps([*key, count]) + "\n")
        if self.case.get("point") == [*key, count]:
            self.harm()

    def harm(self) -> None:
        if self.case["fault"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.case["line"])
            line.recv(1)


def run(case: dict[str, Any]) -> None:
    """Be the process of one case; never returns."""
    os.chdir(case["cwd"])
    os.environ.clear()
    os.environ.update(case["env"])
    for number, name in ((0, os.devnull), (1, case["stdout"]), (2, case["stderr"])):
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
    session.tap = Tap(case)
    code = 1
    try:
        code = pgready.cli.main.main(case["argv"])
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """A line in, `pid N` and `exit N` out (negative: ended by a signal)."""
    for line in iter(sys.stdin.readline, ""):
        case = json.loads(line)
        child = os.fork()
        if child == 0:
            run(case)
        sys.stdout.write(f"pid {child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"exit {os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
