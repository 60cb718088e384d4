"""Rows of tables and views, and of what belongs to them, to values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeVar

from pgready.catalog.lookup import Lookup, pair, pairs, sequence_options, texts
from pgready.catalog.model import View, ViewColumn
from pgready.catalog.names import ObjectName
from pgready.catalog.normal import expression, view_definition
from pgready.catalog.rows import ColumnExtraRow, ColumnRow, ConstraintRow, IndexRow, RelationRow, Rows
from pgready.catalog.table import (
    Action,
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexColumn,
    Key,
    NotNull,
    Partition,
    Policy,
    Table,
    Trigger,
)

_ACTIONS: dict[str, Action] = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}
_COMMANDS: dict[str, Literal["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]] = {
    "*": "ALL",
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
}
ENABLED: dict[str, Literal["origin", "replica", "always", "disabled"]] = {
    "O": "origin",
    "R": "replica",
    "A": "always",
    "D": "disabled",
}
_REPLICA: dict[str, Literal["default", "nothing", "full", "index"]] = {
    "d": "default",
    "n": "nothing",
    "f": "full",
    "i": "index",
}
_STORAGE = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}
_DESCENDING, _NULLS_FIRST = 1, 2
# The collation "default", by its fixed id: an expression's own is not told, so this counts as none.
_DEFAULT_COLLATION = "100"
_ONE_CLASS = ("btree", "hash")
_PLAIN_NOT_NULL = NotNull()
_NO_EXTRA = ColumnExtraRow("", 0, None, None, None, None, None)

_Row = TypeVar("_Row", bound=NamedTuple)


def grouped(rows: Iterable[_Row], field: str = "relation") -> dict[str, list[_Row]]:
    """Rows by the relation they belong to."""
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return found


class RelationBuilder:
    """Builds the tables and views of one introspection."""

    def __init__(self, rows: Rows, lookup: Lookup) -> None:
        self._lookup = lookup
        self._relations = rows.relations
        self._columns = grouped(rows.columns)
        for columns in self._columns.values():
            columns.sort(key=lambda row: row.number)
        self._extras = {(row.relation, row.number): row for row in rows.column_extras}
        # Relations with a column or index key that has more than every column has; the others take the short way.
        self._special = {row.relation for row in rows.column_extras}
        self._special |= {row.object for row in rows.comments if row.part}
        self._special |= {row.object for row in rows.grants if row.part}
        self._special |= {row.relation for row in rows.constraints if row.kind == "n"}
        # Values never change, so equal ones are shared: most tables have the same few kinds of column and key.
        self._plain_columns: dict[tuple[object, ...], Column] = {}
        self._plain_keys: dict[tuple[str, str, str], IndexColumn] = {}
        self._indexes = grouped(rows.indexes)
        of_type = {id_: collation for id_, collation in lookup.type_collations.items() if collation != "0"}
        self._type_collations = {
            (row.relation, row.number): of_type[row.type] for row in rows.columns if row.type in of_type
        }
        self._constraints = grouped(rows.constraints)
        self._inherits = grouped(rows.inherits)
        self._triggers = grouped(rows.triggers)
        self._policies = grouped(rows.policies)
        self._identities = {(row.table, row.column): row for row in rows.sequences if row.owned == "i"}
        self._method_names = lookup.access_methods

    def columns_of(self, relation: str) -> list[ColumnRow]:
        """The live columns of a relation in their order."""
        return self._columns.get(relation, [])

    def extra_of(self, relation: str, number: int) -> ColumnExtraRow:
        """What a column has beyond its type's own."""
        return self._extras.get((relation, number), _NO_EXTRA)

    def tables(self) -> tuple[Table, ...]:
        """Every table, partitioned ones included, by name."""
        found = [self._table(row) for row in self._relations if row.kind in "rp"]
        return tuple(sorted(found, key=lambda table: table.name))

    def views(self) -> tuple[View, ...]:
        """Every view and materialized view, by name."""
        found = [self._view(row) for row in self._relations if row.kind in "vm"]
        return tuple(sorted(found, key=lambda view: view.name))

    def _table(self, row: RelationRow) -> Table:
        lookup, id_ = self._lookup, row.id
        constraints = sorted(self._constraints.get(id_, []), key=lambda one: one.name)
        names = {column.number: column.name for column in self.columns_of(id_)}
        not_nulls = {one.columns[0]: one for one in constraints if one.kind == "n" and one.columns}
        indexes = {one.id: self._index(one, names) for one in self._indexes.get(id_, [])}
        keys = [_key(one, names, indexes[one.index_id], lookup) for one in constraints if one.kind in "pu"]
        owned = {one.index_id for one in constraints if one.kind in "pux"}
        parents = tuple(ObjectName(parent.schema, parent.name) for parent in self._inherits.get(id_, []))
        options = list(row.options or ()) + ["toast." + option for option in row.toast_options or ()]
        return Table(
            name=lookup.relations[id_],
            columns=self._columns_of_table(id_, not_nulls),
            primary_key=next((key for key in keys if key.is_primary), None),
            uniques=tuple(key for key in keys if not key.is_primary),
            foreign_keys=tuple(_foreign_key(one, names, lookup) for one in constraints if one.kind == "f"),
            checks=tuple(check(one, lookup) for one in constraints if one.kind == "c"),
            exclusions=tuple(_exclusion(one, indexes[one.index_id], lookup) for one in constraints if one.kind == "x"),
            indexes=tuple(sorted((v for k, v in indexes.items() if k not in owned), key=lambda index: index.name)),
            triggers=self._triggers_of(id_),
            policies=self._policies_of(id_),
            partition_key=None if row.partition_key is None else expression(row.partition_key),
            partition=None if row.bound is None else Partition(parents[0], row.bound),
            inherits=parents if row.bound is None else (),
            unlogged=row.persistence == "u",
            row_security=row.row_security,
            force_row_security=row.force_row_security,
            replica_identity=_REPLICA[row.replica_identity],
            options=texts(options),
            access_method=row.access_method or "heap",
            tablespace=row.tablespace,
            comment=lookup.comment("pg_class", id_),
            owner=lookup.owner(row.owner),
            grants=lookup.grants("pg_class", id_),
        )

    def _columns_of_table(self, relation: str, not_nulls: dict[int, ConstraintRow]) -> tuple[Column, ...]:
        rows, shared = self.columns_of(relation), self._plain_columns
        if relation in self._special:
            return tuple([self._column(row, not_nulls) for row in rows])
        found = []
        for row in rows:
            key = row[2:]  # all but the relation and the number
            column = shared.get(key)
            if column is None:
                column = self._column(row, not_nulls)
                if row.identity is None:
                    shared[key] = column
            found.append(column)
        return tuple(found)

    def _column(self, row: ColumnRow, not_nulls: dict[int, ConstraintRow]) -> Column:
        lookup, relation, number = self._lookup, row.relation, row.number
        not_null, generated = None, None
        if row.not_null:
            named = not_nulls.get(number)
            not_null = _PLAIN_NOT_NULL if named is None else _not_null(named)
        if row.generated is not None and row.expression is not None:
            generated = Generated(expression(row.expression), stored=row.generated == "s")
        extra = self._extras.get((relation, number), _NO_EXTRA)
        return Column(
            row.name,
            lookup.types[row.type, row.modifier],
            not_null,
            row.expression if generated is None else None,
            None if row.identity is None else self._identity(row),
            generated,
            lookup.collation(extra.collation),
            None if extra.storage is None else _STORAGE[extra.storage],
            None if extra.compression is None else _COMPRESSION[extra.compression],
            extra.statistics,
            texts(extra.options),
            row.is_local,
            lookup.comment("pg_class", relation, number),
            lookup.grants("pg_class", relation, number),
        )

    def _identity(self, row: ColumnRow) -> Identity | None:
        counter = self._identities.get((row.relation, row.number))
        if counter is None:  # a partition's column counts with its parent's sequence
            return None
        options = sequence_options(counter.type, counter[2:7], cycle=counter.cycle)
        return Identity(row.identity == "a", self._lookup.relations[counter.relation], options)

    def _index(self, row: IndexRow, names: dict[int, str]) -> Index:
        lookup = self._lookup
        keys = [int(number) for number in row.keys.split()]
        classes, collations, flags = row.classes.split(), row.collations.split(), row.flags.split()
        expressions = map(expression, row.expressions or ())
        is_special, shared = row.id in self._special, self._plain_keys
        names_classes = self._method_names[row.method] not in _ONE_CLASS
        columns = []
        for at in range(row.key_count):
            number, class_, flag = keys[at], classes[at], flags[at]
            text = names[number] if number else next(expressions)
            collation = self._key_collation(row.relation, number, collations[at])
            key = (text, class_, flag)
            column = shared.get(key) if number and collation is None and not is_special else None
            if column is None:
                options = ", ".join(texts(self.extra_of(row.id, at + 1).options))
                column = IndexColumn(
                    text,
                    not number,
                    lookup.operator_classes[class_],
                    options,
                    collation,
                    bool(int(flag) & _DESCENDING),
                    bool(int(flag) & _NULLS_FIRST),
                    lookup.default_classes.get(class_) if options or names_classes else None,
                )
                if number and collation is None and not is_special:
                    shared[key] = column
            columns.append(column)
        return Index(
            row.name,
            self._method_names[row.method],
            tuple(columns),
            tuple([names[number] for number in keys[row.key_count :]]),
            row.is_unique,
            row.nulls_not_distinct,
            None if row.where is None else expression(row.where),
            row.is_valid,
            texts(row.options),
            row.tablespace,
            pair(row.parent),
            row.is_cluster,
            row.is_replica_identity,
            lookup.comment("pg_class", row.id),
        )

    def _key_collation(self, relation: str, number: int, collation: str) -> ObjectName | None:
        if collation == "0" or (collation == _DEFAULT_COLLATION and not number):
            return None
        if number:
            own = self.extra_of(relation, number).collation if relation in self._special else None
            if collation == (own or self._type_collations[relation, number]):
                return None
        return self._lookup.collation(collation)

    def _triggers_of(self, relation: str) -> tuple[Trigger, ...]:
        rows = sorted(self._triggers.get(relation, []), key=lambda row: row.name)
        return tuple(
            Trigger(
                row.name, expression(row.definition), ENABLED[row.enabled], self._lookup.comment("pg_trigger", row.id)
            )
            for row in rows
        )

    def _policies_of(self, relation: str) -> tuple[Policy, ...]:
        lookup = self._lookup
        return tuple(
            Policy(
                name=row.name,
                command=_COMMANDS[row.command],
                permissive=row.permissive,
                roles=tuple(sorted(name for role in row.roles if (name := lookup.owner(role)))),
                using=None if row.using is None else expression(row.using),
                check=None if row.check is None else expression(row.check),
                comment=lookup.comment("pg_policy", row.id),
            )
            for row in sorted(self._policies.get(relation, []), key=lambda row: row.name)
        )

    def _view(self, row: RelationRow) -> View:
        lookup, id_ = self._lookup, row.id
        columns = self.columns_of(id_)
        names = {column.number: column.name for column in columns}
        indexes = [self._index(one, names) for one in self._indexes.get(id_, [])]
        return View(
            name=lookup.relations[id_],
            columns=tuple(
                ViewColumn(
                    column.name,
                    lookup.types[column.type, column.modifier],
                    column.expression,
                    lookup.comment("pg_class", id_, column.number),
                    lookup.grants("pg_class", id_, column.number),
                )
                for column in columns
            ),
            definition=view_definition(row.definition or ""),
            is_materialized=row.kind == "m",
            is_populated=row.is_populated,
            options=texts(row.options),
            indexes=tuple(sorted(indexes, key=lambda index: index.name)),
            triggers=self._triggers_of(id_),
            comment=lookup.comment("pg_class", id_),
            owner=lookup.owner(row.owner),
            grants=lookup.grants("pg_class", id_),
        )


def _not_null(row: ConstraintRow) -> NotNull:
    head, mark, number = row.name.rpartition("_not_null")
    made_up = bool(head and mark) and (not number or number.isdigit())
    return NotNull("" if made_up else row.name, row.no_inherit, row.is_valid)


def _named(numbers: Iterable[int] | None, names: dict[int, str]) -> tuple[str, ...]:
    return tuple([names[number] for number in numbers or ()])


def _key(row: ConstraintRow, names: dict[int, str], index: Index, lookup: Lookup) -> Key:
    return Key(
        name=row.name,
        columns=_named(row.columns, names),
        is_primary=row.kind == "p",
        index=index,
        deferrable=row.deferrable,
        initially_deferred=row.initially_deferred,
        without_overlaps=row.period,
        is_local=row.is_local,
        comment=lookup.comment("pg_constraint", row.id),
    )


def _foreign_key(row: ConstraintRow, names: dict[int, str], lookup: Lookup) -> ForeignKey:
    return ForeignKey(
        name=row.name,
        columns=_named(row.columns, names),
        target=pair(row.target) or ObjectName("", ""),
        target_columns=tuple(row.target_columns or ()),
        on_delete=_ACTIONS[row.on_delete],
        on_update=_ACTIONS[row.on_update],
        set_columns=_named(row.set_columns, names),
        match_full=row.match == "f",
        deferrable=row.deferrable,
        initially_deferred=row.initially_deferred,
        is_valid=row.is_valid,
        is_enforced=row.is_enforced,
        period=row.period,
        is_local=row.is_local,
        comment=lookup.comment("pg_constraint", row.id),
    )


def check(row: ConstraintRow, lookup: Lookup) -> Check:
    """A CHECK of a table or domain."""
    return Check(
        name=row.name,
        expression=expression(row.expression or ""),
        no_inherit=row.no_inherit,
        is_valid=row.is_valid,
        is_enforced=row.is_enforced,
        is_local=row.is_local,
        comment=lookup.comment("pg_constraint", row.id),
    )


def _exclusion(row: ConstraintRow, index: Index, lookup: Lookup) -> Exclusion:
    return Exclusion(
        name=row.name,
        index=index,
        operators=pairs(row.operators),
        deferrable=row.deferrable,
        initially_deferred=row.initially_deferred,
        is_local=row.is_local,
        comment=lookup.comment("pg_constraint", row.id),
    )
