"""A backfill goes no faster than the replicas follow."""

import threading
import time

import pytest
from failover_pair import query, until

from pgready.postgres.backfill.replicas import Replicas
from pgready.postgres.connect import open_session
from pgready.project.url import parse

pytestmark = [pytest.mark.matrix, pytest.mark.timeout(180)]


def test_a_replica_that_stands_still_is_waited_for(pair):
    """Told by name, until it has caught up; a replica that follows is never waited for, however much is written."""
    query(pair.first, "CREATE TABLE t (id int)")
    until("the standby follows", pair.caught_up)
    session = open_session(parse(pair.url(pair.first)), "test")
    told = []
    replicas = Replicas(session, limit=1.2)
    try:
        for _ in range(3):
            query(pair.first, "INSERT INTO t SELECT generate_series(1, 1000)")
            replicas.slow_down(told.append)
            time.sleep(1.0)
        assert not told
        query(pair.second, "SELECT pg_wal_replay_pause()", "postgres")
        deadline = time.monotonic() + 60
        resume = threading.Timer(4, query, (pair.second, "SELECT pg_wal_replay_resume()", "postgres"))
        resume.start()
        while not told:
            assert time.monotonic() < deadline
            query(pair.first, "INSERT INTO t SELECT generate_series(1, 1000)")
            replicas.slow_down(told.append)
        resume.join()
        assert [event.kind for event in told] == ["backfill_waits", "backfill_waited"]
        assert "s behind" in told[0].text
        assert query(pair.second, "SELECT pg_is_wal_replay_paused()", "postgres") == [(False,)]
        query(pair.second, "SELECT pg_wal_replay_pause()", "postgres")
        impatient = Replicas(session, limit=1.0, patience=1.0)
        while len(told) < 4:
            assert time.monotonic() < deadline
            query(pair.first, "INSERT INTO t SELECT generate_series(1, 1000)")
            impatient.slow_down(told.append)
        assert "not waited for any more" in told[3].text
    finally:
        session.close()
