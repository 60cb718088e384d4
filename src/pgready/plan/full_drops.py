"""Taking things back, in the order that the server asks for: first what stands on others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pgready.catalog.model import Range
from pgready.catalog.names import ObjectName
from pgready.diff.full_elements import Address
from pgready.plan.create_graph import Key, Step
from pgready.plan.create_ranks import RANK
from pgready.plan.full_fate import Fates, names_of
from pgready.plan.full_side import Side
from pgready.sql.names import quote_ident, truncate_63

CONSTRAINTS = ("key", "exclusion", "check", "foreign key")
_BEFORE_ALL = -1000


@dataclass(slots=True)
class Drops:
    """The steps that take back what is gone; `aside` is how types that are set aside are called meanwhile."""

    old: Side
    new: Side
    fates: Fates
    aside: dict[ObjectName, ObjectName]

    def steps(self, explicit: AbstractSet[Address]) -> Iterator[Step]:
        """Everything; `explicit` are parts that are dropped by themselves before what they belong to."""
        together: dict[Address, list[Address]] = {}
        for address in sorted(self.fates.gone):
            together.setdefault(self._root(address, explicit), []).append(address)
        for root, members in together.items():
            yield from in_turn(self._step(root, members), self.sql(root))
        for type_ in sorted(self.fates.set_aside):
            yield from self._set_aside(type_)

    def _root(self, address: Address, explicit: AbstractSet[Address]) -> Address:
        """What is dropped that this goes with."""
        seen = {address}
        while address not in explicit:
            host = next((one for one in self._hosts(address) if one in self.fates.gone and one not in seen), ())
            if not host:
                break
            seen.add(host)
            address = host
        return address

    def _hosts(self, address: Address) -> Iterator[Address]:
        one = self.old.elements[address]
        if one.parent:
            yield one.parent
        if address[0] == "sequence" and one.value.owned_by is not None:
            table, column = one.value.owned_by
            yield ("column", *table, column)
        if address[0] in ("index", "key", "column", "check", "foreign key"):
            origin = self.old.origin(address)
            # A partition that is detached has its parts by itself.
            is_alone = address[0] == "column" and self._is_kept_below(origin)
            if origin and not is_alone and self._is_linked(address):
                yield origin
        if address[0] == "attachment":
            yield ("partition", *address[1:3])
        if address[0] == "function" and (range_ := self.range_of(address)):
            yield range_

    def range_of(self, function: Address) -> Address:
        """The range that is set aside together with its canonical function, which needs it."""
        for type_ in self.fates.set_aside:
            value = self.old.elements[type_].value
            if isinstance(value, Range) and value.canonical == function[1:3]:
                return type_
        return ()

    def _step(self, root: Address, members: list[Address]) -> Step:
        old, gone, fates = self.old, self.fates.gone, self.fates
        own = set(members)
        needs: set[Key] = set()
        for member in members:
            standing = set(old.dependents.get(member, ()))
            if member[0] == "column" and root[0] != "table":
                table: Address = ("table", *member[1:3])
                standing |= set(old.users(table, member[3]))
                parts = set(old.children.get(table, ())) & gone
                standing |= {one for one in parts if one[0] not in ("column", "comment")}
                standing |= set(old.referring(table, member[3]))
                needs |= {("orphaned", *one[1:]) for one in (table, *old.heirs(table))}
            elif member[0] == "table":
                standing |= set(self._through_parents(member))
            elif member[0] == "not null":
                standing |= set(self._keys_with(member))
            if member[0] == "table" and ("partition", *member[1:]) not in own:
                needs.add(("gone", "partition", *member[1:]))
            if root[0] != "table" and old.origin(member):
                needs |= {("gone", "partition", *member[1:3])} - {("gone", *one) for one in own}
                needs |= {("gone", *old.origin(member))} - {("gone", *one) for one in own}
            for who in standing - own:
                if who in gone:
                    needs.add(("gone", *who))
                elif who in fates.altered:
                    needs.add(("done", *who))
        for member in members:
            needs |= {("released", *one[1:]) for one in old.sequences.get(member, ())}
        makes: set[Key] = {("gone", *one) for one in members}
        for member in members:
            if member not in fates.set_aside:
                makes |= {("free", *name) for name in names_of(member, old)}
            if member[0] in CONSTRAINTS:
                makes.add(("free constraint", *member[1:]))
        rank = -1 - RANK.get(root[0], RANK["table"])
        return Step(rank, f"drop {root[0]}", root[1:], "", tuple(sorted(makes)), frozenset(needs), about=root)

    def _through_parents(self, partition: Address) -> Iterator[Address]:
        """The foreign keys that refer to what this is a partition of."""
        for table in self.old.ancestors(partition):
            yield from (one for one in self.old.dependents.get(table, ()) if one[0] == "foreign key")

    def referred(self) -> Iterator[Address]:
        """The links of partitions that go while foreign keys refer to their parents, which stay."""
        for address in sorted(self.fates.gone):
            parents = self.old.ancestors(("table", *address[1:])) if address[0] == "partition" else iter(())
            if next(parents, address) in self.fates.gone:
                continue
            if any(one not in self.fates.gone for one in self._through_parents(("table", *address[1:]))):
                yield address

    def _keys_with(self, not_null: Address) -> Iterator[Address]:
        table = self.old.table(not_null[1:3])
        if table is not None and table.primary_key is not None and not_null[3] in table.primary_key.columns:
            yield ("key", *table.name, table.primary_key.name)

    def sql(self, address: Address) -> list[str]:
        """The statements that take it back; none where nothing has to be said."""
        kind, name = address[0], address[1:]
        if address in self.fates.set_aside:
            value = self.old.elements[address].value
            force = " CASCADE" if isinstance(value, Range) and value.canonical is not None else ""
            return [f"DROP {_word(kind)} {self.aside[ObjectName(*name)].sql}{force}"]
        if kind in ("column", "default", "not null", "identity"):
            table, column = ObjectName(*name[:2]), quote_ident(name[2])
            if kind == "column":
                only = "ONLY " if self._is_kept_below(address) else ""
                return [f"ALTER TABLE {only}{table.sql} DROP COLUMN {column}"]
            only = "ONLY " if kind == "default" or self._is_alone(address) else ""
            word = {"default": "DEFAULT", "not null": "NOT NULL", "identity": "IDENTITY"}[kind]
            return [f"ALTER TABLE {only}{table.sql} ALTER COLUMN {column} DROP {word}"]
        if self.old.origin(address) and kind in ("check", "foreign key") and self._is_linked(address):
            return []
        return self.old.undo.get(address, [])

    def _is_kept_below(self, column: Address) -> bool:
        """Whether a child keeps a column that its parent drops."""
        heirs = list(self.old.heirs(("table", *column[1:3]))) if column else []
        below = [("column", *heir[1:], column[3]) for heir in heirs]
        return any(one in self.old.elements and one not in self.fates.gone for one in below)

    def _is_alone(self, address: Address) -> bool:
        """A NOT NULL that children keep."""
        table = self.old.table(address[1:3])
        if address[0] != "not null" or table is None or table.partition_key is not None:
            return False
        heirs = list(self.old.heirs(("table", *address[1:3])))
        return any(("not null", *heir[1:], address[3]) not in self.fates.gone for heir in heirs)

    def _is_linked(self, part: Address) -> bool:
        """Whether its table has the parent that this came from on both sides, and does not leave it meanwhile."""
        origin, table = self.old.origin(part), ("table", *part[1:3])
        if ("partition", *part[1:3]) in self.fates.gone or table not in self.new.elements:
            return False
        return ("table", *origin[1:3]) in self.new.parents(table)

    def _set_aside(self, type_: Address) -> Iterator[Step]:
        kind, name = type_[0], ObjectName(*type_[1:])
        # A function is dropped by the names of its arguments; a range's own are renamed by those of its subtype.
        standing = self.old.dependents.get(type_, set())
        called = {one for one in standing & self.fates.gone if one[0] == "function" and not self.range_of(one)}
        needs: set[Key] = {("gone", *one) for one in called}
        needs |= {("free", *one[1:]) for one in standing & self.fates.set_aside if one[0] == "range"}
        aside = quote_ident(self.aside[name].name)
        statements = []
        makes: list[Key] = [("free", *name)]
        value = self.old.elements[type_].value
        if isinstance(value, Range):
            multi, own = value.multirange, value.subtype.sql
            constructor = ObjectName(name.schema, multi.name)
            called_aside = quote_ident(self.aside[multi].name)
            shapes = (f"{own}, {own}", f"{own}, {own}, text")
            statements += [f"ALTER FUNCTION {name.sql}({one}) RENAME TO {aside}" for one in shapes]
            more = ("", name.sql, f"VARIADIC {name.sql}[]")
            statements += [f"ALTER FUNCTION {constructor.sql}({one}) RENAME TO {called_aside}" for one in more]
            statements.append(f"ALTER TYPE {multi.sql} RENAME TO {called_aside}")
            makes.append(("free", *multi))
        statements.append(f"ALTER {_word(kind)} {name.sql} RENAME TO {aside}")
        step = Step(_BEFORE_ALL, f"set aside {kind}", tuple(name), "", tuple(makes), frozenset(needs), about=type_)
        yield from in_turn(step, statements)


def in_turn(step: Step, statements: Sequence[str]) -> Iterator[Step]:
    """The step as one for each of its statements, in their order; the last makes what it makes."""
    waits: frozenset[Key] = frozenset()
    for number, sql in enumerate(statements[:-1]):
        made: Key = ("turn", step.kind, *step.name, str(number))
        yield replace(step, sql=sql, makes=(made,), needs=step.needs | waits)
        waits = frozenset({made})
    yield replace(step, sql=statements[-1] if statements else "", needs=step.needs | waits)


def _word(kind: str) -> str:
    return "DOMAIN" if kind == "domain" else "TYPE"


def names_aside(old: Side, new: Side, fates: Fates) -> dict[ObjectName, ObjectName]:
    """A free name for every type that is set aside, made from its own."""
    taken = {ObjectName(*key[1:]) for side in (old, new) for key in side.makers if key[0] in ("name", "index")}
    found: dict[ObjectName, ObjectName] = {}
    for type_ in sorted(fates.set_aside):
        for name in sorted(names_of(type_, old)):
            number = 0
            while True:
                tail = "_old" + (str(number) if number else "")
                head = name.name
                while truncate_63(head + tail) != head + tail:
                    head = head[:-1]
                free = ObjectName(name.schema, head + tail)
                number += 1
                if free not in taken:
                    break
            taken.add(free)
            found[name] = free
    return found
