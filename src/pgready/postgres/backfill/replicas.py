"""How far the replicas are behind: long work goes slower than they follow, as far as the role may see them."""

from __future__ import annotations

import time

from pgready.postgres.session import ServerError, Session
from pgready.report.story import Event, Teller

LIMIT_SECONDS = 10.0
_PATIENCE_SECONDS = 600.0
_LOOK_SECONDS = 1.0

# replay_lag is that of the last reply, and none where a replica stands still: what counts is since when it has not
# replayed what was written.
_WRITTEN_REPLAYED = (
    "SELECT application_name || coalesce(' at ' || host(client_addr), ''),"
    " pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'), pg_wal_lsn_diff(replay_lsn, '0/0'), sent_lsn IS NULL"
    " FROM pg_catalog.pg_stat_replication WHERE state IS NULL OR state = 'streaming'"
)


class Replicas:
    """Looked at every second at most; `limit` is how many seconds one may be behind, `patience` how long to wait."""

    def __init__(self, session: Session, limit: float = LIMIT_SECONDS, patience: float = _PATIENCE_SECONDS) -> None:
        self._session = session
        self._limit = limit
        self._patience = patience
        self._looked = 0.0
        self._blind = False
        # Of each replica: a place in the log that it has to pass, and since when.
        self._marks: dict[str, tuple[float, float]] = {}
        self._given_up: set[str] = set()

    def slow_down(self, tell: Teller) -> bool:
        """Wait while a replica is further behind than the limit, as long as patience lasts; True if one is near it."""
        now = time.monotonic()
        if self._blind or now - self._looked < _LOOK_SECONDS:
            return False
        name, lag = self._worst(tell)
        self._looked = now
        near = lag * 2 >= self._limit
        if lag >= self._limit:
            self._wait(name, lag, tell)
            self._looked = time.monotonic()
        return near

    def _wait(self, name: str, lag: float, tell: Teller) -> None:
        text = f"replica {name} is {lag:.0f} s behind: the backfill waits for it"
        tell(Event("backfill_waits", text, {"replica": name, "lag": round(lag, 1)}))
        began = time.monotonic()
        while lag >= self._limit and time.monotonic() - began < self._patience:
            time.sleep(min(_LOOK_SECONDS, self._limit))
            name, lag = self._worst(tell)
        waited = round(time.monotonic() - began)
        text = f"waited {waited} s for replicas, going on"
        if lag >= self._limit:
            self._given_up.add(name)
            text += f"; {name} is {lag:.0f} s behind and not waited for any more"
        tell(Event("backfill_waited", text, {"replica": name, "lag": round(lag, 1), "seconds": waited}))

    def _worst(self, tell: Teller) -> tuple[str, float]:
        """The replica that is furthest behind, and how many seconds."""
        try:
            rows = self._session.rows("replica lag", _WRITTEN_REPLAYED)
        except ServerError:
            self._blind = True
            return "", 0.0
        if any(hidden == "t" for *_, hidden in rows):
            self._blind = True
            text = "how far replicas are behind is hidden from this role (needs pg_read_all_stats): not waited for"
            tell(Event("note", text, {}))
            return "", 0.0
        now, worst = time.monotonic(), ("", 0.0)
        for name, written, replayed, _ in rows:
            key = name or ""
            mark, since = self._marks.get(key, (0.0, now))
            if float(replayed or 0) >= mark:
                mark, since = self._marks[key] = (float(written or 0), now)
            if now - since > worst[1] and key not in self._given_up:
                worst = (key, now - since)
        return worst
