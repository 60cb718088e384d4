"""Queries that were seen, as contracts: the same ones joined, with names that come from what they read.

Names hold the first table and eight digits of the query's fingerprint, so that they are the same in every run and on
every server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pgready.proof.contracts.parse import Query, Unparsed, fingerprint, normalised, read, servable, walk
from pgready.proof.contracts.placeholders import convert
from pgready.sql.lexer import Token, tokens

ONLY_INSERTS = "that only insert rows"
"""The reason to leave out what reads nothing: it is bounded by what is sent."""


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """A query as it was sent: its text with the driver's placeholders, the code that sent it and the test that ran.

    `numbers` are (parameter name, value) of bound whole numbers, for LIMIT and OFFSET only: no other value is kept.
    """

    text: str
    site: str = ""
    test: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """One query with everything that is known of it: `pages` are (number, value) of parameters of LIMIT and OFFSET."""

    name: str
    sql: str
    names: tuple[str, ...]
    pages: tuple[tuple[int, str], ...]
    sites: tuple[str, ...]
    tests: tuple[str, ...]


def joined(seen: Iterable[Seen]) -> tuple[tuple[Recorded, ...], tuple[tuple[str, int], ...]]:
    """The queries by name, each once, and what was left out, in words with its number.

    Two texts are the same query if they differ in constants, parameter styles and lengths of IN lists only. A constant
    that was the same in every text is the code's and stays; the others become parameters.
    """
    groups: dict[str, list[tuple[Query, tuple[str, ...], Seen]]] = {}
    left_out: dict[str, set[str]] = {}
    for one in sorted(set(seen)):
        converted = convert(one.text.strip().rstrip(";").rstrip())
        try:
            query = read(converted.sql)
            key = fingerprint(converted.sql)
        except Unparsed:
            left_out.setdefault("that do not parse", set()).add(one.text)
            continue
        reason = why_left_out(query)
        if reason:
            left_out.setdefault(reason, set()).add(one.text)
        else:
            groups.setdefault(key, []).append((query, converted.names, one))
    found = [_recorded(key, group) for key, group in groups.items()]
    counted = tuple((reason, len(texts)) for reason, texts in sorted(left_out.items()))
    return tuple(sorted(found, key=lambda one: one.name)), counted


def _recorded(key: str, group: Sequence[tuple[Query, tuple[str, ...], Seen]]) -> Recorded:
    # The shortest text: of lists of several lengths, the shortest one.
    shortest, names, _ = min(group, key=lambda each: (len(each[0].sql), each[0].sql))
    sites = tuple(sorted({one.site for _, _, one in group if one.site}))
    tests = tuple(sorted({one.test for _, _, one in group if one.test}))
    query = read(_varying(shortest, [each.sql for each, _, _ in group]))
    numbers = max(query.parameters, default=0)
    names = (*names, *[""] * (numbers - len(names)))
    said = [dict(one.numbers) for each, _, one in group if each.sql == shortest.sql]
    pages = []
    for number in sorted(query.limits | query.offsets):
        label = names[number - 1] or str(number)
        values = sorted({int(values[label]) for values in said if label in values})
        if values:
            pages.append((number, str(values[-1])))
    return Recorded(fitting_name(query, key), query.sql, names, tuple(pages), sites, tests)


def _varying(query: Query, texts: Sequence[str]) -> str:
    """The query with a parameter for each constant that is not the same in all of the texts."""
    constants = [_constants(text) for text in texts]
    if len({tuple(one.text for one in each) for each in constants}) == 1:
        return query.sql
    if len({len(each) for each in constants}) > 1:  # lists of constants of several lengths: no telling which is which
        return normalised(query.sql)
    own = _constants(query.sql)
    same = [len({one.text for one in column}) == 1 for column in zip(*constants, strict=True)]
    number = max(query.parameters, default=0)
    parts: list[str] = []
    last = 0
    for constant, is_same in zip(own, same, strict=True):
        if not is_same:
            number += 1
            parts += [query.sql[last : constant.start], f"${number}"]
            last = constant.end
    return servable("".join([*parts, query.sql[last:]]))


def _constants(sql: str) -> list[Token]:
    return [token for token in tokens(sql) if token.kind in ("string", "number")]


def why_left_out(query: Query) -> str:
    """Why a query that was seen is no business of contracts, to follow a number of them; "" if it is."""
    if query.verb is None:
        return "that are no queries (transactions, settings, DDL)"
    if query.fault is not None:
        return "that change rows in a CTE, or make tables"
    if not query.relations:
        return "that read no table"
    if query.verb == "insert" and not _reads(query):
        return ONLY_INSERTS
    if all(_is_system(*one) for one in query.relations):
        return "of catalogs only"
    if any(name == "_prisma_migrations" or schema == "pgready" for schema, name in query.relations):
        return "of migration tools"
    return ""


def _reads(query: Query) -> bool:
    """Whether an INSERT takes rows from somewhere, in a query or a subquery."""
    return any(type(node).__name__ == "SelectStmt" and len(node.from_clause) for node in walk(query.tree))


def _is_system(schema: str, name: str) -> bool:
    return schema in ("pg_catalog", "information_schema") or (not schema and name.startswith("pg_"))


def fitting_name(query: Query, key: str) -> str:
    """`select_invoices_3f2a9c1b`: the verb, the first table by name, eight digits of the fingerprint."""
    tables = sorted(name for _, name in query.relations)
    table = re.sub(r"\W", "_", tables[0])[:40] if tables else "nothing"
    return f"{query.verb}_{table}_{key[:8]}"
