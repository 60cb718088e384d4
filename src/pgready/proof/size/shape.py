"""What a database's relations look like to someone who has to give them a size: files, columns, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pgready.catalog.names import ObjectName
from pgready.proof.size.veil import ranged_names
from pgready.sql.lexer import tokens


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column of a table or index.

    `type` is the base type's own name (`pg_type.typname`, domains resolved) of kind `type_kind` (b, c, e, m, r), and
    `type_id` the column's own type. `length` is bytes, -1 for variable. `equals` and `less` are the operators of its
    default order, 0 without one. `labels` are an enum's.
    """

    number: int
    name: str
    type_id: int
    type: str
    type_kind: str
    length: int
    align: str
    modifier: int
    collation: int
    not_null: bool
    generated: str
    is_identity: bool
    default: str | None
    equals: int
    less: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexShape:
    """An index; `keys` are column numbers, 0 for an expression, whose text is at the same place in `expressions`.

    The first `key_count` are keys, the others INCLUDE's. `columns` are the index's own columns. `path` is its file
    below the data directory and `blocks` its real length.
    """

    id: int
    relation: int
    name: ObjectName
    method: str
    is_unique: bool
    key_count: int
    keys: tuple[int, ...]
    expressions: tuple[str | None, ...]
    predicate: str | None
    columns: tuple[ColumnShape, ...]
    path: str
    blocks: int
    fillfactor: int
    pages_per_range: int = 128


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key to the relation `target`; column numbers of both sides."""

    target: int
    columns: tuple[int, ...]
    target_columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RelationShape:
    """A table ("r"), partitioned table ("p", no file) or materialized view ("m"); `parent` of a partition or heir.

    `partition_key` are the column numbers of a partitioned table's key by range, 0 for an expression, and `list_key`
    that of its key by list, 0 for none; `bound` is a partition's, as SQL.
    """

    id: int
    name: ObjectName
    kind: str
    path: str
    blocks: int
    fillfactor: int
    parent: int | None
    is_partition: bool
    is_default_partition: bool
    columns: tuple[ColumnShape, ...]
    indexes: tuple[IndexShape, ...]
    references: tuple[Reference, ...]
    partition_key: tuple[int, ...] = ()
    bound: str = ""
    list_key: int = 0

    def column(self, name: str) -> ColumnShape | None:
        """The column of this name."""
        return next((column for column in self.columns if column.name == name), None)

    def unique_keys(self) -> tuple[tuple[int, ...], ...]:
        """The column numbers of each unique index without a predicate or an expression."""
        return tuple(
            index.keys[: index.key_count]
            for index in self.indexes
            if index.is_unique and index.predicate is None and 0 not in index.keys[: index.key_count]
        )


@dataclass(frozen=True)
class Shapes:
    """All relations of a database."""

    relations: tuple[RelationShape, ...]

    @cached_property
    def by_id(self) -> Mapping[int, RelationShape]:
        """Relations by their oid."""
        return {one.id: one for one in self.relations}

    @cached_property
    def by_name(self) -> Mapping[ObjectName, RelationShape]:
        """Relations by their name."""
        return {one.name: one for one in self.relations}

    @cached_property
    def children(self) -> Mapping[int, tuple[RelationShape, ...]]:
        """Partitions and heirs of each relation that has some."""
        found: dict[int, list[RelationShape]] = {}
        for one in self.relations:
            if one.parent is not None:
                found.setdefault(one.parent, []).append(one)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def partition_keys(self) -> frozenset[str]:
        """The names of all columns that partitions are made by, by range."""
        return frozenset(
            column.name for one in self.relations for column in one.columns if column.number in one.partition_key
        )

    @cached_property
    def compared(self) -> frozenset[str]:
        """The names of the columns that indexes have ranges over, in their predicates and expressions."""
        texts = [
            text
            for one in self.relations
            for index in one.indexes
            for text in (index.predicate, *index.expressions)
            if text is not None
        ]
        return frozenset(name for text in texts for name in ranged_names(text))

    def leaves(self, relation: RelationShape) -> tuple[RelationShape, ...]:
        """The relations with files below a partitioned table; the relation itself if it is none."""
        if relation.kind != "p":
            return (relation,)
        return tuple(leaf for child in self.children.get(relation.id, ()) for leaf in self.leaves(child))


def listed_in(bound: str) -> int:
    """How many values `FOR VALUES IN (…)` has; 0 for any other bound."""
    if not bound.startswith("FOR VALUES IN"):
        return 0
    found = list(tokens(bound))
    nulls = sum(one.kind == "word" and one.text.upper() == "NULL" for one in found)
    return sum(one.kind == "symbol" and one.text == "," for one in found) + 1 - nulls


def bounds_of(bound: str) -> tuple[str, str] | None:
    """The first values of `FOR VALUES FROM (…) TO (…)`, None for any other bound and where one has no end."""
    if not bound.startswith("FOR VALUES FROM"):
        return None
    found = []
    before = ""
    for token in tokens(bound):
        if before == "(":
            if token.kind == "string":
                found.append(token.text[1:-1].replace("''", "'"))
            elif token.kind == "number":
                found.append(token.text)
        before = token.text
    return (found[0], found[1]) if len(found) == 2 else None
