"""What looks like a rename: something went, something alike came. A guess for people to judge, never acted upon alone.

One thing does follow from others: the table behind an implicit many-to-many relation is named after its two models.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pgready.catalog.names import ObjectName
from pgready.diff.columns import delta_of
from pgready.diff.pairs import MIGRATIONS_TABLE
from pgready.diff.rename import Names, Rename, RenameColumn, RenameEnum, RenameTable, RenameValue
from pgready.diff.sides import Column, Enum, Side, Table

_LIKELY = 0.5
_T = TypeVar("_T")


def guesses(before: Side, after: Side) -> tuple[Rename, ...]:
    """Likely renames, each old and each new thing once: tables and enums first, else columns and labels.

    Parts are only looked at where nothing whole is a candidate: what was answered about tables decides about them.
    """
    whole = (*_enums(before, after), *_tables(before, after))
    return whole or (*_values(before, after), *_columns(before, after))


def _tables(before: Side, after: Side) -> Iterator[Rename]:
    there, wanted = {each.name for each in before.tables}, {each.name for each in after.tables}
    old = [each for each in before.tables if each.name not in wanted and each.name.name != MIGRATIONS_TABLE]
    new = [each for each in after.tables if each.name not in there]
    for one, other in _best(old, new, _alike):
        if not (is_join(one) and is_join(other)):
            yield RenameTable(one.name, other.name)


def _enums(before: Side, after: Side) -> Iterator[Rename]:
    there, wanted = {each.name for each in before.enums}, {each.name for each in after.enums}
    old = [each for each in before.enums if each.name not in wanted]
    new = [each for each in after.enums if each.name not in there]
    for one, other in _best(old, new, _same_labels):
        yield RenameEnum(one.name, other.name)


def _columns(before: Side, after: Side) -> Iterator[Rename]:
    new = {each.name: each for each in after.tables}
    for table in before.tables:
        other = new.get(table.name)
        if other is None:
            continue
        there, wanted = {each.name for each in table.columns}, {each.name for each in other.columns}
        gone = [each for each in table.columns if each.name not in wanted]
        come = [each for each in other.columns if each.name not in there]
        for one, two in _best(gone, come, _same_type):
            yield RenameColumn(table.name, one.name, two.name)


def _values(before: Side, after: Side) -> Iterator[Rename]:
    new = {each.name: each for each in after.enums}
    for enum in before.enums:
        other = new.get(enum.name)
        if other is None or len(other.labels) != len(enum.labels):
            continue
        for one, two in zip(enum.labels, other.labels, strict=True):
            if one not in other.labels and two not in enum.labels:
                yield RenameValue(enum.name, one, two)


def _best(old: Sequence[_T], new: Sequence[_T], alike: Callable[[_T, _T], float]) -> list[tuple[_T, _T]]:
    """The likeliest pairs, in the order of the old things; nothing stands in two of them."""
    rated = [(alike(one, two), -at, -to) for at, one in enumerate(old) for to, two in enumerate(new)]
    taken: dict[int, int] = {}
    # One that went and one that came are worth a question as soon as they have anything in common.
    least = 0.01 if len(old) == len(new) == 1 else _LIKELY
    for likeness, at, to in sorted(rated, reverse=True):
        if likeness >= least and -at not in taken and -to not in taken.values():
            taken[-at] = -to
    return [(old[at], new[to]) for at, to in sorted(taken.items())]


def _alike(one: Table, other: Table) -> float:
    """Which part of all their columns the two have in common, by name and type."""
    columns = {each.name: each for each in other.columns}
    common = sum(each.name in columns and _castless(each, columns[each.name]) for each in one.columns)
    return common / (len(one.columns) + len(other.columns) - common) if common else 0.0


def _castless(one: Column, other: Column) -> bool:
    if one.type.kind == other.type.kind == "enum":
        return (one.arity == "list") == (other.arity == "list")  # it may be renamed, too
    return delta_of(one, other).cast is None and (one.arity == "list") == (other.arity == "list")


def _same_type(one: Column, other: Column) -> float:
    if one.type.kind == other.type.kind == "enum" and one.type.enum != other.type.enum:
        return 0.0
    return 1 + _alike_names(one.name, other.name) if _castless(one, other) else 0.0


def _same_labels(one: Enum, other: Enum) -> float:
    common = set(one.labels) & set(other.labels)
    return len(common) / len({*one.labels, *other.labels}) if common else 0.0


def _alike_names(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()


# -- what follows ------------------------------------------------------------------------------------------------------


def is_join(table: Table) -> bool:
    """Whether it is the table of an implicit many-to-many relation."""
    return table.name.name.startswith("_") and {each.name for each in table.columns} == {"A", "B"}


def followers(before: Side, after: Side, renames: Sequence[Rename]) -> tuple[Rename, ...]:
    """Renames of join tables (and of their columns, where the models' names sort the other way) after `renames`."""
    if not any(isinstance(each, RenameTable) for each in renames):
        return ()
    names = Names(renames)
    there, wanted = {each.name for each in before.tables}, {each.name for each in after.tables}
    old = [each for each in before.tables if is_join(each) and names.table(each.name) not in wanted]
    new = [each for each in after.tables if is_join(each) and names.old_table(each.name) not in there]
    found: list[Rename] = []
    for one in old:
        ends = {side: names.table(target) for side, target in _ends(one).items()}
        matching = [two for two in new if sorted(_ends(two).values()) == sorted(ends.values())]
        rivals = [each for each in old if sorted(map(names.table, _ends(each).values())) == sorted(ends.values())]
        if len(matching) != 1 or len(rivals) != 1:
            continue
        found.append(RenameTable(one.name, matching[0].name))
        if ends["A"] != ends["B"] and _ends(matching[0])["A"] == ends["B"]:
            found += [RenameColumn(one.name, "A", "B"), RenameColumn(one.name, "B", "A")]
    return tuple(found)


def _ends(table: Table) -> dict[str, ObjectName]:
    found = {each.columns[0]: each.target for each in table.foreign_keys if len(each.columns) == 1}
    return {"A": found.get("A", table.name), "B": found.get("B", table.name)}
