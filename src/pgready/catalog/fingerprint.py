"""A catalog as a snapshot file and as one stable hash.

The snapshot is JSON with a version number; what has its default value is left out, so a field that the model learns
later changes no old snapshot and no old fingerprint. A field that does not count when catalogs are compared is in the
snapshot and not in the fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable, Hashable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pgready.catalog.model import Catalog, Extension
from pgready.catalog.names import ObjectName
from pgready.errors import UsageInvalid

FORMAT = 1
"""The version of the snapshot file; a file of a newer one is refused."""

_HEAD = "pgready_catalog"
_REQUIRED = object()


def fingerprint(catalog: Catalog) -> str:
    """SHA-256 (hex) of the catalog's canonical JSON: equal exactly for equal catalogs, on every machine."""
    text = json.dumps(_plain(catalog, _compared), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def structure_fingerprint(catalog: Catalog) -> str:
    """The same without what is the environment's: owners, rights, and the versions of extensions."""
    text = json.dumps(_plain(catalog, _structural), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def to_json(catalog: Catalog) -> str:
    """The catalog as a snapshot file's text: indented, to be read in a review, ending in a newline."""
    return json.dumps({_HEAD: FORMAT, "catalog": _plain(catalog, _shape)}, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str, where: str = "") -> Catalog:
    """The catalog of a snapshot file's text, equal to the one it was made of.

    Raises UsageInvalid for what is no snapshot, one of a newer version, or one that was broken; `where` names it.
    """
    try:
        data = json.loads(text)
    except ValueError as e:
        raise _refused(where, f"it is no JSON ({e})") from None
    except RecursionError:
        raise _refused(where, "its JSON is nested too deep") from None
    if not isinstance(data, dict) or type(data.get(_HEAD)) is not int:
        raise _refused(where, f'it has no "{_HEAD}" with a version')
    if data[_HEAD] > FORMAT:
        raise UsageInvalid(
            f"the catalog snapshot is of version {data[_HEAD]}, this pgready reads up to {FORMAT}",
            where=where,
            then="read it with a newer pgready, or write it anew with this one",
            code="snapshot_newer",
        )
    try:
        catalog = _reader(Catalog)(data.get("catalog"), "catalog")
    except _Broken as e:
        raise _refused(where, str(e)) from None
    return catalog  # type: ignore[no-any-return]  # readers are made by type, at run time


class _Broken(Exception):
    pass


def _refused(where: str, why: str) -> UsageInvalid:
    return UsageInvalid(
        f"this is not a catalog snapshot: {why}", where=where, then="write it anew", code="snapshot_invalid"
    )


@cache
def _shape(kind: type) -> tuple[tuple[str, Any], ...]:
    """A value's fields with their defaults."""
    return tuple((one.name, _REQUIRED if one.default is MISSING else one.default) for one in fields(kind))


@cache
def _compared(kind: type) -> tuple[tuple[str, Any], ...]:
    """Those of the fields that count."""
    counted = {one.name for one in fields(kind) if one.compare}
    return tuple(one for one in _shape(kind) if one[0] in counted)


@cache
def _structural(kind: type) -> tuple[tuple[str, Any], ...]:
    """Those that are the same in every environment."""
    left_out = ("owner", "grants", "version") if kind is Extension else ("owner", "grants")
    return tuple(one for one in _compared(kind) if one[0] not in left_out)


def _plain(value: Any, shape: Callable[[type], tuple[tuple[str, Any], ...]]) -> Any:
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is tuple or kind is ObjectName:
        return [_plain(item, shape) for item in value]
    found = {}
    for name, default in shape(kind):
        item = getattr(value, name)
        if item is not default and item != default:
            found[name] = _plain(item, shape)
    return found


_Reader = Callable[[Any, str], Any]


@cache
def _reader(kind: Hashable) -> _Reader:
    """A function that checks and reads JSON as this type; it is told where in the file it is."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(arguments)
    if origin in (Union, types.UnionType):
        inner = _reader(next(one for one in arguments if one is not type(None)))
        return lambda data, at: None if data is None else inner(data, at)
    if origin is tuple:
        return _many(_reader(arguments[0])) if arguments[-1] is Ellipsis else _exactly([_reader(a) for a in arguments])
    if kind is ObjectName:
        read = _exactly([_reader(str), _reader(str)])
        return lambda data, at: ObjectName(*read(data, at))
    if not isinstance(kind, type):
        raise TypeError(kind)
    return _object(kind) if is_dataclass(kind) else _scalar(kind)


def _one_of(allowed: tuple[Any, ...]) -> _Reader:
    def read(data: Any, at: str) -> Any:
        if data not in allowed:
            raise _Broken(f"{at} is none of {', '.join(map(str, allowed))}")
        return data

    return read


def _scalar(kind: type) -> _Reader:
    def read(data: Any, at: str) -> Any:
        if type(data) is not kind:
            raise _Broken(f"{at} is not of type {kind.__name__}")
        return data

    return read


def _many(item: _Reader) -> _Reader:
    def read(data: Any, at: str) -> Any:
        if not isinstance(data, list):
            raise _Broken(f"{at} is no list")
        return tuple([item(one, f"{at}[{number}]") for number, one in enumerate(data)])

    return read


def _exactly(items: list[_Reader]) -> _Reader:
    def read(data: Any, at: str) -> Any:
        if not isinstance(data, list) or len(data) != len(items):
            raise _Broken(f"{at} is no list of {len(items)}")
        return tuple([item(one, at) for item, one in zip(items, data, strict=True)])

    return read


def _object(kind: type) -> _Reader:
    readers: dict[str, _Reader] = {}
    required = {name for name, default in _shape(kind) if default is _REQUIRED}

    def read(data: Any, at: str) -> Any:
        if not readers:  # at first use, since a type may stand in itself
            readers.update({name: _reader(hint) for name, hint in get_type_hints(kind).items()})
        if not isinstance(data, dict):
            raise _Broken(f"{at} is no object")
        if unknown := data.keys() - readers.keys():
            raise _Broken(f"{at} has the unknown field {min(unknown)}")
        if missing := required - data.keys():
            raise _Broken(f"{at} lacks the field {min(missing)}")
        return kind(**{name: readers[name](one, f"{at}.{name}") for name, one in data.items()})

    return read
