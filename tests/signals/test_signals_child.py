"""A signal in the moment in which a child runs and its start has not returned: the child is ended all the same."""

import os
import signal
import subprocess
import sys

import pytest

from pgready.process import children, foreground
from pgready.process.signals import Stopped, held, stop_on_signals

LOOP = [sys.executable, "-I", "-S", "-c", "import time\nwhile True: time.sleep(1)"]


@pytest.fixture
def struck(monkeypatch):
    """Every child, each struck by SIGTERM to us after its fork and before `Popen` returns."""
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self)
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    yield started
    for child in started:
        child.kill()
        child.wait()
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()


def test_a_foreground_child_gets_the_signal(struck):
    """The signal is passed on; nothing runs on behind our back."""
    with pytest.raises(Stopped), stop_on_signals():
        foreground.run(LOOP[0], LOOP, dict(os.environ), output_to_stderr=False)
    assert [child.returncode for child in struck] == [-signal.SIGTERM]


def test_a_child_of_the_demo_is_in_the_list(struck):
    """`Children.stop` ends it, for it is known before the signal raises."""
    guards = []

    def guard(pid):
        guards.append(subprocess.Popen(["sleep", "60"], stdin=subprocess.PIPE))
        return guards[-1]

    with pytest.raises(Stopped), stop_on_signals(), children.Children(guard) as some:
        some.start("one", LOOP, cwd=os.getcwd(), env=dict(os.environ))
    assert all(child.returncode is not None for child in struck)
    assert len(struck) == 2


def test_held_signals_raise_once_at_the_end():
    """Two signals in nested blocks: the first, when the outer block ends."""
    reached = []
    with pytest.raises(Stopped) as caught, stop_on_signals():
        with held():
            with held():
                os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
            reached.append("end")
        reached.append("after")
    assert (reached, caught.value.number) == (["end"], signal.SIGHUP)
