"""The entity diagram as a graph: tables with their columns, foreign keys, and what differs in them.

Tables of all sides are in it, so that what one side lacks is drawn too. Partitions are part of their parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, ForeignKey, Table
from pgready.parity.model import WEIGHTS, Finding, Weight, heaviest
from pgready.report.page.model import object_of

Sign = Literal["missing", "unexpected", "different"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What differs in a thing: the heaviest weight, how (from the reference), and how many differences there are."""

    weight: Weight
    sign: Sign
    count: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A column as a line of its table's box."""

    name: str
    type: str
    is_key: bool = False
    is_foreign: bool = False
    is_nullable: bool = True
    mark: Mark | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A table."""

    name: ObjectName
    rows: tuple[Row, ...]
    mark: Mark | None = None
    comment: str = ""
    partitions: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A foreign key from one node to another, both by their position.

    `is_optional`: a column may be null; `is_single`: no two rows of the source share a target.
    """

    source: int
    target: int
    name: str
    columns: tuple[str, ...]
    target_columns: tuple[str, ...]
    is_optional: bool = False
    is_single: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole; nodes are sorted by schema and name, edges by source and name."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def schemas(self) -> tuple[str, ...]:
        """The PostgreSQL schemas in it, sorted."""
        return tuple(sorted({node.name.schema for node in self.nodes}))


def graph_of(catalogs: Sequence[Catalog], findings: Iterable[Finding] = ()) -> Graph:
    """The graph of the first catalog's tables and of those that only the others have, with the findings' marks."""
    found = tuple(findings)
    tables: dict[ObjectName, Table] = {}
    columns: dict[ObjectName, dict[str, Column]] = {}
    keys: dict[ObjectName, dict[str, ForeignKey]] = {}
    partitions: dict[ObjectName, int] = {}
    for catalog in catalogs:
        for table in catalog.tables:
            if table.partition is not None:
                if catalog is catalogs[0]:
                    partitions[table.partition.parent] = partitions.get(table.partition.parent, 0) + 1
                continue
            tables.setdefault(table.name, table)
            for column in table.columns:
                columns.setdefault(table.name, {}).setdefault(column.name, column)
            for key in table.foreign_keys:
                keys.setdefault(table.name, {}).setdefault(key.name, key)
    names = sorted(tables)
    numbers = {name: number for number, name in enumerate(names)}
    by_table: dict[ObjectName, list[Finding]] = {}
    for finding in found:
        kind, owner = object_of(finding.address)
        if kind == "table" and len(owner) == 2:
            by_table.setdefault(ObjectName(*owner), []).append(finding)
    nodes = tuple(
        _node(tables[name], columns.get(name, {}).values(), by_table.get(name, []), partitions.get(name, 0))
        for name in names
    )
    edges = tuple(
        _edge(tables[name], key, columns.get(name, {}), numbers, by_table.get(name, []))
        for name in names
        for _, key in sorted(keys.get(name, {}).items())
        if key.target in numbers
    )
    return Graph(nodes, edges)


def mark_of(findings: Sequence[Finding]) -> Mark | None:
    """The mark of several findings; what is missing or new as a whole decides the sign."""
    if not findings:
        return None
    signs = {_sign(one) for one in findings}
    sign: Sign = next(iter(signs)) if len(signs) == 1 else "different"
    return Mark(heaviest([one.weight for one in findings]), sign, len(findings))


def _sign(finding: Finding) -> Sign:
    if finding.how == "missing":
        return "missing"
    return "unexpected" if finding.how == "unexpected" else "different"


def _of_table(findings: Sequence[Finding]) -> Mark | None:
    """A table's own mark: only what is said of the table itself makes it missing or new."""
    mark = mark_of(findings)
    if mark is None or mark.sign == "different" or any(one.address[0] == "table" for one in findings):
        return mark
    return Mark(mark.weight, "different", mark.count)


def _node(table: Table, columns: Iterable[Column], findings: Sequence[Finding], partitions: int) -> Node:
    primary = set(table.primary_key.columns) if table.primary_key else set()
    foreign = {name for key in table.foreign_keys for name in key.columns}
    rows = tuple(
        Row(
            column.name,
            type_text(column),
            column.name in primary,
            column.name in foreign,
            column.not_null is None,
            mark_of([one for one in findings if _is_of_column(one, column.name)]),
            column.comment or "",
        )
        for column in columns
    )
    return Node(table.name, rows, _of_table(findings), table.comment or "", partitions)


_OF_COLUMN = frozenset({"column", "default", "not null", "identity"})


def _is_of_column(finding: Finding, name: str) -> bool:
    address = finding.address
    if address[0] in ("comment", "grants", "owner", "inheritance", "not validated"):
        address = address[1:]
    return bool(address) and address[0] in _OF_COLUMN and len(address) == 4 and address[3] == name


def _edge(
    table: Table,
    key: ForeignKey,
    columns: dict[str, Column],
    numbers: dict[ObjectName, int],
    findings: Sequence[Finding],
) -> Edge:
    uniques = [set(one.columns) for one in (table.primary_key, *table.uniques) if one is not None]
    uniques += [
        {part.text for part in one.columns} for one in table.indexes if one.is_unique and one.where is None
    ]  # fmt: skip
    own = [one for one in findings if one.address[-1] == key.name and "foreign key" in one.address[:2]]
    return Edge(
        numbers[table.name],
        numbers[key.target],
        key.name,
        key.columns,
        key.target_columns,
        any(name in columns and columns[name].not_null is None for name in key.columns),
        any(one <= set(key.columns) for one in uniques),
        mark_of(own),
    )


_SHORT = {
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "character varying": "varchar",
    "character": "char",
    "double precision": "float8",
}


def type_text(column: Column) -> str:
    """A column's type as a diagram says it: PostgreSQL's short names, a type of the user's without quotes."""
    kind = column.type
    if not kind.is_system:
        text = kind.name.name + (f"({kind.modifier})" if kind.modifier else "")
        return text + "[]" * kind.dimensions
    text = kind.sql
    for long, short in _SHORT.items():
        head, modifier, tail = text.partition("(")
        if modifier:
            inner, _, rest = tail.partition(")")
            if head + rest.removesuffix("[]") == long:
                return f"{short}({inner}){'[]' if rest.endswith('[]') else ''}"
        if text.removesuffix("[]") == long:
            return short + text[len(long) :]
    return text


WORST_FIRST: tuple[Weight, ...] = WEIGHTS
