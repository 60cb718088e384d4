"""Whether an order is total: a page that ends between equal rows would lose one of them.

The order must hold a unique key of every table that the statement reads, or what determines one: equalities of joins
and conditions are followed. What cannot be seen through (subqueries, functions, DISTINCT, GROUP BY) needs the caller's
word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, BooleanClauseList, ClauseElement, Grouping
from sqlalchemy.sql.selectable import Alias, FromClause, Join

from pgready.orm.order import Key, OrderInvalid, froms_of


@dataclass(slots=True)
class _Known:
    """What is determined by the order so far. Columns are their hashes: SQLAlchemy's annotated copies share them."""

    fixed: set[int]
    filled: set[int] = field(default_factory=set)  # surely not NULL, since an equality holds for them
    arrows: list[tuple[int, int]] = field(default_factory=list)  # the second is determined by the first
    tables: list[FromClause] = field(default_factory=list)

    def equal(self, one: ClauseElement, other: ClauseElement, targets: set[int] | None) -> None:
        """An equality that holds; in an outer join's condition only `targets` learn from it."""
        for a, b in ((one, other), (other, one)):
            if not isinstance(b, sa.Column) or (targets is not None and hash(b.table) not in targets):
                continue
            if isinstance(a, BindParameter):
                self.fixed.add(hash(b))
                self.filled.add(hash(b))
            elif isinstance(a, sa.Column) and (targets is None or hash(a.table) not in targets):
                self.arrows.append((hash(a), hash(b)))
                self.filled.add(hash(b))


def ensure_total(statement: sa.Select[Any], keys: Sequence[Key]) -> None:
    """Raises OrderInvalid, with the columns to add, where two rows could be equal in the order."""
    if statement._distinct or statement._group_by_clauses:  # noqa: SLF001 - no public word for them
        raise OrderInvalid(
            "A statement with DISTINCT or GROUP BY cannot be seen through: give `unique=True` if no two of its rows"
            " are equal in `by`."
        )
    known = _Known({hash(each.column) for each in keys})
    for root in froms_of(statement):
        _read(root, known)
    _conditions(statement.whereclause, known, None)
    missing = _undetermined(known)
    if missing:
        raise _not_total(statement, missing, keys, known)


def _read(root: FromClause, known: _Known) -> None:
    if not isinstance(root, Join):
        known.tables.append(root)
        return
    _read(root.left, known)
    before = len(known.tables)
    _read(root.right, known)
    if not root.full:
        targets = {hash(each) for each in known.tables[before:]} if root.isouter else None
        _conditions(root.onclause, known, targets)


def _conditions(clause: object, known: _Known, targets: set[int] | None) -> None:
    if isinstance(clause, Grouping):
        _conditions(clause.element, known, targets)
    elif isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for each in clause.clauses:
            _conditions(each, known, targets)
    elif isinstance(clause, BinaryExpression) and clause.operator is operators.eq:
        known.equal(clause.left, clause.right, targets)


def _undetermined(known: _Known) -> list[FromClause]:
    left = list(known.tables)
    while True:
        before = len(known.fixed)
        known.fixed.update(to for of, to in known.arrows if of in known.fixed)
        for table in [each for each in left if _has_key(each, known)]:
            left.remove(table)
            known.fixed.update(hash(column) for column in table.c)
        if len(known.fixed) == before:
            return left


def _has_key(table: FromClause, known: _Known) -> bool:
    return any(
        all(hash(each) in known.fixed and (not each.nullable or hash(each) in known.filled) for each in key)
        for key in _unique_keys(table)
    )


def _unique_keys(table: FromClause) -> Iterator[list[sa.Column[Any]]]:
    """Primary key first, then unique constraints and indexes that hold for every row."""
    base: FromClause = table.element if isinstance(table, Alias) else table
    if not isinstance(base, sa.Table):
        return
    found: list[Iterable[Any]] = [base.primary_key.columns]
    found += [each.columns for each in base.constraints if isinstance(each, sa.UniqueConstraint)]
    for index in sorted(base.indexes, key=lambda each: str(each.name)):
        if index.unique and index.dialect_options["postgresql"]["where"] is None:
            found.append(index.expressions)
    for columns in found:
        key = [table.c[each.key] if isinstance(each, sa.Column) else each for each in columns]
        plain = [each for each in key if isinstance(each, sa.Column)]
        if plain and len(plain) == len(key):
            yield plain


def _not_total(
    statement: sa.Select[Any], missing: Sequence[FromClause], keys: Sequence[Key], known: _Known
) -> OrderInvalid:
    table = missing[0]
    what = f"`by` is no total order: rows of {_name(table)} can be equal in it, and a page that ends there loses some."
    key = next(_unique_keys(table), None)
    if key is None:
        return OrderInvalid(
            f"{what} {_name(table)} has no unique key that can be seen: add unique columns, and say `unique=True`."
        )
    way = "desc()" if keys[-1].descending else "asc()"
    tail = ", ".join(f"{_attribute(statement, table, each)}.{way}" for each in key if hash(each) not in known.fixed)
    return OrderInvalid(f"{what} Add its unique key as the last of `by`: {tail}.")


def _name(table: FromClause) -> str:
    base: object = table.element if isinstance(table, Alias) else table
    return base.name if isinstance(base, sa.Table) else "a subquery"


def _attribute(statement: sa.Select[Any], table: FromClause, column: sa.Column[Any]) -> str:
    """`Invoice.id` where the statement selects the model, else `invoice.id`."""
    for each in statement.column_descriptions:
        mapper = sa.inspect(each.get("entity"), raiseerr=False)
        if isinstance(mapper, Mapper) and hash(mapper.local_table) == hash(table):
            return f"{mapper.class_.__name__}.{mapper.get_property_by_column(column).key}"
    return f"{_name(table)}.{column.key}"
