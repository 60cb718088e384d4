"""One side of a full plan: its elements, what each of them needs, and how each is taken back.

What an element needs is what its statements of creation need, so that there is one truth for making and for dropping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property

from pgready.catalog.model import Catalog, View
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Column, Exclusion, ForeignKey, Index, Policy, Table, Trigger
from pgready.catalog.table import Key as UniqueKey
from pgready.diff.full_elements import Address, Element, elements
from pgready.plan.create import all_steps
from pgready.plan.create_graph import Key
from pgready.plan.create_mentions import mentioned, of_type, schema_of
from pgready.plan.create_tables import Relatives
from pgready.sql.lexer import tokens

_REAL = frozenset({"name", "function", "schema", "extension", "index", "shell"})
"""The kinds of keys that are dependencies; the others only say what goes first."""

_WHOLE_ROW = ".*"
_BY_COLUMNS = ("GROUP BY", "ON CONFLICT")


class Everything(AbstractSet[Key]):
    """A set that holds whatever it is asked for."""

    def __contains__(self, _: object) -> bool:
        return True

    def __iter__(self) -> Iterator[Key]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Side:
    """A catalog with its elements by address."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.elements = elements(catalog)
        self.relatives = Relatives.of(catalog)
        self.children: dict[Address, list[Address]] = {}
        for one in self.elements.values():
            if one.parent:
                self.children.setdefault(one.parent, []).append(one.address)
        self.sequences: dict[Address, list[Address]] = {}
        for sequence in catalog.sequences:
            if sequence.owned_by is not None:
                table, column = sequence.owned_by
                for owner in (("table", *table), ("column", *table, column)):
                    self.sequences.setdefault(owner, []).append(("sequence", *sequence.name))
        self._read: dict[Address, AbstractSet[str]] = {}
        self._steps = list(all_steps(catalog, Everything()))
        self.undo: dict[Address, list[str]] = {}
        for step in self._steps:
            if step.undo and step.kind != "inheritance":
                self.undo.setdefault(step.about, []).insert(0, step.undo)

    def value(self, address: Address) -> object:
        """The catalog's value at an address."""
        return self.elements[address].value

    def table(self, name: Iterable[str]) -> Table | None:
        """The table of this name."""
        return self.relatives.tables.get(ObjectName(*name))

    def below(self, address: Address) -> Iterator[Address]:
        """Everything that belongs to it, at any depth."""
        for child in self.children.get(address, ()):
            yield child
            yield from self.below(child)

    @cached_property
    def makes(self) -> dict[Address, set[Key]]:
        """The keys that stand for an element."""
        found: dict[Address, set[Key]] = {}
        for step in self._steps:
            keys = {key for key in step.makes if key[0] in _REAL or key[0] == "extensions of"}
            if step.about[0] == "table":
                keys = {("name", *step.about[1:])}
            found.setdefault(step.about, set()).update(keys)
        for address, one in self.elements.items():
            if address[0] == "identity":
                found.setdefault(address, set()).add(("name", *one.value.sequence))
            elif address[0] == "key":
                found.setdefault(address, set()).add(("index", address[1], address[3]))
        return found

    @cached_property
    def needs(self) -> dict[Address, set[Key]]:
        """The keys that an element needs."""
        found: dict[Address, set[Key]] = {}
        for step in self._steps:
            if step.about[0] != "table":
                keys = {key for key in step.needs if key[0] in _REAL}
                found.setdefault(step.about, set()).update(keys)
        for address, one in self.elements.items():
            value = one.value
            if isinstance(value, Table) and address[0] == "table":
                found[address] = {schema_of(value.name), *mentioned(value.partition_key)}
                found[address] |= {("name", *parent) for parent in value.inherits}
            elif isinstance(value, Column):
                found[address] = {*of_type(value.type)}
                if value.generated is not None:
                    found[address] |= mentioned(value.generated.expression)
        return found

    @cached_property
    def makers(self) -> dict[Key, set[Address]]:
        """Which elements a key stands for."""
        found: dict[Key, set[Address]] = {}
        for address, keys in self.makes.items():
            if address in self.elements:
                for key in keys:
                    found.setdefault(key, set()).add(address)
        return found

    def behind(self, key: Key) -> AbstractSet[Address]:
        """What a key stands for; of a name that nobody makes, the extensions of its schema."""
        made = self.makers.get(key)
        if made is None and key[0] in ("name", "function"):
            made = self.makers.get(("extensions of", key[1]))
        return made or frozenset()

    @cached_property
    def dependents(self) -> dict[Address, set[Address]]:
        """Which elements cannot be without an element, but for those that belong to it."""
        found: dict[Address, set[Address]] = {}

        def add(what: Address, who: Address) -> None:
            if what != who and what not in self._above(who):
                found.setdefault(what, set()).add(who)

        for address, keys in self.needs.items():
            if address not in self.elements:
                continue
            for key in keys:
                for what in self.behind(key):
                    add(what, address)
        for address, one in self.elements.items():
            value = one.value
            if isinstance(value, ForeignKey):
                for key in self._keys_of(value.target, value.target_columns):
                    add(key, address)
            elif address[0] in ("view", "function") and any(word in value.definition for word in _BY_COLUMNS):
                for name in [ObjectName(*key[1:]) for key in self.needs[address] if key[0] == "name"]:
                    for key in self._keys_of(name, ()):
                        add(key, address)
            elif address[0] == "attachment":
                for what in [each for key in self.needs[address] for each in self.makers.get(key, ())]:
                    if what != one.parent and key_kind(what):
                        add(what, one.parent)
            elif address[0] == "identity" and ("not null", *address[1:]) in self.elements:
                add(("not null", *address[1:]), address)
        return found

    def _above(self, address: Address) -> Iterator[Address]:
        parent = self.elements[address].parent
        while parent:
            yield parent
            parent = self.elements[parent].parent

    def _keys_of(self, table: ObjectName, columns: tuple[str, ...]) -> Iterator[Address]:
        """The unique keys and indexes of a table, on these columns if there are any."""
        target = self.relatives.tables.get(table)
        if target is None:
            return
        for key in (target.primary_key, *target.uniques):
            if key is not None and (not columns or set(columns) == set(key.columns)):
                yield ("key", *table, key.name)
        for index in target.indexes:
            if index.is_unique and (not columns or set(columns) == {one.text for one in index.columns}):
                yield ("index", *table, index.name)

    def users(self, table: Address, column: str) -> Iterator[Address]:
        """What keeps a column's type from being altered: what reads it and is not rebuilt by the server."""
        own = self.children.get(table, [])
        for address in {*own, *self.dependents.get(table, ())}:
            words = self._read_by(address)
            if column in words or _WHOLE_ROW in words:
                yield address

    def built_on(self, table: Address, column: str) -> Iterator[Address]:
        """The indexes and constraints of a table that go with a column when that is dropped."""
        for address in self.children.get(table, ()):
            value = self.elements[address].value
            if isinstance(value, Index | Exclusion):
                index = value if isinstance(value, Index) else value.index
                names = {*index.include, *(key.text for key in index.columns if not key.is_expression)}
                texts = [index.where or "", *(key.text for key in index.columns if key.is_expression)]
            elif isinstance(value, Check):
                names, texts = set(), [value.expression]
            elif isinstance(value, UniqueKey | ForeignKey):
                names, texts = {*value.columns, *(value.index.include if isinstance(value, UniqueKey) else ())}, []
            else:
                continue
            if column in names or any(column in _named_in(text) for text in texts):
                yield address

    def _read_by(self, address: Address) -> AbstractSet[str]:
        if address not in self._read:
            self._read[address] = frozenset(_words(self.elements[address]))
        return self._read[address]

    def referring(self, table: Address, column: str) -> Iterator[Address]:
        """The foreign keys that a column is an end of."""
        for address in {*self.children.get(table, ()), *self.dependents.get(table, ())}:
            value = self.elements[address].value
            if isinstance(value, ForeignKey):
                is_own = address[1:3] == table[1:] and column in value.columns
                if is_own or (tuple(value.target) == table[1:] and column in value.target_columns):
                    yield address

    def parents(self, table: Address) -> list[Address]:
        """The tables that a table's columns come from: its partitioned one, or those it inherits from."""
        found = self.table(table[1:])
        if found is None:
            return []
        names = (found.partition.parent,) if found.partition is not None else found.inherits
        return [("table", *name) for name in names]

    def ancestors(self, table: Address) -> Iterator[Address]:
        """Those that it is a partition of, at any depth."""
        found = self.table(table[1:])
        while found is not None and found.partition is not None:
            yield ("table", *found.partition.parent)
            found = self.table(found.partition.parent)

    def parted_by(self, column: Address) -> Address:
        """The table whose partition key the column is in: its own, or one of its partitions'; () for none."""
        table: Address = ("table", *column[1:3])
        for one in (table, *self.heirs(table)):
            found = self.table(one[1:])
            key = found.partition_key if found is not None else None
            if key is not None and column[3] in _named_in(key):
                return table
        return ()

    def heirs(self, table: Address) -> Iterator[Address]:
        """Its partitions or children, at any depth."""
        for name in self.relatives.children.get(ObjectName(*table[1:]), ()):
            yield ("table", *name)
            yield from self.heirs(("table", *name))

    def origin(self, part: Address) -> Address:
        """What a part of a table came with from the table's parent: its column, constraint, index; () for its own."""
        attachment: Address = ("attachment", *part[1:])
        if part[0] in ("index", "key"):
            if attachment not in self.elements:
                return ()
            return next(iter(self.makers.get(("index", *self.elements[attachment].value), ())), ())
        if part not in self.elements or getattr(self.elements[part].value, "is_local", True):
            return ()
        for parent in self.parents(("table", *part[1:3])):
            above = (part[0], *parent[1:], *part[3:])
            if above in self.elements:
                return above
            if part[0] == "foreign key":  # one that was there before keeps its name
                own, of = self.elements[part].value, self.table(parent[1:])
                ends = (own.columns, own.target, own.target_columns)
                for key in of.foreign_keys if of is not None else ():
                    if (key.columns, key.target, key.target_columns) == ends:
                        return ("foreign key", *parent[1:], key.name)
        return ()


def key_kind(address: Address) -> bool:
    """Whether it has an index."""
    return address[0] in ("index", "key")


def _words(one: Element) -> set[str]:
    """The names in what an element reads columns with."""
    value, texts = one.value, []
    if isinstance(value, View):
        texts = [value.definition]
    elif isinstance(value, Policy):
        texts = [value.using or "", value.check or ""]
    elif isinstance(value, Trigger):
        texts = [value.definition]
    elif isinstance(value, Column) and value.generated is not None:
        texts = [value.generated.expression]
    elif one.address[0] == "function" and "\nAS " not in value.definition:
        texts = [value.definition]
    return {word for text in texts for word in _named_in(text)}


def _named_in(text: str) -> set[str]:
    """The names in an expression, and whether it reads the whole row."""
    found = {_WHOLE_ROW} if _WHOLE_ROW in text else set()
    for token in tokens(text):
        if token.kind == "word":
            found.add(text[token.start : token.end])
        elif token.kind == "quoted":
            found.add(text[token.start + 1 : token.end - 1].replace('""', '"'))
    return found
