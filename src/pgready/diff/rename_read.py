"""Renames as people write them: `User=Account`, `User.email=mail`, `auth.User.email=mail`, `Role.ADMIN=OWNER`.

Names are those of the database. What a dot or an equals sign is part of stands in double quotes, as in SQL.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from pgready.catalog.names import ObjectName
from pgready.diff.rename import Names, Rename, RenameColumn, RenameEnum, RenameTable, RenameValue
from pgready.diff.sides import Side
from pgready.errors import UsageInvalid

_FLAG = "--rename"
_SHOWN = 6


def read_renames(texts: Sequence[str], before: Side, after: Side) -> tuple[Rename, ...]:
    """The renames of several flags; raises UsageInvalid, with candidates, for one that cannot be."""
    pairs = [_pair(text) for text in texts]
    objects: list[Rename] = []
    for text, old, new in pairs:
        objects += [each for each in _objects(old, new, before) if _is_good_object(each, after)]
        if not objects and len(old) > 3:
            raise _wrong(text, "a name has three parts at most: schema.table.column")
    names = Names(objects)
    found = list(objects)
    for text, old, new in pairs:
        parts = list(_parts(old, new, before, names))
        if any(each in objects for each in _objects(old, new, before)):
            continue
        good = [each for each in parts if _is_good_part(each, after, names)]
        if len(good) > 1:
            # Where tables swap their names, one is meant by the name that it has.
            good = [each for each in good if _names(old[:-1], _place_of(each))] or good
        if len(good) > 1:
            raise _wrong(text, "it can mean several things", "write it with its schema: schema.table.column=name")
        if not good:
            raise _unknown(text, old, new, before, after, [*_objects(old, new, before), *parts])
        found += good
    result = tuple(dict.fromkeys(found))
    _refuse_taken(result, before, after)
    return result


def _pair(text: str) -> tuple[str, list[str], list[str]]:
    sides = _split(text, "=")
    if len(sides) != 2 or not all(sides):
        raise _wrong(text, "it takes old=new", f"{_FLAG} User=Account, {_FLAG} User.email=mail")
    old, new = ([_unquoted(part) for part in _split(side, ".")] for side in sides)
    if not all((*old, *new)):
        raise _wrong(text, "a name in it is empty")
    return text, old, new


def _split(text: str, mark: str) -> list[str]:
    parts, quoted = [""], False
    for letter in text:
        quoted ^= letter == '"'
        if letter == mark and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def _objects(old: list[str], new: list[str], before: Side) -> Iterator[Rename]:
    """The tables and enums that the words may mean."""
    if len(old) > 2 or len(new) > 2:
        return
    for kind, there in ((RenameTable, before.tables), (RenameEnum, before.enums)):
        for each in there:
            if _names(old, each.name):
                schema = new[0] if len(new) == 2 else each.name.schema
                yield kind(each.name, ObjectName(schema, new[-1]))


def _names(words: list[str], name: ObjectName) -> bool:
    return words in ([name.name], [name.schema, name.name])


def _parts(old: list[str], new: list[str], before: Side, names: Names) -> Iterator[Rename]:
    """The columns and labels that the words may mean; what they are in may be called by its old or its new name."""
    if len(old) < 2:
        return
    *place, part = old
    *new_place, to = new
    for table in before.tables:
        both = (table.name, names.table(table.name))
        if _is_place(place, new_place, both) and any(each.name == part for each in table.columns):
            yield RenameColumn(table.name, part, to)
    for enum in before.enums:
        both = (enum.name, names.enum(enum.name))
        if _is_place(place, new_place, both) and part in enum.labels:
            yield RenameValue(enum.name, part, to)


def _is_place(place: list[str], new_place: list[str], both: tuple[ObjectName, ObjectName]) -> bool:
    return any(_names(place, name) for name in both) and (
        not new_place or any(_names(new_place, name) for name in both)
    )


def _place_of(rename: Rename) -> ObjectName:
    """What a column or label is in, by its old name."""
    match rename:
        case RenameColumn(table=place) | RenameValue(enum=place):
            return place
        case _:
            raise AssertionError(rename)


def _is_good_object(rename: Rename, after: Side) -> bool:
    if isinstance(rename, RenameTable):
        return any(each.name == rename.after for each in after.tables)
    return isinstance(rename, RenameEnum) and any(each.name == rename.after for each in after.enums)


def _is_good_part(rename: Rename, after: Side, names: Names) -> bool:
    if isinstance(rename, RenameColumn):
        table = next((each for each in after.tables if each.name == names.table(rename.table)), None)
        return table is not None and any(each.name == rename.after for each in table.columns)
    if isinstance(rename, RenameValue):
        enum = next((each for each in after.enums if each.name == names.enum(rename.enum)), None)
        return enum is not None and rename.after in enum.labels
    return False


def _refuse_taken(renames: Iterable[Rename], before: Side, after: Side) -> None:
    """Nothing is renamed twice, away from a name that the schema keeps, or to a name that something bears and keeps."""
    olds: dict[object, Rename] = {}
    news: dict[object, Rename] = {}
    for each in renames:
        old, new = _key(each, each.before), _key(each, each.after)
        if old in olds or new in news:
            raise _wrong(spelled(each), "it is named in another --rename already")
        olds[old], news[new] = each, each
    names = Names(renames)
    there, wanted = set(_all(before)), set(_all(after, names))
    for new, each in news.items():
        if new in there and new not in olds:
            raise _wrong(spelled(each), "there is one of that name already", "a rename cannot take its place")
    for old, each in olds.items():
        if old in wanted and old not in news:
            raise _wrong(spelled(each), "the schema still has it by its old name", "take it out of the schema first")


def _key(rename: Rename, name: str | ObjectName) -> object:
    match rename:
        case RenameColumn(table=table):
            return "column", table, name
        case RenameValue(enum=enum):
            return "value", enum, name
        case _:
            return type(rename).__name__, name


def _all(side: Side, names: Names | None = None) -> Iterator[object]:
    """Everything that can be renamed, as `_key` has it; with `names`, places are called by their old names."""
    for table in side.tables:
        yield "RenameTable", table.name
        place = names.old_table(table.name) if names else table.name
        yield from (("column", place, each.name) for each in table.columns)
    for enum in side.enums:
        yield "RenameEnum", enum.name
        place = names.old_enum(enum.name) if names else enum.name
        yield from (("value", place, label) for label in enum.labels)


# -- words -------------------------------------------------------------------------------------------------------------


def spelled(rename: Rename) -> str:
    """The rename as the flag takes it."""
    match rename:
        case RenameTable(before, after) | RenameEnum(before, after):
            new = after.name if after.schema == before.schema else ""
            return f"{_dotted(*before)}={_dotted(new) if new else _dotted(*after)}"
        case RenameColumn(table, old, new):
            return f"{_dotted(*table, old)}={_dotted(new)}"
        case RenameValue(enum, old, new):
            return f"{_dotted(*enum, old)}={_dotted(new)}"
        case _:
            return f"{_dotted(rename.schema, rename.before)}={_dotted(rename.after)}"


def told(rename: Rename) -> str:
    """The rename for people: `table public.User → Account`."""
    old, new = spelled(rename).split("=", 1) if '"' not in spelled(rename) else ("", "")
    kind = {"RenameTable": "table", "RenameColumn": "column", "RenameEnum": "enum", "RenameValue": "value"}.get(
        type(rename).__name__, "index"
    )
    return f"{kind} {old} → {new}" if old else f"{kind} {spelled(rename)}"


def _dotted(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' if set('."=') & set(part) else part for part in parts)


def _wrong(text: str, why: str, then: str = "") -> UsageInvalid:
    return UsageInvalid(f"{_FLAG} {text}: {why}", then=then, code="rename_invalid")


def _unknown(
    text: str, old: list[str], new: list[str], before: Side, after: Side, meant: Sequence[Rename]
) -> UsageInvalid:
    """What was not found, and what could have been meant."""
    there = list(_spellings(before))
    if meant:
        known = set(there)
        fresh = [each for each in _spellings(after) if each not in known]
        return _wrong(text, f"the schema has no {'.'.join(new)} that would be new", _near(".".join(new), fresh))
    kept = set(_spellings(after))
    return _wrong(
        text,
        f"the migrations make no {'.'.join(old)}",
        _near(".".join(old), [each for each in there if each not in kept]),
    )


def _spellings(side: Side) -> Iterator[str]:
    for table in side.tables:
        yield _dotted(*table.name)
        yield from (_dotted(*table.name, each.name) for each in table.columns)
    for enum in side.enums:
        yield _dotted(*enum.name)
        yield from (_dotted(*enum.name, label) for label in enum.labels)


def _near(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=_SHOWN, cutoff=0.5) or known[:_SHOWN]
    return "it may be: " + ", ".join(near) if near else "nothing in the schema asks for a rename"
