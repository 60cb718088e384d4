"""The queries that a live server runs most, from `pg_stat_statements`, as contracts.

One connection, one read-only transaction with a statement timeout, no lock waited for. What comes back are normalised
texts, where the server has put `$n` for every constant: no value of anybody leaves it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, replace

from pgready.errors import Unreachable, UsageInvalid
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.session import ConnectionLost, ServerError, Session, TextRow
from pgready.postgres.trouble import Trouble
from pgready.project.url import Target
from pgready.proof.contract import Contract, Parameter, Place
from pgready.proof.contracts.normalise import fitting_name, why_left_out
from pgready.proof.contracts.parse import Unparsed, fingerprint, read, servable
from pgready.sql.names import quote_ident

_BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = '15s';"
    " SET LOCAL lock_timeout = '1s'; SET LOCAL search_path = ''; "
)
_QUERY = re.compile(r"\(*\s*(?:select|with|insert|update|delete|merge|values|table)\b", re.IGNORECASE)
_HIDDEN = "<insufficient privilege>"


@dataclass(frozen=True, slots=True)
class LiveQueries:
    """Contracts by total time, the longest first; `not_judged` are those that cannot be planned, with the reason.

    `left_out` counts what was passed over, in words and in order of number.
    """

    contracts: tuple[Contract, ...]
    not_judged: tuple[tuple[Contract, str], ...]
    left_out: tuple[tuple[str, int], ...]


def live_queries(target: Target, top: int) -> LiveQueries:
    """The `top` queries of the database of `target` by their total time; raises UsageInvalid and Unreachable."""
    try:
        session = open_session(target, "live queries")
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    try:
        rows = _rows(session, target, top)
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), target) from None
    finally:
        session.close()
    return _chosen(rows, top)


def _rows(session: Session, target: Target, top: int) -> tuple[TextRow, ...]:
    installed = session.rows(
        "extension",
        "SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = 'pg_stat_statements'",
    )
    if not installed:
        raise _not_installed(session, target)
    with open(os.path.join(os.path.dirname(__file__), "live_queries.sql"), encoding="utf-8") as file:
        sql = file.read()
    sql = sql.replace("@schema@", quote_ident(installed[0][0] or "")).replace("@count@", str(top * 20 + 200))
    try:
        rows = session.rows("live queries", _BEGIN + sql)
        session.run("end", "ROLLBACK")
    except ServerError as e:
        raise _refused(e, target) from None
    return rows


def _not_installed(session: Session, target: Target) -> UsageInvalid:
    available, preloaded, database = session.rows(
        "extension",
        "SELECT (SELECT count(*) FROM pg_catalog.pg_available_extensions WHERE name = 'pg_stat_statements'),"
        " (SELECT setting LIKE '%pg_stat_statements%' FROM pg_catalog.pg_settings"
        " WHERE name = 'shared_preload_libraries'), pg_catalog.current_database()",
    )[0]
    then = "CREATE EXTENSION pg_stat_statements;  in this database, as its owner or a superuser"
    if available == "0":
        then = "install PostgreSQL's contrib extensions on the server, then: " + then
    elif preloaded != "t":
        then = f"{_PRELOAD}; then: {then}"
    return UsageInvalid(
        f"the extension pg_stat_statements is not installed in database {database}: the server keeps no list of"
        " queries that can be read",
        where=target.redacted,
        then=then,
        code="statements_missing",
    )


_PRELOAD = "put pg_stat_statements into shared_preload_libraries and restart the server"


def _refused(error: ServerError, target: Target) -> UsageInvalid | Unreachable:
    if error.sqlstate == "55000":
        what, then = "the server does not load pg_stat_statements, so that it records no queries", _PRELOAD
        return UsageInvalid(what, where=target.redacted, then=then, detail=error.words(), code="statements_not_loaded")
    if error.sqlstate == "42501":
        role = quote_ident(target.params.get("user", "role"))
        schema = re.search(r"for schema (\S+)", error.message)
        return UsageInvalid(
            "the role may not read pg_stat_statements",
            where=target.redacted,
            then=f"GRANT USAGE ON SCHEMA {schema[1]} TO {role};  as its owner" if schema else _GRANT.format(role=role),
            detail=error.words(),
            code="no_privilege",
        )
    return Unreachable(
        f"the server would not list its queries: {error.message}",
        where=target.redacted,
        then="try again when it is less busy",
        detail=error.words(),
        code="live_queries",
    )


_GRANT = "GRANT pg_read_all_stats TO {role};  as a superuser"


# ── which of them count ──


def _chosen(rows: tuple[TextRow, ...], top: int) -> LiveQueries:
    left_out: Counter[str] = Counter()
    found: dict[str, Contract] = {}
    below: set[str] = set()
    not_judged: dict[str, tuple[Contract, str]] = {}
    for queryid, calls, total, text, search_path, entries in rows:
        sql = (text or "").strip().rstrip(";").rstrip()
        count, spent = int(float(calls or 0)), float(total or 0)
        if sql == _HIDDEN:
            left_out["of other roles, whose texts this role may not see (GRANT pg_read_all_stats)"] += int(entries or 1)
            continue
        if not sql:
            left_out["whose text the server has lost"] += 1
            continue
        contract = Contract(
            name="",
            sql=sql,
            place=Place(f"queryid {queryid}"),
            source="live",
            calls=count,
            mean_ms=spent / count if count else None,
            search_path=search_path or "",
        )
        try:
            sql = servable(sql)
            query = read(sql)
            key = fingerprint(sql)
        except Unparsed as e:
            if not _QUERY.match(sql):  # what is no query is not normalised, and may hold a password
                left_out["that are no queries (transactions, settings, DDL)"] += 1
                continue
            cut = "its text is cut off" if "end of input" in e.message or "unterminated" in e.message else e.message
            name = f"live_{int(queryid or 0) & 0xFFFFFFFFFFFFFFFF:016x}"
            if len(not_judged) < top:
                not_judged.setdefault(sql, (replace(contract, name=name), f"not SQL that can be planned: {cut}"))
            continue
        if reason := why_left_out(query):
            left_out[reason] += 1
            continue
        if key in found:
            found[key] = _joined(found[key], contract)
            continue
        if len(found) == top:
            below.add(key)
            continue
        count_of_parameters = max(query.parameters, default=0)
        parameters = tuple(Parameter(number) for number in range(1, count_of_parameters + 1))
        name = fitting_name(query, key)
        found[key] = replace(contract, name=name, sql=sql, parameters=parameters)
    if below:
        left_out[f"below the top {top}"] = len(below)
    return LiveQueries(tuple(found.values()), tuple(not_judged.values()), tuple(left_out.most_common()))


def _joined(one: Contract, other: Contract) -> Contract:
    """The same query twice (lists of other lengths, other roles): one contract with the calls of both."""
    calls = (one.calls or 0) + (other.calls or 0)
    spent = (one.mean_ms or 0) * (one.calls or 0) + (other.mean_ms or 0) * (other.calls or 0)
    return replace(one, calls=calls, mean_ms=spent / calls if calls else None)
