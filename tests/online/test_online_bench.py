"""The bench of offered rewrites (bench/online.py) can go red: stalls are counted whole, and what differs is named."""

import sys
import time
from pathlib import Path

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
from online_cases import Case, cases
from writers import Watch, Writers

from online import Bench, Seen

HELD = 0.6


@pytest.fixture(name="bench")
def _bench(server, tmp_path):
    """The bench over 2,000 rows on the server of the tests; the databases that it makes are dropped."""
    bench = Bench(server, 2_000, 200, 0.6, tmp_path)
    yield bench
    bench.close()


def named(name):
    """The case of this name."""
    return next(one for one in cases() if one.name == name)


def test_a_stall_is_seen_in_every_statement_that_was_due_in_it(database):
    """An open loop: a table that is locked makes as many statements late as were due meanwhile, and says behind whom."""
    database.query("CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0); INSERT INTO t VALUES (1)")
    writers = Writers(database.socket_url, 200, 1, ["UPDATE t SET n = n + 1 WHERE id = %(row)s"])
    watch = Watch(database.socket_url, ["the planted lock"])
    with psycopg.connect(database.socket_url) as connection:
        connection.execute("/* the planted lock */ LOCK TABLE t")
        began = time.monotonic()
        time.sleep(HELD)
        held = time.monotonic() - began
        connection.rollback()
    taken, behind = writers.stop(), watch.stop()
    assert max(one.ms for one in taken) >= held * 1000 - 50
    assert sum(one.ms > held * 500 for one in taken) >= 200 * held * 0.45
    assert "behind the planted lock" in behind
    assert [one.error for one in taken if one.error] == []


@pytest.mark.parametrize(
    ("figures", "late"),
    [
        ((2.0, 19.0, 299.0), 0),
        ((5.0, 25.0, 30.0), 0),
        ((2.0, 21.0, 30.0), 1),
        ((5.0, 26.0, 30.0), 1),
        ((5.0, 10.0, 301.0), 1),
        ((5.0, 400.0, 900.0), 2),
    ],
)
def test_bounds(figures, late):
    """Five times the quiet p99 or 20 ms, whichever is larger, and no stall over 300 ms."""
    assert len(Seen(*figures, 1.0, "no lock", ()).late) == late


def test_an_offer_is_deployed_and_ends_where_the_original_ends(bench):
    """A whole case: nothing refused, and the same catalog."""
    case = named("several commands, comments")
    steps = bench.steps(case)
    assert len(steps) > 1
    assert bench.measure(case, steps, bench.end_of(case)).wrong == ()


def test_another_end_and_refused_statements_are_told(bench):
    """Planted: steps that end elsewhere, and an application that they break."""
    case = Case("planted", "ALTER TABLE clients ADD COLUMN n int;", ("clients",))
    steps = [("20270110090000_other", "ALTER TABLE clients DROP COLUMN email;")]
    wrong = "\n".join(bench.measure(case, steps, bench.end_of(case)).wrong)
    assert "the catalog differs" in wrong
    assert 'refused: 42703: column "email"' in wrong
