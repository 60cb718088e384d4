"""Candidate indexes for a use of a table: few, each with a reason in the query, the small ones first. Pure.

A candidate is a guess: whether it helps is for the planner to say. Keys compared with one value come first (those of
foreign keys before others), then the order that is asked for, as it is asked for, then a range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, zip_longest

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Index, Table
from pgready.proof.way_out.query_shape import Fixed, Key, OrderKey, Special, TableUse

MOST = 24
"""Candidates for one use of a table, at most."""


@dataclass(frozen=True, slots=True)
class IndexKey:
    """A key: a column's name or an expression as SQL, its order, and an operator class as SQL ("" for the default)."""

    text: str
    is_expression: bool = False
    descending: bool = False
    nulls_first: bool = False
    operator_class: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An index that does not exist yet; `where` is a partial one's condition."""

    table: ObjectName
    keys: tuple[IndexKey, ...]
    method: str = "btree"
    where: str = ""

    @property
    def rank(self) -> tuple[float, int, str]:
        """Small is good: fewer keys; of as many, plain ones before partial ones and expressions."""
        weight = len(self.keys) + (0.5 if self.where else 0.0)
        weight += sum(0.25 for key in self.keys if key.is_expression) + (0.25 if self.method != "btree" else 0.0)
        odd = sum(len(key.operator_class) > 0 for key in self.keys)
        return weight, odd, repr((self.table, self.keys, self.where))


def candidates(use: TableUse, catalog: Catalog) -> tuple[Candidate, ...]:
    """The candidates for one use, the smallest first; none that an index of the table is already."""
    found: dict[Candidate, None] = {}
    for one in (*_special(use, catalog), *_taken_in_turn(_btrees(use), _partial(use))):
        if one.keys and not any(covers(index, one) for index in _indexes(use.table)):
            found.setdefault(one)
        if len(found) >= MOST:
            break
    return tuple(sorted(found, key=lambda one: one.rank))


def _taken_in_turn(*sources: Iterator[Candidate]) -> Iterator[Candidate]:
    """The first of each, then the second of each: what is cut off at the end is the least promising of all."""
    for row in zip_longest(*sources):
        yield from (one for one in row if one is not None)


def arms(use: TableUse, catalog: Catalog) -> tuple[tuple[Candidate, ...], ...]:
    """For an OR: the candidates of each alternative that has no index yet; () unless every one has a condition."""
    found = []
    for arm in use.arms:
        if not (arm.equal or arm.among or arm.ranges or arm.rows or arm.special):
            return ()
        own = candidates(arm, catalog)
        if own and not _served(arm):
            found.append(own[:4])
    return tuple(found)


def _served(use: TableUse) -> bool:
    keys = {key.text for key in (*use.equal, *use.among)}
    return any(
        index.columns[0].text in keys and index.where is None and index.method == "btree"
        for index in _indexes(use.table)
    )


def _indexes(table: Table) -> Iterator[Index]:
    if table.primary_key:
        yield table.primary_key.index
    yield from (key.index for key in table.uniques)
    yield from (index for index in table.indexes if index.is_valid)


def covers(index: Index, candidate: Candidate) -> bool:
    """Whether an index that is there does all that the candidate would: its keys begin with the candidate's."""
    if index.method != candidate.method or (index.where or "") != candidate.where:
        return False
    there = [(column.text, column.descending, column.nulls_first) for column in index.columns]
    wanted = [(key.text, key.descending, key.nulls_first) for key in candidate.keys]
    return there[: len(wanted)] == wanted and not any(key.operator_class for key in candidate.keys)


def superfluous(candidate: Candidate, table: Table) -> tuple[str, ...]:
    """The table's indexes that the candidate makes superfluous: plain ones whose keys are its first ones."""
    if candidate.method != "btree" or candidate.where:
        return ()
    wanted = [(key.text, key.operator_class) for key in candidate.keys]
    return tuple(
        index.name
        for index in table.indexes
        if not index.is_unique
        and index.method == "btree"
        and index.where is None
        and not index.include
        and len(index.columns) < len(wanted)
        and [(column.text, column.operator_class.name if column.operator_class else "") for column in index.columns]
        == wanted[: len(index.columns)]
    )


# ── btree ──


def _btrees(use: TableUse) -> Iterator[Candidate]:
    equal = _tenants_first(use)
    joined = _without(use.joined, equal)
    order = tuple(each for each in use.order if each.key not in equal)
    for prefix in _prefixes(equal, joined):
        for tail in _tails(use, prefix, order):
            yield _btree(use, (*map(OrderKey, prefix), *tail))


def _tails(use: TableUse, prefix: Sequence[Key], order: Sequence[OrderKey]) -> Iterator[tuple[OrderKey, ...]]:
    """What may follow keys that are fixed to a value, the most promising first."""
    rest = tuple(each for each in order if each.key not in prefix)
    if rest:
        yield rest
    for row in use.rows:
        keys = tuple(OrderKey(key) for key in row if key not in prefix)
        if [each.key for each in keys] != [each.key for each in rest[: len(keys)]]:
            yield keys
    yield ()
    for key in _without(use.ranges, prefix)[:2]:
        if not rest or rest[0].key != key:
            yield (OrderKey(key),)
    for key in _without(use.among, prefix)[:2]:
        yield (OrderKey(key),)
        if rest:
            yield (OrderKey(key), *rest)
        for other in _without(use.ranges, (*prefix, key))[:1]:
            yield OrderKey(key), OrderKey(other)


def _prefixes(equal: Sequence[Key], joined: Sequence[Key]) -> Iterator[tuple[Key, ...]]:
    """Sets of keys that are fixed to a value: all, then fewer."""
    yield tuple(equal)
    for key in joined[:2]:
        yield (*equal, key)
        yield (key,)
    if len(equal) > 1:
        for key in equal[:4]:
            yield (key,)
    if len(equal) > 2:
        yield from combinations(equal[:3], 2)
    if equal:
        yield ()


def _tenants_first(use: TableUse) -> tuple[Key, ...]:
    referring = {column for key in use.table.foreign_keys for column in key.columns}
    equal = dict.fromkeys(use.equal)
    return (
        *(key for key in equal if not key.is_expression and key.text in referring),
        *(key for key in equal if key.is_expression or key.text not in referring),
    )


def _without(keys: Iterable[Key], taken: Sequence[Key]) -> tuple[Key, ...]:
    return tuple(key for key in dict.fromkeys(keys) if key not in taken)


def _btree(use: TableUse, keys: Iterable[OrderKey], where: str = "") -> Candidate:
    seen: dict[Key, OrderKey] = {}
    for each in keys:
        seen.setdefault(each.key, each)
    return Candidate(
        use.table.name,
        tuple(
            IndexKey(key.text, key.is_expression, each.descending, each.nulls_first, columns=key.columns)
            for key, each in seen.items()
        ),
        where=where,
    )


# ── partial ──


def _partial(use: TableUse) -> Iterator[Candidate]:
    """Indexes of the rows that a constant condition picks: that condition needs no key then."""
    sets = [use.fixed] if use.fixed else []
    if len(use.fixed) > 1:
        sets += [(each,) for each in use.fixed[:3]]
    for fixed in sets:
        yield from _partial_of(use, fixed)


def _partial_of(use: TableUse, fixed: Sequence[Fixed]) -> Iterator[Candidate]:
    where = " AND ".join(_in_parentheses(each.sql) for each in fixed)
    taken = tuple(each.key for each in fixed if each.key)
    equal = _without(_tenants_first(use), taken)
    order = tuple(each for each in use.order if each.key not in equal)
    for prefix in dict.fromkeys((equal, *_prefixes(equal, _without(use.joined, equal)))):
        tails = list(_tails(use, prefix, order))
        for tail in tails[:2]:
            yield _btree(use, (*map(OrderKey, prefix), *tail), where)
    if not equal and not order and not use.ranges and use.table.primary_key:
        yield _btree(use, [OrderKey(Key(name, columns=(name,))) for name in use.table.primary_key.columns], where)


def _in_parentheses(sql: str) -> str:
    return f"({sql})" if " OR " in sql.upper() else sql


# ── the other kinds ──

_RANGES = ("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange")
_MULTIRANGES = ("int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange")
_GIST = frozenset((*_RANGES, *_MULTIRANGES, "point", "box", "circle", "polygon"))
_PATTERNS = frozenset(("~~", "~~*", "~", "~*", "%", "<%"))


def _special(use: TableUse, catalog: Catalog) -> Iterator[Candidate]:
    if use.distance is not None:
        yield _one(use, use.distance.key, "gist")
    extensions = {extension.name: extension.schema for extension in catalog.extensions}
    for each in dict.fromkeys(use.special):
        yield from _special_of(use, each, extensions)


def _special_of(use: TableUse, one: Special, extensions: dict[str, str]) -> Iterator[Candidate]:
    key, operator = one.key, one.operator
    if operator in _PATTERNS:
        prefix = one.pattern.rstrip("%")
        if operator == "~~" and prefix and not set(prefix) & set("%_\\"):
            equal = _tenants_first(use)
            yield _one(use, key, "btree", "text_pattern_ops")
            if equal:
                leading = tuple(IndexKey(each.text, each.is_expression, columns=each.columns) for each in equal)
                last = IndexKey(key.text, key.is_expression, operator_class="text_pattern_ops", columns=key.columns)
                yield Candidate(use.table.name, (*leading, last))
        if "pg_trgm" in extensions:
            schema = extensions["pg_trgm"]
            yield _one(use, key, "gin", "gin_trgm_ops" if schema == "public" else f'"{schema}".gin_trgm_ops')
    elif key.type == "jsonb":
        if operator in ("@>", "@?", "@@"):
            yield _one(use, key, "gin", "jsonb_path_ops")
        yield _one(use, key, "gin")
    elif key.type in _GIST:
        yield _one(use, key, "gist")
    elif key.type in ("inet", "cidr"):
        yield _one(use, key, "gist", "inet_ops")
    elif key.type.endswith("[]") or key.type == "tsvector" or key.is_expression:
        yield _one(use, key, "gin")


def _one(use: TableUse, key: Key, method: str, operator_class: str = "") -> Candidate:
    one = IndexKey(key.text, key.is_expression, operator_class=operator_class, columns=key.columns)
    return Candidate(use.table.name, (one,), method)
