"""The plan of a query that a service has just sent, as the server itself wrote it down (auto_explain).

Nothing is explained a second time with made-up values: this is the plan that answered the request, with the rows that
it really read.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pgready.embedded import EmbeddedServer

# Seconds: a session that is in a transaction for longer is stuck, which the check of its plan tells.
_PATIENCE = 10.0
_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a page was read: each scan in words, the indexes by name, the rows that they read."""

    scans: tuple[str, ...]
    indexes: tuple[str, ...]
    rows: int
    sorts: bool

    @property
    def bounded(self) -> bool:
        """Whether an index alone gave the page: no table read as a whole, nothing sorted."""
        return bool(self.indexes) and not self.sorts and not any(scan.startswith("Seq Scan") for scan in self.scans)


def record_plans(server: EmbeddedServer, roles: Sequence[str], database: str) -> bool:
    """Have the plans of these roles written to the server's log; False where the server has no auto_explain."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(server.url(database, tcp=False), autocommit=True) as connection:
        try:
            connection.execute("LOAD 'auto_explain'")
        except psycopg.Error:
            return False
        for role in roles:
            for name, value in _SETTINGS.items():
                setting = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                    sql.Identifier(role),
                    sql.Identifier(database),
                    sql.SQL(".").join(map(sql.Identifier, name.split("."))),
                    value,
                )
                connection.execute(setting)
    return True


class PlanLog:
    """The server's log from a moment on. A plan is written when its transaction ends, which is after the answer."""

    def __init__(self, server: EmbeddedServer, roles: Sequence[str]) -> None:
        self._server = server
        self._roles = list(roles)
        self._at = 0

    def skip(self) -> None:
        """What stands there now does not count."""
        self._settle()
        with open(self._server.log_path, "rb") as file:
            self._at = file.seek(0, 2)

    def page(self) -> Plan | None:
        """The plan of the first query with a LIMIT since then; None if there was none."""
        self._settle()
        with open(self._server.log_path, "rb") as file:
            file.seek(self._at)
            text = file.read().decode(errors="replace")
        for found in _plans(text):
            if found["Node Type"] == "Limit":
                return _plan(found)
        return None

    def _settle(self) -> None:
        """Wait until no session of the roles is in a transaction."""
        import psycopg

        busy = "SELECT FROM pg_stat_activity WHERE usename = ANY (%s) AND state <> 'idle'"
        end = time.monotonic() + _PATIENCE
        with psycopg.connect(self._server.url(tcp=False), autocommit=True) as connection:
            while connection.execute(busy, [self._roles]).fetchone() and time.monotonic() < end:
                time.sleep(0.005)


def _plans(text: str) -> Iterator[Mapping[str, Any]]:
    """A plan begins after `plan:` and goes on in lines that begin with a tab."""
    taken: list[str] | None = None
    for line in [*text.splitlines(), ""]:
        if taken is not None and line.startswith("\t"):
            taken.append(line[1:])
            continue
        if taken:
            try:
                yield json.loads("\n".join(taken))["Plan"]
            except (ValueError, KeyError):
                pass
        taken = [] if line.endswith("plan:") else None


def _plan(root: Mapping[str, Any]) -> Plan:
    nodes = list(_nodes(root))
    scans = [one for one in nodes if "Scan" in one["Node Type"]]
    words = tuple(
        f"{one['Node Type']} using {one['Index Name']}"
        if "Index Name" in one
        else f"{one['Node Type']} on {one.get('Relation Name', one.get('Alias', ''))}"
        for one in scans
        if one["Node Type"] != "Bitmap Heap Scan"  # what its index scan found
    )
    indexes = tuple(dict.fromkeys(str(one["Index Name"]) for one in scans if "Index Name" in one))
    read = [one for one in scans if one["Node Type"] != "Bitmap Index Scan"]  # its rows are those of the heap scan
    rows = sum(
        (int(one.get("Actual Rows", 0)) + int(one.get("Rows Removed by Filter", 0))) * int(one.get("Actual Loops", 1))
        for one in read
    )
    return Plan(words, indexes, rows, any("Sort" in one["Node Type"] for one in nodes))


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
