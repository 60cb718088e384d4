"""CMD gets the process that the supervisor started: same PID, its own signals."""

import os
import signal
import subprocess

import pytest

pytestmark = pytest.mark.matrix

ONE = {"1_first": "CREATE TABLE t (v int);"}


def dispositions(text):
    """PID and signal masks out of /proc/self/status."""
    fields = dict(line.split(":", 1) for line in text.splitlines())
    return int(fields["Pid"]), {name: int(fields[name], 16) for name in ("SigBlk", "SigIgn", "SigCgt")}


def as_inherited():
    """The masks of a process that this one starts itself: what the test's own supervisor ignores is ignored there too."""
    run = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True, timeout=60, check=True)
    return dispositions(run.stdout)[1]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs Linux's /proc")
def test_cmd_has_the_pid_and_the_default_signals(database, make_project):
    """After a boot that migrated and after one that had nothing to do: nothing blocked, ignored or caught of our own."""
    project = make_project(migrations=ONE)
    for _ in ("full path", "fast path"):
        process = project.start("boot", "--", "cat", "/proc/self/status", url=database.url)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert dispositions(out) == (process.pid, as_inherited())


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs Linux's /proc")
def test_a_signal_that_the_caller_ignores_stays_ignored(database, make_project):
    """nohup in front of pgready means CMD too."""
    project = make_project(migrations=ONE)
    for _ in ("full path", "fast path"):
        run = subprocess.run(
            ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *project.command("boot", "--", "cat", "/proc/self/status")],
            cwd=project.path,
            env=project.env(database.url),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        _, masks = dispositions(run.stdout)
        inherited = as_inherited()
        assert masks == {**inherited, "SigIgn": inherited["SigIgn"] | 1 << (signal.SIGHUP - 1)}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_reach_cmd(database, make_project, number):
    """CMD's own handler runs and its own exit code is the process's."""
    project = make_project(migrations=ONE)
    name = number.name.removeprefix("SIG")
    # No `wait`: a shell misses a signal that comes just before it, and sleeps on.
    script = f'trap "echo got {name}; exit 7" {name}; echo up; while :; do sleep 0.05; done'
    process = project.start("boot", "--", "sh", "-c", script, url=database.url)
    try:
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert (out, process.returncode) == (f"got {name}\n", 7), err
    finally:
        process.kill()
        process.communicate()


def test_cmd_dies_of_a_closed_pipe(database, make_project):
    """SIGPIPE is what it was: a CMD in a pipeline ends silently when its reader goes."""
    project = make_project(migrations=ONE)
    for _ in ("full path", "fast path"):
        process = project.start("boot", "--", "yes", url=database.url)
        try:
            assert process.stdout.readline() == "y\n"
            process.stdout.close()
            assert process.wait(timeout=30) == -signal.SIGPIPE
        finally:
            process.kill()
            process.wait()
            process.stderr.close()
