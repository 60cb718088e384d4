"""Roles by other names: environments call the same role differently, and a map says which is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pgready.catalog.grants import Grant
from pgready.catalog.model import Catalog
from pgready.catalog.table import Policy


def with_roles(catalog: Catalog, names: Mapping[str, str]) -> Catalog:
    """The catalog with each role of `names` called by its other name, wherever owners, grants and policies name it."""
    return _called(catalog, names) if names else catalog


def _called(value: Any, names: Mapping[str, str]) -> Any:
    if type(value) is tuple:
        found = [_called(one, names) for one in value]
        if any(new is not old for new, old in zip(found, value, strict=True)):
            return tuple(sorted(found)) if isinstance(found[0], Grant) else tuple(found)
        return value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for one in fields(value):
        old = getattr(value, one.name)
        if one.name in ("owner", "role") and isinstance(old, str):
            new: Any = names.get(old, old)
        elif isinstance(value, Policy) and one.name == "roles":
            new = tuple(sorted(names.get(role, role) for role in old))
        else:
            new = _called(old, names)
        if new is not old:
            changes[one.name] = new
    return replace(value, **changes) if changes else value
