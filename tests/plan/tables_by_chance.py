"""The tables of a catalog by chance: with everything, partitioned, inheriting, and in cycles with functions."""

from dataclasses import dataclass, replace
from typing import Any

from pgready.catalog.model import Function, Sequence
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_ident, shown_literal, shown_name
from pgready.catalog.table import (
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
    SequenceOptions,
    Table,
    Trigger,
)
from pgready.catalog.types import SYSTEM, DataType

OWNER = "postgres"
ACTIONS = ("NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT")
LATE = {
    1: ("'2020-01-01 00:00:00+00'", "'2021-01-01 00:00:00+00'"),
    2: ("'2021-01-01 00:00:00+00'", "MAXVALUE"),
}


def builtin(name: str, modifier: str = "", dimensions: int = 0) -> DataType:
    """A type of PostgreSQL itself."""
    return DataType(ObjectName(SYSTEM, name), modifier, dimensions)


INT, TEXT = builtin("int4"), builtin("text")
POOL = (
    (builtin("numeric", "10,2"), "12.50"),
    (builtin("varchar", "80"), "'it''s'::character varying"),
    (builtin("varchar"), None),
    (builtin("timestamptz", "3"), "CURRENT_TIMESTAMP"),
    (builtin("timestamp"), "'2020-01-01 00:00:00'::timestamp without time zone"),
    (builtin("bool"), "false"),
    (builtin("jsonb"), "'{}'::jsonb"),
    (builtin("text", dimensions=1), "'{a,b}'::text[]"),
    (builtin("uuid"), "gen_random_uuid()"),
    (builtin("bytea"), r"'\xdead'::bytea"),
    (builtin("interval", "day to second(3)"), None),
    (builtin("bit", "3"), "'101'::\"bit\""),
    (builtin("bpchar"), None),
    (builtin("bpchar", "4"), None),
    (builtin("char"), None),
    (builtin("date"), "CURRENT_DATE"),
    (builtin("int8"), "'-1'::integer"),
)


@dataclass
class Made:
    """A table; its first column is an integer, its second a text, and so printed in views."""

    table: Table

    @property
    def name(self) -> ObjectName:
        """The table's name."""
        return self.table.name

    @property
    def column_names(self) -> list[str]:
        """The names of its columns."""
        return [one.name for one in self.table.columns]


def counts(kind: str = "integer", most: int = 2147483647) -> SequenceOptions:
    """What a plain sequence counts like."""
    return SequenceOptions(kind, 1, 1, 1, most, 1, cycle=False)


class Tables:
    """Makes the tables of one catalog, and the sequences and functions that they bring."""

    def __init__(self, chance: Any, functions: list[Function]) -> None:
        self.chance = chance
        self.functions = functions
        self.sequences: list[Sequence] = []
        self.trigger_function = functions[2].name

    def tables(self) -> list[Made]:
        """Every table."""
        plain = [self._plain() for _ in range(3)]
        plain = [self._with_foreign_keys(one, plain) for one in plain]
        made = [*plain, *self._cyclic(), *self._partitioned(plain[0]), *self._listed(), *self._family()]
        return [Made(one) for one in made]

    def _rights(self, owner: str) -> dict[str, Any]:
        grants = self.chance.grants("SELECT", "INSERT", "ALL", owner=owner)
        return {"comment": self.chance.comment(), "owner": owner, "grants": grants}

    def _not_null(self) -> NotNull:
        """A NOT NULL, from 18 on perhaps with a name of its own."""
        if self.chance.major < 18 or self.chance.maybe(0.6):
            return NotNull()
        return NotNull(self.chance.name(), no_inherit=self.chance.maybe(), is_valid=self.chance.maybe(0.7))

    def _first(self, table: ObjectName, owner: str) -> Column:
        chance, name = self.chance, self.chance.name()
        kind = chance.random.choice(("identity", "serial", "plain"))
        column = Column(name, INT, NotNull(), comment=chance.comment(), grants=chance.grants("SELECT", "UPDATE"))
        if kind == "identity":
            place = ObjectName(table.schema, chance.name())
            return replace(
                column, identity=Identity(chance.maybe(0.5), place, replace(counts(), increment=10, cache=2))
            )
        if kind == "serial":
            place = ObjectName(table.schema, chance.name())
            self.sequences.append(Sequence(place, counts(), (table, name), comment=chance.comment(), owner=owner))
            return replace(column, default=f"nextval({shown_literal(shown_name(place))}::regclass)")
        return column

    def _second(self) -> Column:
        chance = self.chance
        return Column(
            chance.name(),
            TEXT,
            self._not_null() if chance.maybe() else None,
            default="'a.b'::text" if chance.maybe() else None,
            collation=ObjectName(SYSTEM, "C") if chance.maybe() else None,
            storage=chance.random.choice((None, "external", "main")),
            compression="pglz" if chance.maybe() else None,
            statistics=chance.random.choice((None, 0, 500)),
            options=("n_distinct=-0.5",) if chance.maybe() else (),
            comment=chance.comment(),
        )

    def _any_column(self) -> Column:
        chance = self.chance
        type_, default = chance.random.choice(POOL) if chance.maybe(0.6) else (chance.random.choice(chance.types), None)
        needed = None if type_ in chance.types or chance.maybe(0.6) else self._not_null()
        return Column(chance.name(), type_, needed, default if chance.maybe(0.6) else None, comment=chance.comment())

    def _plain(self) -> Table:
        self.chance.begin()
        chance, name, owner = self.chance, self.chance.place(), self.chance.owner()
        first, second = self._first(name, owner), self._second()
        span, data = Column(chance.name(), builtin("int4range")), Column(chance.name(), builtin("jsonb"))
        stored = chance.major < 18 or chance.maybe(0.5)
        twice = Column(chance.name(), INT, generated=Generated(f"({shown_ident(first.name)} * 2)", stored))
        columns = (first, second, *(self._any_column() for _ in range(5)), span, twice, data)
        key, unique = chance.name(), chance.name()
        distinct = chance.major >= 15 and chance.maybe()
        primary = Key(key, (first.name,), True, self._index(key, first.name), comment=chance.comment())
        later = chance.maybe()
        uniques = Key(
            unique,
            (second.name, first.name),
            False,
            replace(self._index(unique, second.name, first.name), nulls_not_distinct=distinct, include=(data.name,),
                    options=("fillfactor=70",)),
            deferrable=later,
            initially_deferred=later and chance.maybe(),
            comment=chance.comment(),
        )  # fmt: skip
        indexes = self._indexes(first.name, second.name, data.name)
        identity = chance.random.choice(("default", "nothing", "full", "index"))
        if identity == "index":
            label = chance.name()
            indexes.append(replace(self._index(label, first.name), is_replica_identity=True))
        if chance.maybe():
            indexes[-1] = replace(indexes[-1], is_cluster=True)
        return Table(
            name,
            columns,
            primary,
            (uniques,),
            (),
            self._checks(first.name, second.name),
            self._exclusions(span.name),
            _sorted(indexes),
            self._triggers(name, first.name),
            self._policies(first.name),
            unlogged=False,
            row_security=chance.maybe(),
            force_row_security=chance.maybe(),
            replica_identity=identity,
            options=("autovacuum_enabled=false", "fillfactor=70", "toast.autovacuum_enabled=false"),
            **self._rights(owner),
        )

    def _index(self, name: str, *columns: str) -> Index:
        keys = tuple(IndexColumn(one) for one in columns)
        return Index(name, "btree", keys, is_unique=True, comment=self.chance.comment())

    def _indexes(self, first: str, second: str, data: str) -> list[Index]:
        chance, shown = self.chance, shown_ident(second)
        down = chance.maybe(0.5)
        classes = ObjectName(SYSTEM, "text_pattern_ops")
        search = f"to_tsvector('simple'::regconfig, {shown})"
        method = ObjectName(SYSTEM, "tsvector_ops")
        return [
            Index(chance.name(), "btree", (IndexColumn(first, descending=down, nulls_first=chance.maybe(0.5)),
                                           IndexColumn(second, operator_class=classes)),
                  (data,), where=f"({shown_ident(first)} > 0)", comment=chance.comment()),
            Index(chance.name(), "gin", (IndexColumn(data, operator_class=ObjectName(SYSTEM, "jsonb_path_ops")),),
                  options=("fastupdate=off",)),
            Index(chance.name(), "hash", (IndexColumn(second, collation=ObjectName(SYSTEM, "POSIX")),)),
            Index(chance.name(), "brin", (IndexColumn(first),), options=("pages_per_range=16",)),
            Index(chance.name(), "gist", (IndexColumn(search, True, options="siglen=128", default_class=method),)),
            Index(chance.name(), "btree", (IndexColumn(f"(({shown_ident(first)} + 1))", True), IndexColumn(first)),
                  is_unique=True, nulls_not_distinct=chance.major >= 15),
        ]  # fmt: skip

    def _checks(self, first: str, second: str) -> tuple[Check, ...]:
        chance = self.chance
        texts = (
            f"({shown_ident(first)} > 0)",
            f"(({shown_ident(second)} <> ''::text) OR ({shown_ident(first)} < 100))",
            f"({shown_ident(first)} = ANY (ARRAY[1, 2]))",
        )
        found = []
        for text in texts:
            enforced = chance.major < 18 or chance.maybe(0.7)
            valid = enforced and chance.maybe(0.7)
            found.append(Check(chance.name(), text, chance.maybe(), valid, enforced, comment=chance.comment()))
        return _sorted(found)

    def _exclusions(self, span: str) -> tuple[Exclusion, ...]:
        name, deferred = self.chance.name(), self.chance.maybe()
        where = f"({shown_ident(span)} IS NOT NULL)" if self.chance.maybe() else None
        index = Index(name, "gist", (IndexColumn(span),), where=where)
        operators = (ObjectName(SYSTEM, "&&"),)
        return (Exclusion(name, index, operators, deferred, deferred, comment=self.chance.comment()),)

    def _triggers(self, table: ObjectName, column: str) -> tuple[Trigger, ...]:
        chance, call = self.chance, f"EXECUTE FUNCTION {shown_name(self.trigger_function)}"
        one, other = chance.name(), chance.name()
        plain = (
            f"CREATE TRIGGER {shown_ident(one)} BEFORE INSERT OR UPDATE OF {shown_ident(column)} ON {shown_name(table)}"
            f" FOR EACH ROW WHEN ((new.{shown_ident(column)} > 0)) {call}('it''s')"
        )
        late = (
            f"CREATE CONSTRAINT TRIGGER {shown_ident(other)} AFTER INSERT ON {shown_name(table)}"
            f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {call}()"
        )
        modes = ("origin", "replica", "always", "disabled")
        return _sorted(
            Trigger(name, text, chance.random.choice(modes), chance.comment())
            for name, text in ((one, plain), (other, late))
        )

    def _policies(self, column: str) -> tuple[Policy, ...]:
        chance, text = self.chance, f"({shown_ident(column)} > 0)"
        roles = tuple(sorted(chance.random.sample(("catalog_app", "catalog_owner", 'Röle "x"'), 2)))
        return _sorted(
            [
                Policy(chance.name(), "ALL", chance.maybe(0.5), (), text, None, chance.comment()),
                Policy(chance.name(), "UPDATE", True, roles, text, text, chance.comment()),
                Policy(chance.name(), "INSERT", True, roles, None, text),
            ]
        )

    def _with_foreign_keys(self, table: Table, all_: list[Table]) -> Table:
        """A key to each of the plain tables, itself included: they form cycles."""
        chance, found = self.chance, []
        chance.begin()
        for target in all_:
            on_delete = chance.random.choice(ACTIONS)
            subset = chance.major >= 15 and on_delete.startswith("SET") and chance.maybe(0.5)
            deferrable = chance.maybe(0.5)
            enforced = chance.major < 18 or chance.maybe(0.7)
            first = table.columns[0].name
            found.append(
                ForeignKey(
                    chance.name(),
                    (first,),
                    target.name,
                    target.primary_key.columns,
                    on_delete,
                    chance.random.choice(ACTIONS) if table.columns[0].identity is None else "CASCADE",
                    (first,) if subset else (),
                    chance.maybe(),
                    deferrable,
                    deferrable and chance.maybe(),
                    enforced and chance.maybe(0.7),
                    enforced,
                    comment=chance.comment(),
                )
            )
        return replace(table, foreign_keys=_sorted(found))

    def _cyclic(self) -> list[Table]:
        """A table whose check calls a function of its own rows and whose default one that reads it."""
        self.chance.begin()
        chance, name = self.chance, self.chance.place()
        first, second = chance.name(), chance.name()
        check, default = chance.place(), chance.place()
        row = shown_name(name)
        text = f"CREATE OR REPLACE FUNCTION {shown_name(check)}(t {row})\n RETURNS boolean\n LANGUAGE sql\n IMMUTABLE\n"
        self.functions.append(
            Function(check, row, "function", text + "AS $function$SELECT true$function$", owner=OWNER)
        )
        text = (
            f"CREATE OR REPLACE FUNCTION {shown_name(default)}()\n RETURNS bigint\n LANGUAGE sql\nBEGIN ATOMIC\n"
            f" SELECT count(*) AS count\n    FROM {row}\n   WHERE ({shown_ident(name.name)}.{shown_ident(first)} > 3);\nEND"
        )
        self.functions.append(Function(default, "", "function", text, owner=OWNER))
        columns = (Column(first, INT), Column(second, TEXT), Column(chance.name(), builtin("int8"), default=f"{shown_name(default)}()"))  # fmt: skip
        expression = f"{shown_name(check)}({shown_ident(name.name)}.*)"
        return [
            Table(name, columns, checks=(Check(chance.name(), expression),), unlogged=chance.maybe(0.5), owner=OWNER)
        ]

    def _partitioned(self, target: Table) -> list[Table]:
        """Two levels by range; a partition's columns stand in another order and its indexes have their own names."""
        self.chance.begin()
        chance, name = self.chance, self.chance.place()
        at = Column(chance.name(), builtin("timestamptz"), NotNull())
        first, second = Column(chance.name(), INT, self._certain()), Column(chance.name(), TEXT, default="'x'::text")
        keys, index, mine = chance.name(), chance.name(), chance.name()
        check = Check(chance.name(), f"({shown_ident(first.name)} > 0)")
        foreign = ForeignKey(chance.name(), (first.name,), target.name, target.primary_key.columns, "CASCADE")
        root = Table(
            name,
            (first, second, at),
            Key(keys, (first.name, at.name), True, self._index(keys, first.name, at.name)),
            foreign_keys=(foreign,),
            checks=(check,),
            indexes=(Index(index, "btree", (IndexColumn(f"lower({shown_ident(second.name)})", True),)),),
            triggers=self._parent_trigger(name),
            partition_key=f"RANGE ({shown_ident(at.name)})",
            **self._rights(chance.owner()),
        )
        found = [root]
        for number, (low, high) in LATE.items():
            part, own = ObjectName(root.name.schema, chance.name()), chance.name()
            columns = tuple(replace(one, is_local=False) for one in chance.random.sample(root.columns, 3))
            pkey = Key(own, (first.name, at.name), True,
                       replace(self._index(own, first.name, at.name), attached_to=ObjectName(name.schema, keys)),
                       is_local=False)  # fmt: skip
            twin = Index(chance.name(), "btree", root.indexes[0].columns)
            attached = replace(twin, name=chance.name(), attached_to=ObjectName(name.schema, index))
            # A foreign key that the partition had before keeps its name.
            renamed = replace(foreign, name=chance.name() if number == 1 else foreign.name, is_local=False)
            found.append(
                Table(
                    part,
                    tuple(replace(one, default="'own'::text") if one.name == second.name else one for one in columns),
                    pkey,
                    foreign_keys=(renamed,),
                    checks=(replace(check, is_local=False),),
                    indexes=_sorted([twin, attached]),
                    partition=Partition(name, f"FOR VALUES FROM ({low}) TO ({high})"),
                    **self._rights(chance.owner()),
                )
            )
        reference = (
            Column(chance.name(), INT),
            Column(chance.name(), TEXT),
            Column(chance.name(), builtin("timestamptz")),
        )
        to_root = ForeignKey(mine, (reference[0].name, reference[2].name), name, (first.name, at.name))
        return [*found, Table(chance.place(), reference, foreign_keys=(to_root,), owner=OWNER)]

    def _certain(self) -> NotNull:
        """A NOT NULL that a primary key can stand on, with a name of its own from 18 on."""
        return NotNull(self.chance.name()) if self.chance.major >= 18 and self.chance.maybe(0.5) else NotNull()

    def _parent_trigger(self, table: ObjectName) -> tuple[Trigger, ...]:
        name = self.chance.name()
        call = f"EXECUTE FUNCTION {shown_name(self.trigger_function)}()"
        return (
            Trigger(
                name, f"CREATE TRIGGER {shown_ident(name)} AFTER INSERT ON {shown_name(table)} FOR EACH ROW {call}"
            ),
        )

    def _listed(self) -> list[Table]:
        """By list with a default partition that is partitioned by hash."""
        self.chance.begin()
        chance, name = self.chance, self.chance.place()
        columns = (Column(chance.name(), INT, NotNull()), Column(chance.name(), TEXT))
        local = tuple(replace(one, is_local=False) for one in columns)
        some, rest, hashed = chance.place(), chance.place(), chance.place()
        first, second = (shown_ident(one.name) for one in columns)
        return [
            Table(name, columns, partition_key=f"LIST ({second})", comment=chance.comment(), owner=OWNER),
            Table(some, local, partition=Partition(name, "FOR VALUES IN ('it''s', NULL)"), owner=OWNER),
            Table(rest, local, partition=Partition(name, "DEFAULT"), partition_key=f"HASH ({first}, lower({second}))",
                  owner=OWNER),
            Table(hashed, local, partition=Partition(rest, "FOR VALUES WITH (modulus 2, remainder 0)"), owner=OWNER),
        ]  # fmt: skip

    def _family(self) -> list[Table]:
        """Two parents, a child born of both, and one that was given a parent later."""
        self.chance.begin()
        chance = self.chance
        one, other, born, later = (chance.place() for _ in range(4))
        one_columns = (Column(chance.name(), INT, NotNull(), "7"), Column(chance.name(), TEXT, storage="external"))
        other_columns = (Column(chance.name(), INT), Column(chance.name(), TEXT, default="'x'::text"))
        check = Check(chance.name(), f"({shown_ident(one_columns[0].name)} > 0)")
        lone = Check(chance.name(), f"({shown_ident(one_columns[0].name)} < 9)", no_inherit=True)
        unsure = Check(chance.name(), f"({shown_ident(one_columns[0].name)} <> 5)", is_valid=False)
        inherited = [replace(column, is_local=False) for column in (*other_columns, *one_columns)]
        inherited[1] = replace(inherited[1], default=chance.random.choice((None, "'y'::text", "'x'::text")))
        inherited[0] = replace(inherited[0], not_null=chance.random.choice((None, NotNull())))
        inherited[3] = replace(inherited[3], storage=chance.random.choice((None, "main", "external")))
        born_checks = (replace(check, is_local=chance.maybe(0.5)), replace(unsure, is_local=False))
        own = Column(chance.name(), chance.random.choice(chance.types))
        adopted = (own, *reversed(one_columns))
        return [
            Table(one, one_columns, checks=_sorted([check, lone, unsure]), **self._rights(OWNER)),
            Table(other, other_columns, owner=OWNER),
            Table(born, (*inherited, own), checks=_sorted(born_checks), inherits=(other, one), **self._rights(OWNER)),
            Table(later, adopted, checks=_sorted([check, unsure]), inherits=(one,), **self._rights(OWNER)),
        ]


def _sorted(values: Any) -> Any:
    return tuple(sorted(values, key=lambda one: one.name))
