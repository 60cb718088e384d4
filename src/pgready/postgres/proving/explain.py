"""Asking the planner: plans of parametrised queries without executing any of them.

A generic plan is planned for unknown values, as PostgreSQL does for a prepared statement that is used often. A literal
plan is planned for the contract's own samples. A LIMIT is always planned with a value: without one the planner
guesses a tenth of the rows, which no page of a list has.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pgready.postgres.session import ServerError, Session
from pgready.proof.contract import Contract, Parameter
from pgready.proof.plan_tree import PlanNode, plan_of
from pgready.proof.size.veil import FIRST, Veiled, ranged_parameters, veiled
from pgready.proof.verdict import Mode
from pgready.sql.lexer import Token, tokens
from pgready.sql.names import quote_ident, quote_literal

LIMIT = "50"
"""The LIMIT of a contract that gives no sample for it."""

_NAME = "pgready_contract"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the statements of one question: read-only, and taken back at the end."""

    begin: str
    end: str
    undo: str


ALONE = Frame("DEALLOCATE ALL; BEGIN READ ONLY", "ROLLBACK", "ROLLBACK")
_BACK = "ROLLBACK TO SAVEPOINT pgready_plan; RELEASE SAVEPOINT pgready_plan"
NESTED = Frame(
    "DEALLOCATE ALL; SAVEPOINT pgready_plan; SET LOCAL transaction_read_only = on",
    _BACK,
    _BACK,
)
"""For a session that is inside of a transaction, which goes on afterwards."""
_AFTER_LIMIT = frozenset({"OFFSET", "FOR", "FETCH", "UNION", "INTERSECT", "EXCEPT", "LIMIT", "ROW", "ROWS", "ONLY"})


class PlanRefused(Exception):  # noqa: N818 - an answer of the server, told with the contract's place by the caller
    """The server does not plan a contract; `position` is a 1-based character in its SQL, None where none is named."""

    def __init__(self, sqlstate: str, message: str, position: int | None, detail: str = "") -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.message = message
        self.position = position
        self.detail = detail


def parameter_types(session: Session, contract: Contract, search_path: str, frame: Frame = ALONE) -> tuple[str, ...]:
    """The types of `$1…` as SQL, declared ones as they are and the others inferred; raises PlanRefused."""
    declared = {one.number: one.type for one in contract.parameters if one.type}
    count = max([*declared, *(number for number, _ in numbered(contract.sql)), 0])
    listed = ", ".join(declared.get(number) or "unknown" for number in range(1, count + 1))
    head = f"PREPARE {_NAME}{f' ({listed})' if listed else ''} AS "
    begin = _begin(contract, search_path, frame)
    ask = (
        "SELECT pg_catalog.array_to_json(ARRAY(SELECT pg_catalog.format_type(t, NULL) FROM"
        " pg_catalog.unnest(parameter_types) WITH ORDINALITY AS u(t, n) ORDER BY n))"
        f" FROM pg_catalog.pg_prepared_statements WHERE name = {quote_literal(_NAME)}"
    )
    rows = _run(session, frame, f"{begin}; {head}", contract.sql, f"\n; SET LOCAL search_path = ''; {ask}")
    return tuple(json.loads(rows or "[]"))


def plan(
    session: Session,
    contract: Contract,
    mode: Mode,
    types: Sequence[str],
    search_path: str,
    major: int,
    frame: Frame = ALONE,
    keep: Collection[str] = (),
    keep_constants: Collection[str] = (),
) -> PlanNode:
    """The plan of a contract whose parameters are of `types`; raises PlanRefused.

    Ends of ranges are hidden from the planner (see `pgready.proof.size.veil`): samples but for those over columns in
    `keep`, constants but for those over columns in `keep` and `keep_constants`.
    """
    try:
        return _plan(session, contract, mode, types, search_path, major, frame, (keep, {*keep, *keep_constants}))
    except PlanRefused:
        # A constant's type was told by the constant perhaps: as it stands, then, and its own refusal is the answer.
        return _plan(session, contract, mode, types, search_path, major, frame, None)


def _plan(
    session: Session,
    contract: Contract,
    mode: Mode,
    types: Sequence[str],
    search_path: str,
    major: int,
    frame: Frame,
    keep: tuple[Collection[str], Collection[str]] | None,
) -> PlanNode:
    given = {one.number: one for one in contract.parameters}
    sql = with_limits(contract.sql, given)
    if mode == "literal":
        open_ = set() if keep is None else ranged_parameters(sql, keep[0])
        samples = {
            number: f"({_sample(one)}::{types[number - 1]})"
            for number, one in given.items()
            if number not in open_ and number <= len(types) and (one.is_null or one.sample is not None)
        }
        sql = _substituted(sql, samples)
    hidden = Veiled(sql, {}) if keep is None else veiled(sql, keep[1])
    sql = hidden.sql
    begin = _begin(contract, search_path, frame)
    if major >= 16:
        # Asked for without values, so partitions are not pruned by ones that nobody gave.
        text = _substituted(sql, {one: f"(${one}::{types[one - 1]})" for one, _ in numbered(sql) if one <= len(types)})
        head = f"{begin}; EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) "
        return plan_of(_answer(session, frame, hidden, head, text))
    declared = [*types, *["int"] * (FIRST - 1 - len(types)), *["unknown"] * len(hidden.hidden)]
    declared = declared if hidden.hidden else list(types)
    listed = f" ({', '.join(declared)})" if declared else ""
    prepare = f"PREPARE {_NAME}{listed} AS "
    arguments = f"({', '.join(['NULL'] * len(declared))})" if declared else ""
    execute = f"EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE {_NAME}{arguments}"
    begin = f"{begin}; SET LOCAL plan_cache_mode = force_generic_plan"
    found = _answer(session, frame, hidden, f"{begin}; {prepare}", sql, f"\n; {execute}")
    if _is_pruned(found[0]["Plan"]):
        # The NULLs that stand for the values have pruned partitions: plan without that.
        begin = f"{begin}; SET LOCAL enable_partition_pruning = off"
        found = _answer(session, frame, hidden, f"{begin}; {prepare}", sql, f"\n; {execute}")
    return plan_of(found)


# The same texts are planned at each size, and again for each index that is tried.
@lru_cache(maxsize=2048)
def numbered(sql: str) -> tuple[tuple[int, Token], ...]:
    """The parameters of a query, in order."""
    return tuple([(int(token.text[1:]), token) for token in tokens(sql) if token.kind == "parameter"])


@lru_cache(maxsize=2048)
def limits(sql: str) -> frozenset[int]:
    """The numbers of the parameters that stand in LIMIT or FETCH FIRST."""
    found = set()
    depth = 0
    at: int | None = None  # the depth of the LIMIT that we are in
    before = ""
    for token in tokens(sql):
        if token.kind == "symbol" and token.text in "()":
            depth += 1 if token.text == "(" else -1
            if at is not None and depth < at:
                at = None
        elif token.kind == "word":
            if token.text == "LIMIT" or (before == "FETCH" and token.text in ("FIRST", "NEXT")):
                at = depth
            elif token.text in _AFTER_LIMIT:
                at = None
        elif token.kind == "parameter" and at is not None:
            found.add(int(token.text[1:]))
        before = token.text
    return frozenset(found)


def with_limits(sql: str, given: Mapping[int, Parameter]) -> str:
    """The query with a value for each parameter of a LIMIT."""
    values = {}
    for number in limits(sql):
        one = given.get(number)
        sample = one.sample if one is not None else None
        values[number] = quote_literal(sample) + "::bigint" if sample else LIMIT
    return _substituted(sql, values)


def _substituted(sql: str, values: Mapping[int, str]) -> str:
    parts, end = [], 0
    for number, token in numbered(sql):
        if number in values:
            parts += [sql[end : token.start], values[number]]
            end = token.end
    return "".join([*parts, sql[end:]])


def _sample(one: Parameter) -> str:
    return "NULL" if one.is_null or one.sample is None else quote_literal(one.sample)


def _is_pruned(node: Mapping[str, Any]) -> bool:
    """Whether partitions were left out when the plan was started."""
    return bool(node.get("Subplans Removed")) or any(_is_pruned(child) for child in node.get("Plans", ()))


def _begin(contract: Contract, search_path: str, frame: Frame) -> str:
    path = contract.search_path or search_path
    chosen = f"; SET LOCAL search_path = {_path(path)}" if path else ""
    return f"{frame.begin}{chosen}"


def _path(path: str) -> str:
    """A search_path as SET takes it: names that are quoted already stay, plain ones are quoted as they are."""
    names = [name.strip() for name in path.split(",")]
    return ", ".join(name if name.startswith('"') else quote_ident(name) for name in names if name)


def _answer(session: Session, frame: Frame, hidden: Veiled, head: str, sql: str, tail: str = "") -> Any:
    try:
        return json.loads(hidden.unveiled(_run(session, frame, head, sql, tail) or "null"))
    except PlanRefused as e:
        # Not a place in the contract's own text any more: a sample that is no value of its type, for one.
        raise PlanRefused(e.sqlstate, e.message, None, e.detail) from None


def _run(session: Session, frame: Frame, head: str, sql: str, tail: str) -> str | None:
    try:
        # A line of its own: the contract may end in a comment.
        replies = session.run("plan", f"{head}{sql}{tail}\n; {frame.end}", undo=frame.undo)
    except ServerError as e:
        position = e.position - len(head) if e.position is not None else None
        if position is not None and not 1 <= position <= len(sql) + 2:
            position = None
        elif position is not None:
            position = min(position, len(sql) + 1)  # what is missing at its end is missed where ours begins
        raise PlanRefused(e.sqlstate, e.message, position, e.hint or e.server_detail) from None
    rows = replies[-1 - len(frame.end.split(";"))].rows
    return rows[0][0] if rows else None
