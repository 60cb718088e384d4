"""What the demo must show before it may say that all is well: each check asks the platform itself.

A check that cannot go red is no check: the tests break the platform in the way that each of these looks for.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

_PAGE = "/invoices?account=2&status=PAID&limit=5"
_INDEX = "invoice_account_status_issued_idx"
_HISTORIES = ("public._prisma_migrations", "trading_svc._prisma_migrations")
# Of both histories: every name, and how often it was applied.
_ROWS = """
SELECT migration_name, count(*) FILTER (WHERE finished_at IS NOT NULL), count(*)
FROM {} GROUP BY migration_name ORDER BY migration_name
"""


class Running(Protocol):
    """A part of the platform as the checks see it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def url(self) -> str | None: ...  # noqa: D102
    @property
    def applied(self) -> list[str]: ...  # noqa: D102
    @property
    def ready_at(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Check:
    """One claim about the platform, whether it held, and what was seen."""

    name: str
    ok: bool
    detail: str

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail}


def check_all(url: str, parts: Sequence[Running]) -> list[Check]:
    """Every check; one that cannot even ask counts as failed."""
    replicas = [p for p in parts if p.kind == "replica"]
    asked: tuple[tuple[str, Callable[[], tuple[bool, str]]], ...] = (
        ("one replica migrated", lambda: one_migrated(replicas)),
        ("each migration exactly once", lambda: exactly_once(url, [name for p in parts for name in p.applied])),
        ("every replica serves the same page", lambda: same_page(replicas)),
        ("pages follow each other", lambda: pages_follow(replicas[0])),
        ("a page is one bounded index scan", lambda: bounded(replicas[0])),
        ("the plain SQL service serves", lambda: quotes(next(p for p in parts if p.kind == "plain SQL service"))),
        ("the worker only waited", lambda: only_waited(parts)),
    )
    import psycopg

    checks = []
    for name, ask in asked:
        try:
            ok, detail = ask()
        except (OSError, ValueError, KeyError, psycopg.Error) as e:
            ok, detail = False, f"no answer: {type(e).__name__}"
        checks.append(Check(name, ok, detail))
    return checks


def one_migrated(replicas: Sequence[Running]) -> tuple[bool, str]:
    """The lock let one of them work, and the others found the work done."""
    at_work = [p for p in replicas if p.applied]
    if len(at_work) != 1:
        return False, f"{len(at_work)} of {len(replicas)} applied something"
    return True, f"{at_work[0].name} applied {len(at_work[0].applied)}, the other {len(replicas) - 1} none"


def exactly_once(url: str, told: Sequence[str]) -> tuple[bool, str]:
    """The rows of both histories, held against what the parts said that they applied."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        rows = [row for table in _HISTORIES for row in connection.execute(_ROWS.format(table).encode()).fetchall()]
    wrong = [str(name) for name, finished, total in rows if (finished, total) != (1, 1)]
    if wrong or sorted(told) != sorted(str(row[0]) for row in rows):
        return False, f"{', '.join(wrong) or 'the rows are not what was told'}"
    return True, f"{len(rows)} rows in two histories, as many as were told"


def same_page(replicas: Sequence[Running]) -> tuple[bool, str]:
    """A real request to each of them; the answer must not depend on who gives it."""
    answers = [get(p, _PAGE) for p in replicas]
    pids = {answer["served_by"] for answer in answers}
    pages = {json.dumps(answer["invoices"]) for answer in answers}
    numbers = [invoice["number"] for invoice in answers[0]["invoices"]]
    ok = len(pages) == 1 and len(pids) == len(replicas) and len(numbers) == 5
    return ok, f"{len(answers)} answers from {len(pids)} processes: {numbers[0]} … {numbers[-1]}"


def pages_follow(replica: Running) -> tuple[bool, str]:
    """The cursor leads to the rows behind it: none twice, none out of order."""
    first = get(replica, _PAGE)
    second = get(replica, f"{_PAGE}&after={quote(first['next'])}")
    places = [(i["issued_at"], i["id"]) for i in (*first["invoices"], *second["invoices"])]
    ok = len(places) == 10 and places == sorted(set(places), reverse=True)
    return ok, f"{len(places)} invoices on two pages, newest first"


def bounded(replica: Running) -> tuple[bool, str]:
    """PostgreSQL's own plan for the query that the service sends."""
    plan = "\n".join(get(replica, f"{_PAGE}&explain=1")["plan"])
    ok = f"Index Scan using {_INDEX}" in plan and "Sort" not in plan and "Seq Scan" not in plan
    return ok, f"Index Scan using {_INDEX}" if ok else plan.strip()


def quotes(service: Running) -> tuple[bool, str]:
    """A real request to the service with the history of its own."""
    found = {q["symbol"]: f"{q['bid']}/{q['ask']}" for q in get(service, "/quotes")["quotes"]}
    return len(found) == 3, ", ".join(f"{symbol} {price}" for symbol, price in found.items())


def only_waited(parts: Sequence[Running]) -> tuple[bool, str]:
    """`wait` applies nothing; that it waited is seen by its first statement, which needs every table."""
    worker = next(p for p in parts if p.kind == "worker")
    migrated = next((p for p in parts if p.kind == "replica" and p.applied), None)
    applied = len(worker.applied)
    if applied or worker.ready_at is None or migrated is None:
        return False, f"it applied {applied}"
    return True, f"ready after {worker.ready_at:.2f} s, applied nothing"


def get(part: Running, path: str) -> Any:
    """GET a part's page as JSON data; a proxy of this machine is none of its business."""
    if part.url is None:
        raise ValueError("it serves no HTTP")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(part.url + path, timeout=30) as answer:
        return json.load(answer)
