"""Which values of a partitioned table's key find a partition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Table

_KEY = re.compile(r"(RANGE|LIST|HASH) \((.*)\)\Z", re.DOTALL)
_FROM = re.compile(r"FOR VALUES FROM \((.*)\) TO \((.*)\)\Z", re.DOTALL)
_IN = re.compile(r"FOR VALUES IN \((.*)\)\Z", re.DOTALL)
_PLAIN = re.compile(r'(?:"((?:[^"]|"")+)"|(\w+))(?: COLLATE .*)?\Z')


def places(table: Table, catalog: Catalog) -> tuple[Mapping[str, str], ...]:
    """For each leaf the SQL of the columns that lead there, {} where any value does; () for no partitioned table.

    A leaf whose bound says nothing that can be taken (MINVALUE, an expression as key) is left out.
    """
    if table.partition_key is None:
        return ()
    children: dict[ObjectName, list[Table]] = {}
    for one in catalog.tables:
        if one.partition is not None:
            children.setdefault(one.partition.parent, []).append(one)
    return tuple(_leaves(table, children, {}))


def _leaves(
    table: Table, children: Mapping[ObjectName, Sequence[Table]], so_far: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    found = _KEY.match(table.partition_key or "")
    if found is None:
        return
    method, columns = found[1], [_column(one) for one in _listed(found[2])]
    for child in children.get(table.name, ()):
        bound = child.partition.bound if child.partition else ""
        here = _of_bound(method, columns, bound)
        if here is None:
            continue
        # Below a range another range may begin later: the inner bound wins.
        together = {**so_far, **here}
        if child.partition_key is not None:
            yield from _leaves(child, children, together)
        else:
            yield together


def _of_bound(method: str, columns: Sequence[str | None], bound: str) -> dict[str, str] | None:
    if bound == "DEFAULT" or method == "HASH":
        return {} if method == "HASH" else None
    if any(one is None for one in columns):
        return None
    match = _FROM.match(bound) if method == "RANGE" else _IN.match(bound)
    if match is None:
        return None
    values = _listed(match[1])
    if method == "LIST":
        values = [one for one in values if one != "NULL"][:1]
    if not values or any(one in ("MINVALUE", "MAXVALUE") for one in values):
        return None
    return {name: value for name, value in zip(columns, values, strict=False) if name is not None}


def _column(text: str) -> str | None:
    found = _PLAIN.match(text.strip())
    if found is None:
        return None
    return found[1].replace('""', '"') if found[1] else found[2]


def _listed(text: str) -> list[str]:
    parts, depth, quote, start = [], 0, "", 0
    for at, one in enumerate(text):
        if quote:
            quote = "" if one == quote else quote
        elif one in "'\"":
            quote = one
        elif one == "(":
            depth += 1
        elif one == ")":
            depth -= 1
        elif one == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]
