"""Crashes in the middle of a statement that runs long, and what its orphaned backend does meanwhile."""

import os
from contextlib import ExitStack, closing

import psutil
import psycopg
import pytest
from crash_harness import OURS, killed, until
from crash_history import AWAKE
from crash_scenarios import BUILDS, SLEEPS, orphan_commits

pytestmark = [pytest.mark.matrix, pytest.mark.slow]

FULL = os.environ.get("PGREADY_FULL_CRASH") == "1"
LONG = 10.0
PIECES = ("whole", "enum", "mixed", "block", "do")
HARM = ("kill", "terminate worker", "terminate lock", "stop", "reset")


def cases():
    """Every piece with every harm; by default each piece and each harm once."""
    if FULL:
        return [(piece, harm) for piece in PIECES for harm in HARM]
    return list(zip(PIECES, HARM, strict=True))


def truth_of(crash, make_database):
    """What an undisturbed run of the same history makes, of which naps change nothing."""
    if crash.truth is None:
        crash.record(make_database(server=crash.server))
    return crash.truth


def do_harm(crash, database, harm, process):
    """Do it from outside, while the statement runs; the runs that follow need not sleep again."""
    database.query(AWAKE)
    if harm == "kill":
        process.kill()
    else:
        crash.harm(harm, database)


@pytest.fixture(scope="module")
def quick(make_crash):
    """The history without naps, for the truth."""
    return make_crash()


@pytest.mark.parametrize(("piece", "harm"), cases())
def test_harm_while_a_statement_runs(make_crash, make_database, quick, piece, harm):
    """Whatever ends the run in the middle of a long statement, the next boot finishes it once."""
    crash = make_crash(**{piece: LONG})
    crash.truth = truth_of(quick, make_database)
    database = make_database(server=crash.server)
    url = crash.url(database, proxied=harm == "reset")
    with killed(crash.project.start("boot", "--timeout", "25", "--", "true", url=url)) as process:
        until(lambda: crash.admin(SLEEPS, database), "the long statement")
        do_harm(crash, database, harm, process)
        _, story = process.communicate(timeout=60)
    assert harm == "kill" or process.returncode in (0, 9), story
    crash.recover(database, story)


@pytest.mark.parametrize("piece", ["whole", "enum", "mixed", "block"] if FULL else ["whole", "block"])
def test_orphan_that_commits_while_another_boot_waits(make_crash, make_database, quick, piece):
    """A killed client's backend that runs on to its COMMIT is neither repeated by the boot that waited, nor an error."""
    crash = make_crash(**{piece: 4})
    crash.truth = truth_of(quick, make_database)
    orphan_commits(crash, make_database(server=crash.server))


@pytest.mark.parametrize("piece", ["whole", "mixed", "do"] if FULL else ["mixed", "do"])
def test_orphan_behind_a_parted_network(make_crash, make_database, quick, piece):
    """A backend that cannot know that its client died runs on: nobody decides or repeats anything before its end."""
    crash = make_crash(**{piece: 3})
    crash.truth = truth_of(quick, make_database)
    database = make_database(server=crash.server)
    with killed(crash.project.start("boot", "--", "true", url=crash.url(database, proxied=True))) as process:
        until(lambda: crash.admin(SLEEPS, database), "the long statement")
        database.query(AWAKE)
        crash.proxy.cut("part")
        process.kill()
        process.communicate()
        crash.terminate("lock", database)  # idle, so its end comes first: by keepalives, or by an operator
        crash.recover(database)


@pytest.mark.parametrize("piece", PIECES if FULL else ["enum", "do"])
def test_two_race_and_the_one_that_works_is_killed(make_crash, make_database, quick, piece):
    """The boot that waits takes over the moment that the working one is killed, while its orphan still runs."""
    crash = make_crash(**{piece: LONG})
    crash.truth = truth_of(quick, make_database)
    database = make_database(server=crash.server)
    with ExitStack() as stack:
        both = [
            stack.enter_context(killed(crash.project.start("boot", "--timeout", "25", "--", "true", url=database.url)))
            for _ in range(2)
        ]
        ((worker,),) = until(lambda: crash.admin(SLEEPS, database), "the long statement")
        until(lambda: len(crash.admin(OURS, database)) == 3, "the one that waits")
        at_work = until(lambda: [p for p in both if worker in backends(p, database)], "the client of the worker")
        database.query(AWAKE)
        at_work[0].kill()
        told = {p: p.communicate(timeout=60)[1] for p in both}
    waited = next(p for p in both if p is not at_work[0])
    assert waited.returncode in ((0, 9) if piece == "do" else (0,)), told[waited]
    crash.recover(database, told[waited])


def backends(process, database):
    """The server processes that talk to `process`, by the ports of its connections."""
    ports = [c.laddr.port for c in psutil.Process(process.pid).net_connections("tcp") if c.laddr]
    rows = database.query(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND client_port = ANY (%s)", (ports,)
    )
    return {pid for (pid,) in rows}


def index_cases():
    """Two index builds, one alone and one in a script with settings of its own."""
    every = [(piece, harm) for piece in ("alone", "mixed") for harm in HARM]
    return every if FULL else [case for at, case in enumerate(every) if at % 3 == 0]


@pytest.mark.parametrize(("piece", "harm"), index_cases())
def test_harm_while_an_index_is_built(make_crash, make_database, quick, piece, harm):
    """A CREATE INDEX CONCURRENTLY that was cut off leaves no INVALID index behind once the next boot is through."""
    crash = quick if piece == "alone" else make_crash(mixed=0.5)
    crash.truth = truth_of(quick, make_database)
    database = make_database(server=crash.server)
    url = crash.url(database, proxied=harm == "reset")
    reader = database.connect(autocommit=False)
    reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with closing(reader), killed(crash.project.start("boot", "--timeout", "25", "--", "true", url=url)) as process:
        if piece == "mixed":
            until(lambda: crash.admin(SLEEPS, database), "the statement before the index build")
        reader.execute("SELECT 1")  # an old snapshot: the build waits for its end
        until(lambda: crash.admin(BUILDS, database), "the index build")
        do_harm(crash, database, harm, process)
        reader.close()
        _, story = process.communicate(timeout=60)
    assert harm == "kill" or process.returncode == 0, story
    crash.recover(database, story)


@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="needs Linux's /proc")
def test_the_server_asks_after_a_silent_lock_holder(make_crash, make_database, brittle_server):
    """The lock of a machine that vanished is free within a minute: the server's side of its connection has keepalives."""
    crash = make_crash(whole=60)
    database = make_database(server=brittle_server)
    with killed(crash.project.start("boot", "--", "true", url=database.url)):
        until(lambda: crash.admin(SLEEPS, database), "the long statement")
        ((port,),) = database.query(
            "SELECT client_port FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory'"
            " AND objid = 72707369 AND objsubid = 1 AND granted AND datname = current_database()"
        )
        here, there = f":{brittle_server.port:04X}", f":{port:04X}"

        def keepalive():
            """Ticks until the keepalive timer fires; None while another timer runs (an answer not acknowledged yet)."""
            with open("/proc/net/tcp", encoding="ascii") as table:
                entries = [line.split() for line in table]
            (timer,) = [e[5] for e in entries[1:] if e[1].endswith(here) and e[2].endswith(there)]
            kind, when = timer.split(":")
            return int(when, 16) if kind == "02" else None

        assert until(keepalive, "a keepalive timer") <= 20 * os.sysconf("SC_CLK_TCK")
        database.query(AWAKE)
        crash.terminate("worker", database)
