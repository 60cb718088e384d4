"""Which share of a table's rows a clause leaves, for an average value and for the worst.

The averages are the planner's own ideas (`DEFAULT_INEQ_SEL` and their like) where nothing is known. The worst is what
holds for every value: a share that nobody knows is all of the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pgready.proof.rule.amount import ONE, Amount, exactly
from pgready.proof.rule.conditions import Clause
from pgready.proof.rule.facts import ColumnFacts, TableFacts

ONE_SIDED = 1 / 3
TWO_SIDED = 0.005
UNKNOWN = 0.005
LIST = 10
"""The planner's idea of a list whose length it does not know."""

_NULL_UNKNOWN = Amount(UNKNOWN, 1)

_EVEN = 0.5
"""A column with at least so many values for each row counts as one whose values spread evenly."""

_FEW = 4
"""How many times as often as an average value the commonest one of such a column is thought to occur."""

_ALIKE = 1.5
"""With no value so many times as common as the average one, none stands out."""

_SAMPLE = 30_000
"""Rows that ANALYZE looks at."""

_TRUE = ("true", "t")
_FALSE = ("false", "f")


def share_of_value(table: TableFacts, column: str, value: str | None = None) -> Amount:
    """The share of rows in which the column has one value: `value` if it is a known constant, any other else."""
    known = table.columns.get(column)
    if known is None:
        return Amount(UNKNOWN, 1)
    if known.frequencies:
        return _by_frequency(known, value)
    filled = 1 - (known.null_fraction or 0)
    distinct = table.distinct(column)
    if distinct is None:
        return Amount(min(UNKNOWN, filled), known.top_share if known.top_share is not None else filled).ordered
    typical = filled / distinct
    if known.top_share is not None and known.top_share > _ALIKE * typical:
        # Two standard errors of a share that was seen in ANALYZE's sample.
        worst = min(filled, known.top_share + 2 * math.sqrt(known.top_share / _SAMPLE))
    elif known.top_share is not None:
        # No value stood out in a sample: one that is a few times as common as others does not.
        worst = max(typical, min(filled, _FEW * typical))
    elif distinct >= _EVEN * table.rows * filled:
        worst = max(typical, min(filled, _FEW * typical))
    else:
        worst = max(typical, filled - (distinct - 1) / max(1.0, table.rows))
    return Amount(typical, worst).ordered


def _by_frequency(known: ColumnFacts, value: str | None) -> Amount:
    shares = known.frequencies
    if value is not None:
        value = {"true": "t", "false": "f"}.get(value, value)
        spelled = {{"true": "t", "false": "f"}.get(one, one): share for one, share in shares.items()}
        if value in spelled:
            return exactly(spelled[value])
        rest = max(0.0, 1 - (known.null_fraction or 0) - sum(shares.values()))
        return exactly(min(rest, *shares.values()))
    return Amount(sum(share * share for share in shares.values()), max(shares.values()))


def share(clause: Clause, table: TableFacts, column: str, distinct: float | None = None) -> Amount:
    """The share of rows that a clause on this column leaves; `column` "" is an expression of `distinct` values."""
    known = table.columns.get(column)
    nulls = known.null_fraction if known is not None else None
    if clause.operator in ("TRUE", "FALSE") and column:
        return share_of_value(table, column, (_TRUE if clause.operator == "TRUE" else _FALSE)[0])
    if clause.operator == "=":
        if not column:
            return _of_expression(table, distinct)
        return share_of_value(table, column, clause.value)
    if clause.operator == "<>" and column and clause.value is not None:
        one = share_of_value(table, column, clause.value)
        return Amount(1 - one.typical - (nulls or 0), 1 - one.typical - (nulls or 0) if one.typical == one.worst else 1)
    if clause.operator == "= ANY" and known is not None and known.frequencies and clause.value is not None:
        parts = [_by_frequency(known, value) for value in clause.value.strip("{}").split(",") if clause.length]
        return Amount(sum(one.typical for one in parts), sum(one.worst for one in parts)).capped(ONE)
    if clause.operator == "= ANY":
        one = share_of_value(table, column) if column else _of_expression(table, distinct)
        return one.scaled(list_length(clause)).capped(ONE)
    if clause.operator == "IS NULL":
        if column in table.not_null:
            return exactly(0)
        return exactly(nulls) if nulls is not None else _NULL_UNKNOWN
    if clause.operator == "IS NOT NULL":
        return exactly(1 - nulls) if nulls is not None else ONE
    if clause.is_range:
        return Amount(ONE_SIDED, 1)
    return Amount(UNKNOWN, 1)


def few_each(rows: float, values: float) -> Amount:
    """How many of so many rows each of so many values has, if there is a value for every second row at least."""
    each = rows / max(1.0, values)
    return Amount(each, _FEW * each) if values >= _EVEN * rows else Amount(each, rows)


def _of_expression(table: TableFacts, distinct: float | None) -> Amount:
    if distinct is None:
        return Amount(UNKNOWN, 1)
    typical = 1 / max(1.0, distinct)
    return Amount(typical, min(1.0, _FEW * typical) if distinct >= _EVEN * table.rows else 1.0)


def share_of_range(clauses: Sequence[Clause], table: TableFacts, column: str) -> Amount:
    """The share of rows between the ends that these clauses on one column give."""
    lower = any(one.operator in (">", ">=", "~>~", "~>=~") for one in clauses)
    upper = any(one.operator in ("<", "<=", "~<~", "~<=~") for one in clauses)
    if lower and upper:
        return Amount(TWO_SIDED, 1)
    if lower or upper:
        return Amount(ONE_SIDED, 1)
    shares = [share(one, table, column) for one in clauses]
    return Amount(min(one.typical for one in shares), min(one.worst for one in shares))


def list_length(clause: Clause) -> float:
    """How many elements a list is thought to have."""
    return float(clause.length if clause.length is not None else LIST)
