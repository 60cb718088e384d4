"""What bench/online.py measures: the originals of tests/online, one for each way to say them, over tables with rows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgready.hazards.examples import EXAMPLES, GROUND

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "online"))
from test_online_offers import CASES, MORE

# An application finds its rows by an index.
KEYS = """
CREATE INDEX events_2026_key ON events_2026 (id);
CREATE INDEX pt_key ON pt (id);
CREATE INDEX pt9_key ON pt9 (id);
"""
BEFORE = GROUND + MORE + KEYS

FILL = {
    "clients": (
        "INSERT INTO clients SELECT i, 'user' || i || '@host' || i %% 1000 || '.example',"
        " CASE WHEN i %% 2 = 0 THEN 'US' END, timestamp '2024-01-01' + i * interval '1 minute'"
        " FROM generate_series(1, %(rows)s) i"
    ),
    "invoices": (
        "INSERT INTO invoices SELECT i, 1 + i * 7919::bigint %% %(rows)s, 'R-' || i, i %% 500, 'note ' || i %% 1000"
        " FROM generate_series(1, %(rows)s) i"
    ),
    "totals": "REFRESH MATERIALIZED VIEW totals",
    "events_2026": (
        "INSERT INTO events_2026 SELECT i, date '2026-01-01' + (i %% 360)::integer FROM generate_series(1, %(rows)s) i"
    ),
    "big": (
        "INSERT INTO big (a, b, m, \"Q q\") SELECT i, 'x' || i %% 1000, 'a', i FROM generate_series(1, %(rows)s) i"
    ),
    "kid": "INSERT INTO kid (big_id, mum) SELECT i, 1 + i / 2 FROM generate_series(1, %(rows)s) i",
    "pt": (
        "INSERT INTO pt SELECT i, CASE WHEN i < 10 THEN 2 WHEN i %% 2 = 0 THEN 1 ELSE 5 END, 'z' || i %% 1000"
        " FROM generate_series(1, %(rows)s) i"
    ),
    "pt9": "INSERT INTO pt9 SELECT i, 9 + i %% 2, 'z' FROM generate_series(1, %(rows)s) i",
}
"""What fills a table, in the order in which they can be filled."""

NEEDS = {"kid": ("big",), "totals": ("invoices", "clients"), "invoices": ("clients",), "pt9": ("pt",)}

_NEW_INVOICE = (
    "INSERT INTO invoices (id, client_id, number, total, note) VALUES (%(new)s, %(row)s, 'N-' || %(new)s, 1, 'new')"
)
WRITES = {
    "clients": (
        "UPDATE clients SET email = 'writer' || %(new)s WHERE id = %(row)s",
        "INSERT INTO clients (id, email, region, joined) VALUES (%(new)s, 'new' || %(new)s, 'EU', now())",
        "SELECT email, joined FROM clients WHERE id = %(row)s",
    ),
    "invoices": (
        "UPDATE invoices SET total = total + 1, number = 'W-' || %(new)s WHERE id = %(row)s",
        _NEW_INVOICE,
        "SELECT total, note FROM invoices WHERE id = %(row)s",
    ),
    "totals": (
        "SELECT invoices FROM totals WHERE client_id = %(row)s",
        _NEW_INVOICE,
    ),
    "events_2026": (
        "UPDATE events_2026 SET at = '2026-06-01' WHERE id = %(row)s",
        "INSERT INTO events_2026 (id, at) VALUES (%(new)s, '2026-07-01')",
        "SELECT at FROM events_2026 WHERE id = %(row)s",
    ),
    "big": (
        "UPDATE big SET b = 'w' || %(new)s WHERE id = %(row)s",
        "UPDATE big SET a = %(new)s, m = 'b' WHERE id = %(row)s",
        "INSERT INTO big (a, b, \"Q q\") VALUES (%(new)s, 'new', 1)",
        "SELECT a, b FROM big WHERE id = %(row)s",
    ),
    "kid": (
        "UPDATE kid SET mum = %(row)s WHERE id = %(row)s",
        "INSERT INTO kid (big_id, mum) VALUES (%(row)s, %(row)s)",
        "SELECT big_id FROM kid WHERE id = %(row)s",
    ),
    # Where a new row has an id of `big`: that is what a foreign key of `pt` asks for.
    "pt": (
        "UPDATE pt SET z = 'w' || %(new)s WHERE id = %(row)s",
        "INSERT INTO pt (id, k, z) VALUES (%(new)s, 5, 'new')",
        "SELECT z FROM pt WHERE id = %(row)s",
    ),
    "pt9": (
        "UPDATE pt9 SET z = 'w' WHERE id = %(row)s",
        "INSERT INTO pt9 (id, k, z) VALUES (%(new)s, 9, 'new')",
        "SELECT z FROM pt9 WHERE id = %(row)s",
    ),
}
"""What an application does with a table."""


@dataclass(frozen=True)
class Case:
    """An original: the tables that an application works on meanwhile, and what it does if not all of WRITES.

    `answer` is what a person writes for the rows that are there, where a new column has no default: `original` then
    fails on a table that has rows, and its catalog is that of an empty one.
    """

    name: str
    original: str
    tables: tuple[str, ...]
    writes: tuple[str, ...] = ()
    answer: str = ""

    @property
    def filled(self) -> tuple[str, ...]:
        """The tables that need rows, in the order of FILL."""
        wanted = {*self.tables}
        while more := {each for one in wanted for each in NEEDS.get(one, ())} - wanted:
            wanted |= more
        return tuple(one for one in FILL if one in wanted)

    @property
    def statements(self) -> Sequence[str]:
        """What the application does."""
        return self.writes or [each for one in self.tables for each in WRITES[one]]


_BIG = ("big",)
_TABLES: dict[str, tuple[str, ...]] = {
    "type of an indexed column": _BIG,
    "type of a serial key that others point to": ("big", "kid"),
    "type of an identity": ("kid",),
    "type by USING, quoted": _BIG,
    "key dropped and added around its type": ("big", "kid"),
    "enum made anew in a block": _BIG,
    "serial column": _BIG,
    "identity column": _BIG,
    "volatile, required and unique column": _BIG,
    "required column without a default": _BIG,
    "several commands, comments": _BIG,
    "nameless constraints": ("kid",),
    "foreign key of a partitioned table": ("pt", "big"),
    "key of a partitioned table": ("pt",),
    "index of a partitioned table": ("pt",),
    "partition with an index, beside a default": ("pt", "pt9"),
    "NOT NULL of a partitioned table": ("pt",),
    "primary key of nullable columns": ("events_2026",),
    "setting and change of rows": _BIG,
    "materialized view": ("totals",),
}
_OF_PT = (
    "UPDATE pt SET z = 'w' || %(new)s WHERE id = %(row)s",
    "INSERT INTO pt (id, k, z) VALUES (%(row)s, 5, 'new')",
    "SELECT z FROM pt WHERE id = %(row)s",
    *WRITES["big"],
)
# New rows need the new column from the last step on, so who inserts has to know it by then.
_WITHOUT_NEW = tuple(one for one in WRITES["big"] if not one.startswith("INSERT"))


def cases() -> list[Case]:
    """All of them: each of tests/online, and each bad example of a hazard of statements."""
    if missing := CASES.keys() - _TABLES.keys():
        raise SystemExit(f"_TABLES of bench/online_cases.py does not know {', '.join(sorted(missing))}")
    writes = {"foreign key of a partitioned table": _OF_PT, "required column without a default": _WITHOUT_NEW}
    answers = {"required column without a default": "0"}
    found = [Case(name, sql, _TABLES[name], writes.get(name, ()), answers.get(name, "")) for name, sql in CASES.items()]
    # Of VACUUM FULL there is no online form; later hazards are not a statement's own.
    bad = [one for one in EXAMPLES if one.id <= "H013" and not one.bad.startswith("VACUUM FULL")]
    return found + [Case(f"{one.id} {one.bad.partition(';')[0]}", one.bad, _named(one.bad)) for one in bad]


def _named(sql: str) -> tuple[str, ...]:
    """The tables of an example."""
    found = tuple(one for one in WRITES if one in ("clients", "invoices", "totals", "events_2026") and one in sql)
    return ("totals",) if "totals" in found else found
