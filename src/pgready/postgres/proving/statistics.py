"""Writing the planner's own tables: pg_class by UPDATE, pg_statistic by INSERT, alike on every version.

For superusers, and for a database that is thrown away: what is written here is not true.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgready.proof.size.statistics import RelationRow, Slot, StatisticRow
from pgready.sql.names import quote_literal

_SLOTS = 3


def relation_sql(rows: Sequence[RelationRow]) -> str:
    """The UPDATE of pg_class; autovacuum is switched off for tables, since it would correct them."""
    values = ", ".join(f"({row.id}, {row.pages}, {_real(row.rows)}, {row.visible})" for row in rows)
    return (
        "UPDATE pg_catalog.pg_class AS c SET relpages = v.pages, reltuples = v.rows, relallvisible = v.visible,"
        " reloptions = CASE WHEN c.relkind NOT IN ('r', 'm') OR 'autovacuum_enabled=false' = ANY (c.reloptions)"
        " THEN c.reloptions ELSE array_append(c.reloptions, 'autovacuum_enabled=false') END"
        f" FROM (VALUES {values}) AS v(id, pages, rows, visible) WHERE c.oid = v.id::oid"
    )


def statistic_sql(rows: Sequence[StatisticRow]) -> str:
    """The statements that replace all statistics of the relations of `rows`."""
    relations = ", ".join(str(one) for one in sorted({row.relation for row in rows}))
    values = ",\n".join(_values(row) for row in rows)
    slots = ", ".join(f"k{n}, o{n}, c{n}, n{n}, v{n}" for n in range(1, _SLOTS + 1))
    arrays = ", ".join(
        f"pg_catalog.array_in(pg_catalog.textout(v.v{n}), v.type::oid, -1)" for n in range(1, _SLOTS + 1)
    )
    return (
        f"DELETE FROM pg_catalog.pg_statistic WHERE starelid = ANY (ARRAY[{relations}]::oid[]);\n"
        "INSERT INTO pg_catalog.pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct,"
        " stakind1, stakind2, stakind3, stakind4, stakind5, staop1, staop2, staop3, staop4, staop5,"
        " stacoll1, stacoll2, stacoll3, stacoll4, stacoll5, stanumbers1, stanumbers2, stanumbers3,"
        " stavalues1, stavalues2, stavalues3)\n"
        "SELECT v.relation::oid, v.number, v.inherited, v.nulls, v.width, v.present, v.k1, v.k2, v.k3, 0, 0,"
        " v.o1::oid, v.o2::oid, v.o3::oid, 0, 0, v.c1::oid, v.c2::oid, v.c3::oid, 0, 0,"
        f" v.n1::real[], v.n2::real[], v.n3::real[], {arrays}\n"
        f"FROM (VALUES {values}) AS v(relation, number, inherited, nulls, width, present, type, {slots})"
    )


def _values(row: StatisticRow) -> str:
    slots = [*row.slots, *([Slot(0, 0, 0, ())] * (_SLOTS - len(row.slots)))]
    parts = [
        str(row.relation),
        str(row.number),
        str(row.inherited).lower(),
        _real(row.null_fraction),
        str(row.width),
        _real(row.distinct),
        str(row.type_id),
    ]
    for slot in slots:
        numbers = quote_literal("{" + ",".join(_real(one) for one in slot.numbers) + "}") if slot.numbers else "NULL"
        texts = quote_literal(_array(slot.values)) + "::text" if slot.values else "NULL::text"
        parts += [str(slot.kind), str(slot.operator), str(slot.collation), numbers, texts]
    return f"({', '.join(parts)})"


def _array(values: Sequence[str]) -> str:
    quoted = ('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return "{" + ",".join(quoted) + "}"


def _real(value: float) -> str:
    return repr(float(value))
