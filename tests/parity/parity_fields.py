"""Every property of every kind of value in a catalog: which there are, which of them differ, and another value for one."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pgready.catalog.grants import Grant
from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName

SINCE = {
    15: {"Sequence.unlogged", "Index.nulls_not_distinct", "ForeignKey.set_columns"},
    18: {
        "Key.without_overlaps",
        "ForeignKey.period",
        "ForeignKey.is_enforced",
        "Check.is_enforced",
        "NotNull.name",
        "NotNull.no_inherit",
        "NotNull.is_valid",
        "Generated.stored",
    },
}
"""Properties that older servers do not have."""

Path = tuple[str | int, ...]


def fields_of(value: Any, major: int = 18) -> set[str]:
    """`Class.field` of every property that counts, of every class that a catalog is made of."""
    found: set[str] = set()
    for kind in _classes(type(value)):
        found |= {f"{kind.__name__}.{one.name}" for one in fields(kind) if one.compare}
    return found - {name for since, names in SINCE.items() if major < since for name in names}


def _classes(kind: Any, seen: set[Any] | None = None) -> set[Any]:
    seen = set() if seen is None else seen
    if is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for hint in get_type_hints(kind).values():
            _classes(hint, seen)
    for one in get_args(kind):
        _classes(one, seen)
    return seen


def changed_fields(before: Any, after: Any) -> set[str]:
    """`Class.field` of what differs between two values; what only one side has differs in its whole group."""
    found: set[str] = set()
    if is_dataclass(before) and type(before) is type(after):
        for one in fields(before):
            old, new = getattr(before, one.name), getattr(after, one.name)
            if one.compare and old != new:
                found |= {f"{type(before).__name__}.{one.name}"} | changed_fields(old, new)
    elif type(before) is tuple and type(after) is tuple:
        for one, other in _paired(before, after):
            found |= changed_fields(one, other)
    return found


def _paired(before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Values of one name; those whose name is another, and those without, by their place."""
    there = {_name(one): one for one in after}
    same = [(one, there[_name(one)]) for one in before if _name(one) is not None and _name(one) in there]
    yield from same
    known = {_name(one) for one, _ in same}
    rest = [[one for one in each if _name(one) is None or _name(one) not in known] for each in (before, after)]
    if len(rest[0]) == len(rest[1]):
        yield from zip(*rest, strict=True)


def _name(value: Any) -> Any:
    return (value.name, getattr(value, "arguments", None)) if hasattr(value, "name") else None


def places(value: Any, at: Path = ()) -> Iterator[tuple[str, Path]]:
    """Every property of every value inside, as `Class.field`, and the way to it."""
    if type(value) is tuple:
        for number, one in enumerate(value):
            yield from places(one, (*at, number))
    elif is_dataclass(value):
        for one in fields(value):
            if one.compare:
                yield f"{type(value).__name__}.{one.name}", (*at, one.name)
                yield from places(getattr(value, one.name), (*at, one.name))


NO_OTHER = object()


def with_another(value: Any, way: Path) -> Any:
    """The value with another one at the end of the way; NO_OTHER for a value whose own properties say it all."""
    step, rest = way[0], way[1:]
    if isinstance(step, int):
        inner = with_another(value[step], rest)
        return NO_OTHER if inner is NO_OTHER else (*value[:step], inner, *value[step + 1 :])
    old = getattr(value, step)
    new = with_another(old, rest) if rest else _another(old, get_type_hints(type(value))[step])
    return NO_OTHER if new is NO_OTHER else replace(value, **{step: new})


def _another(old: Any, hint: Any) -> Any:
    kinds = [one for one in get_args(hint) if one not in (type(None), Ellipsis)]
    if isinstance(old, bool):
        return not old
    if isinstance(old, int):
        return old + 1
    if get_origin(hint) is Literal:
        return next(one for one in get_args(hint) if one != old)
    if type(old) is tuple and old:
        return old[:-1]
    if type(old) is tuple:
        some = {str: "x=1", ObjectName: ObjectName("public", "x"), Grant: Grant("catalog_app", "ALL")}
        return (some[kinds[0]],) if kinds[0] in some else NO_OTHER
    if old is not None and type(None) in get_args(hint):
        return None
    if isinstance(old, ObjectName):
        return ObjectName(old.schema, old.name + "_other")
    if isinstance(old, str):
        return old + "_other"
    some = {str: "other", int: 3, ObjectName: ObjectName("public", "other")}
    return some.get(kinds[0], NO_OTHER) if kinds else NO_OTHER


def catalog_fields() -> set[str]:
    """All of a catalog."""
    return fields_of(Catalog())
