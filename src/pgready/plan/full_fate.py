"""What becomes of each element: it stays, is made, goes, is altered in place, or goes and is made anew.

An element that cannot be altered goes and is made anew, and with it whatever cannot be without it. What holds data is
the exception: a column of a type that goes is given the new type of that name, while the old one is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from pgready.catalog.model import Composite, Domain, Enum, Function, View
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Column, Exclusion, ForeignKey, Index, Key, NotNull, Policy, Table
from pgready.diff.full_elements import Address, Value
from pgready.plan.create_mentions import function_text
from pgready.plan.full_side import Side

PARTS = frozenset({"index", "key", "check", "foreign key", "column"})
TYPES = frozenset({"enum", "domain", "composite", "range"})
_SETTLED = frozenset(
    {"comment", "owner", "trigger state", "cluster", "replica identity", "event trigger state", "view default",
     "domain default"}
)  # fmt: skip
"""What is altered by saying it again."""
_COLLATE = re.compile(r"\bCOLLATE\s+(\S+)")
_KEPT = frozenset({"table", "sequence", "schema", "extension"})
"""What is never made anew because of something else."""
_ALWAYS = frozenset({"extension", "sequence", "default", "not null", "identity"})


@dataclass(slots=True)
class Fates:
    """`gone` and `made` overlap in what is made anew; `altered` and `retyped` (columns) stay where they are."""

    gone: set[Address] = field(default_factory=set)
    made: set[Address] = field(default_factory=set)
    altered: set[Address] = field(default_factory=set)
    retyped: set[Address] = field(default_factory=set)
    set_aside: set[Address] = field(default_factory=set)


def fates(old: Side, new: Side, anew: AbstractSet[Address] = frozenset()) -> Fates:
    """The fate of every element of both sides that does not just stay; `anew` are not altered in place."""
    return _Judge(old, new, anew).fates


class _Judge:
    def __init__(self, old: Side, new: Side, anew: AbstractSet[Address]) -> None:
        self._old, self._new = old, new
        self.fates = Fates()
        self._work: list[Address] = []
        before, after = old.elements, new.elements
        for address in before.keys() - after.keys():
            self._go(address)
        self.fates.made |= after.keys() - before.keys()
        for address in sorted(before.keys() & after.keys()):
            if before[address].own != after[address].own:
                self._differs(address, before[address].value, after[address].value)
        for address in sorted(self.fates.made | self.fates.altered):
            if address[0] in ("domain", "domain check") and self._is_stricter(address):
                self._anew(("domain", *address[1:3]))
        for address in sorted(anew):
            self._anew(address)
        self._settle()
        while self._detach():
            self._settle()
        self.fates.altered -= self.fates.gone
        self.fates.retyped -= self.fates.gone

    def _go(self, address: Address) -> None:
        if address not in self.fates.gone:
            self.fates.gone.add(address)
            self._work.append(address)

    def _anew(self, address: Address) -> None:
        if address in self._new.elements:
            self.fates.made.add(address)
            self.fates.altered.discard(address)
            self.fates.retyped.discard(address)
        self._go(address)

    def _differs(self, address: Address, before: Value, after: Value) -> None:
        if address[0] in _SETTLED:
            self.fates.made.add(address)
            if address[0] == "owner":
                self._regrant(address[1:])
        elif isinstance(before, NotNull) and before.is_valid and not after.is_valid:
            self._anew(address)
        elif address[0] in _ALWAYS or (can_be_altered(before, after) and not self._is_collated(address)):
            self.fates.altered.add(address)
            if isinstance(before, Column) and (before.type, before.collation) != (after.type, after.collation):
                self._retype(address)
        else:
            self._anew(address)

    def _regrant(self, of: Address) -> None:
        """Rights are as the owner gives them: taken back before another comes, and given again."""
        found = [("grants", *of)]
        if of[0] == "table":
            found += [("grants", *child) for child in self._old.children.get(of, ()) if child[0] == "column"]
            found += [("grants", *one) for one in self._old.sequences.get(of, ())]
        elif of[0] == "view":
            found += [one for one in self._old.children.get(of, ()) if one[:2] == ("grants", "column")]
        for address in found:
            if address in self._old.elements:
                self._anew(address)

    def _is_collated(self, address: Address) -> bool:
        """Whether a view's columns may have another collation than before, which only DROP and CREATE give them."""
        if address[0] != "view":
            return False
        return _collations(self._old, address) != _collations(self._new, address)

    def _is_stricter(self, address: Address) -> bool:
        """Whether a domain would refuse more, which the server cannot check inside of arrays and other types."""
        domain: Address = ("domain", *address[1:3])
        after = self._new.elements[address].value
        if domain not in self._old.elements:
            return False
        if isinstance(after, Domain):
            before = self._old.elements[address].value
            if before.not_null or not after.not_null:
                return False
        elif not after.is_valid:
            return False
        for who in self._old.dependents.get(domain, ()):
            value = self._old.elements[who].value
            if who[0] in TYPES or (isinstance(value, Column) and value.type.dimensions):
                return True
        return False

    def _retype(self, column: Address) -> None:
        """A column gets another type: what reads it goes meanwhile."""
        if column in self.fates.gone or column in self.fates.retyped:
            return
        parted = self._old.parted_by(column)
        if parted:  # the server alters no column of a partition key: the parent, which has no rows, is made anew
            self._anew(parted)
            return
        self.fates.retyped.add(column)
        self.fates.altered.add(column)
        table: Address = ("table", *column[1:3])
        for user in self._old.users(table, column[3]):
            if user != column:
                self._anew(user)
        before, after = self._old.value(column), self._new.value(column)
        if isinstance(before, Column) and isinstance(after, Column) and before.type.name != after.type.name:
            for key in self._old.referring(table, column[3]):
                self._anew(key)
        default: Address = ("default", *column[1:])
        if default in self._old.elements:
            self._anew(default)

    def _settle(self) -> None:
        while self._work:
            address = self._work.pop()
            for child in self._old.children.get(address, ()):
                self._anew(child)
            if address[0] == "grants" and address[1] in ("table", "view"):
                self._regrant(address[1:])  # REVOKE of a right on all takes it from the columns, too
            if address[0] == "owner" and address not in self._new.elements:
                self._regrant(address[1:])
            for who in sorted(self._old.dependents.get(address, ())):
                if who in self._new.elements and not self._does_without(who, address):
                    self._depends(who, address)
            if address[0] == "column" and ("table", *address[1:3]) not in self.fates.gone:
                for user in self._old.users(("table", *address[1:3]), address[3]):
                    self._anew(user)
                if address in self._new.elements:  # dropped and added again
                    for part in self._old.built_on(("table", *address[1:3]), address[3]):
                        self._anew(part)

    def _does_without(self, who: Address, extension: Address) -> bool:
        """Of several extensions in a schema nobody knows whose a name is: what stays as it is needs another one."""
        if extension[0] != "extension" or extension in self._new.elements:
            return False
        return bool(self._old.elements[who].own == self._new.elements[who].own)

    def _detach(self) -> bool:
        """Whether a partition has to leave its parent: the server drops no part of it that the parent has, too."""
        found = False
        for address in sorted(self.fates.gone):
            table: Address = ("table", *address[1:3])
            link: Address = ("partition", *address[1:3])
            if address[0] not in PARTS or table in self.fates.gone or link in self.fates.gone:
                continue
            above = self._old.origin(address)
            if above and above not in self.fates.gone and link in self._old.elements:
                self._anew(link)
                found = True
        return found

    def _parts(self, part: Address) -> bool:
        """Whether a partition leaves its parent."""
        link: Address = ("partition", *part[1:3])
        return link in self.fates.gone or link not in self._new.elements

    def _depends(self, who: Address, on: Address) -> None:
        kind = who[0]
        by_name = on[0] not in ("key", "index", "not null")
        if (
            by_name
            and who in self.fates.altered
            and not any(on in self._old.behind(key) for key in self._new.needs[who])
        ):
            if kind == "column" and on[0] in TYPES and on in self._new.elements:
                self.fates.set_aside.add(on)  # what it becomes may need the new one
            return  # as it will be it does without
        if kind in ("index", "key") and on[0] in ("index", "key") and self._parts(who):
            return  # a partition takes it along
        if on[0] in TYPES and (kind == "column" or kind in TYPES):
            self.fates.set_aside.add(on)
            if kind == "column":
                self._retype(who)
                return
        if kind not in _KEPT:
            self._anew(who)


def _collations(side: Side, view: Address) -> set[tuple[str, ObjectName]]:
    """The collations of the columns that a view may show; another view's change with the view."""
    tables = [side.table(key[1:]) for key in side.needs.get(view, ()) if key[0] == "name"]
    columns = [column for table in tables if table is not None for column in table.columns]
    found = {(column.name, column.collation) for column in columns if column.collation is not None}
    said = _COLLATE.findall(side.elements[view].value.definition)
    return found | {("", ObjectName("", name)) for name in said}


def can_be_altered(before: Value, after: Value) -> bool:
    """Whether a statement makes one of the other, and neither data nor dependents are in the way."""
    match before, after:
        case Enum(), Enum():
            return labels_added(before.labels, after.labels) is not None
        case Domain(), Domain():
            return (before.type, before.collation) == (after.type, after.collation)
        case Composite(), Composite():
            return _grows(before, after)
        case Table(), Table():
            return before.partition_key == after.partition_key
        case Column(), Column():
            return before.generated == after.generated
        case (Key(), Key()) | (Exclusion(), Exclusion()):
            return _index_can_be(before.index, after.index) and _same(before, after, index=before.index)
        case Index(), Index():
            return _index_can_be(before, after)
        case Check(), Check():
            return not before.is_valid and _same(before, after, is_valid=False)
        case ForeignKey(), ForeignKey():
            valid = after.is_valid or not before.is_valid
            return valid and _same(before, after, is_valid=True, deferrable=False, initially_deferred=False)
        case Policy(), Policy():
            texts = ((before.using, after.using), (before.check, after.check))
            kept = all(new is not None or old is None for old, new in texts)
            return kept and (before.command, before.permissive) == (after.command, after.permissive)
        case Function(), Function():
            return before.kind == after.kind != "aggregate" and _head(before) == _head(after)
        case View(), View():
            return view_can_be_replaced(before, after) or _only_options(before, after)
    return False


def _same(before: Value, after: Value, **given: object) -> bool:
    given = {**given, "comment": None, "is_local": True}
    changed: bool = replace(before, **given) == replace(after, **given)
    return changed


def _index_can_be(before: Index, after: Index) -> bool:
    given = {
        "options": (), "tablespace": None, "comment": None, "is_cluster": False, "is_replica_identity": False,
        "attached_to": None, "is_valid": True,
    }  # fmt: skip
    changed: bool = replace(before, **given) == replace(after, **given)  # type: ignore[arg-type]  # of several types, as the fields are
    return changed


def labels_added(before: tuple[str, ...], after: tuple[str, ...]) -> list[str] | None:
    """The labels that come to those that are there, in order; None if one goes or they change places."""
    kept = [label for label in after if label in before]
    return [label for label in after if label not in before] if tuple(kept) == before else None


def _grows(before: Composite, after: Composite) -> bool:
    """Whether attributes only go or come at the end."""
    own = {one.name: (one.type, one.collation) for one in before.attributes}
    kept = [one for one in after.attributes if one.name in own]
    is_front = list(after.attributes[: len(kept)]) == kept
    in_order = [one.name for one in before.attributes if one.name in {each.name for each in kept}]
    same = all(own[one.name] == (one.type, one.collation) for one in kept)
    return bool(kept) and is_front and same and in_order == [one.name for one in kept]


def _head(function: Function) -> str:
    return function_text(function.definition).head


def view_can_be_replaced(before: View, after: View) -> bool:
    """Whether CREATE OR REPLACE VIEW takes it: the columns that are there stay, more may come."""
    if before.is_materialized or after.is_materialized or not after.definition:
        return False
    shapes = [[(one.name, one.type) for one in view.columns] for view in (before, after)]
    return shapes[1][: len(shapes[0])] == shapes[0]


def _only_options(before: View, after: View) -> bool:
    return (before.is_materialized, before.definition) == (after.is_materialized, after.definition)


def names_of(address: Address, side: Side) -> Iterator[ObjectName]:
    """The names in its schema that an element takes."""
    for key in side.makes.get(address, ()):
        if key[0] in ("name", "index"):
            yield ObjectName(key[1], key[2])
