"""What a hazard costs at production's size: rows, and the order of magnitude of its seconds.

The rates were measured on one modern core with the table in memory (`bench/hazard_costs.py`, two million rows of 100
bytes). Storage that is cold or shared makes it several times as much, and other work beside it again: so a cost is
said in steps of about three, and never as a number that somebody could plan a maintenance window by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pgready.catalog.names import ObjectName
from pgready.hazards.hazard import Hazard
from pgready.hazards.trace import TracedMigration, TracedStatement

# Seconds for a million rows.
SCAN = 0.1
REWRITE = 1.6
INDEX = 0.7
CHANGE = 6.0
REFRESH = 0.7

_STEPS = (
    (0.5, "under a second"),
    (2, "about 1 s"),
    (5, "about 3 s"),
    (20, "about 10 s"),
    (45, "about 30 s"),
    (120, "about a minute"),
    (360, "about 3 min"),
    (1200, "about 10 min"),
    (2700, "about half an hour"),
    (7200, "about an hour"),
    (18000, "about 3 hours"),
    (64800, "about 10 hours"),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows of tables; `default` for those that are not named. Partitioned tables count with all their partitions."""

    rows: Mapping[ObjectName, float]
    default: float

    def of(self, name: ObjectName) -> float:
        """How many rows it has."""
        return self.rows.get(name, self.default)


def with_costs(hazards: Sequence[Hazard], traced: TracedMigration, sizes: Sizes) -> list[Hazard]:
    """The hazards with `rows` and `seconds`, where their statement does work that grows with the data."""
    statements = {one.index: one for one in traced.statements}
    found = []
    for one in hazards:
        cost = _cost(one, statements.get(one.statement), sizes)
        found.append(one if cost is None else replace(one, rows=cost[0], seconds=cost[1]))
    return found


def _cost(one: Hazard, statement: TracedStatement | None, sizes: Sizes) -> tuple[float, float] | None:
    if statement is None or one.id not in _TIMED:
        return None
    if one.id == "H010":
        rows = sum(sizes.of(table) for table in one.tables)
        return rows, rows * CHANGE / 1e6
    work = _work(statement, sizes)
    if one.id == "H011" and not work:
        return None
    rows = max((rows for rows, _ in work), default=0.0)
    if one.id == "H011":
        return rows, rows * CHANGE / 1e6
    return (rows, sum(seconds for _, seconds in work)) if work else None


_TIMED = frozenset({"H001", "H002", "H003", "H004", "H005", "H006", "H007", "H009", "H010", "H011"})


def _work(statement: TracedStatement, sizes: Sizes) -> list[tuple[float, float]]:
    """Rows and seconds of each thing that the statement goes through as a whole."""
    found = []
    old = {touch.relation.table for touch in statement.touches if not touch.relation.is_new}
    for touch in statement.touches:
        relation = touch.relation
        rows = sizes.of(relation.table)
        if "index" in relation.kind:
            built = (relation.is_new or touch.rewritten) and relation.table in old
            rate = INDEX if built and not touch.dropped else 0.0
        elif relation.is_new or relation.kind == "toast table":
            rate = 0.0
        elif touch.rewritten:
            rate = REFRESH if relation.kind == "materialized view" else REWRITE
        else:
            rate = SCAN if touch.scans else 0.0
        if rate:
            found.append((rows, rows * rate / 1e6))
    return found


def in_words(one: Hazard) -> str:
    """`2,000,000 rows, about 10 s`; "" where nothing is known."""
    if one.rows is None or one.seconds is None:
        return ""
    return f"{_rounded(one.rows)} rows, {magnitude(one.seconds)}"


def magnitude(seconds: float) -> str:
    """The order of magnitude in words."""
    return next((words for limit, words in _STEPS if seconds < limit), "a day or more")


def _rounded(rows: float) -> str:
    """Two digits are enough."""
    if rows < 100:
        return f"{rows:.0f}"
    digits = len(str(int(rows))) - 2
    return f"{round(rows / 10**digits) * 10**digits:,.0f}"
