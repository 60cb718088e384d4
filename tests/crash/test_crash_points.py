"""Crashes before and after every message of the deploy protocol."""

import os
import random

import pytest
from crash_harness import FAULTS

pytestmark = [pytest.mark.matrix, pytest.mark.slow]

FULL = os.environ.get("PGREADY_FULL_CRASH") == "1"


def chosen(points):
    """Each point with the faults to do there: all of them, or a sample with every step and every fault in it."""
    if FULL:
        return [(point, fault) for point in points for fault in FAULTS]
    rotation = random.Random(4)
    steps = list(dict.fromkeys(point[:2] for point in points))
    faults = [FAULTS[at % len(FAULTS)] for at in range(len(steps))]
    rotation.shuffle(faults)
    return [
        (rotation.choice([p for p in points if p[:2] == step]), fault)
        for step, fault in zip(steps, faults, strict=True)
    ]


@pytest.mark.timeout(7200 if FULL else 170)
def test_no_crash_loses_or_doubles_anything(make_crash, make_database, brittle_server, capsys):
    """Harm at every message, before and after it: the next boot ends where an undisturbed run ends."""
    crash = make_crash()
    points = crash.record(make_database(server=brittle_server))
    broken = []
    for point, fault in chosen(points):
        for _ in range(3):  # a faster machine sends fewer, larger messages
            database = make_database(server=brittle_server)
            try:
                done = crash.strike(database, fault, point)
                crash.recover(database, f"{fault} at {point}: exit {done.code}\n{done.story}")
            except AssertionError as e:
                broken.append(f"{fault} at {point}: {e}")
                break
            crash.admin(f'DROP DATABASE "{database.name}" WITH (FORCE)', database)  # or a full run fills the disk
            if done.reached:
                break
        else:
            broken.append(f"{fault} at {point}: never reached")
    with capsys.disabled():
        print(f"\n  {crash.tally}")
    assert not broken, "\n".join(broken)
