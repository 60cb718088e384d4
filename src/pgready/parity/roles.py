"""Roles by other names: environments call the same role differently, and a map says which is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pgready.catalog.grants import Grant
from pgready.catalog.model import Catalog, Schema
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


_OF_TABLES = ("DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE")


def rights_between(catalog: Catalog, major: int, other: int) -> Catalog:
    """The catalog of a server of version `major` with its rights as it and one of version `other` can both tell them.

    Up to 14 everybody may create things in the schema public by standard, and so a catalog does not say it. 17 knows
    one more right on tables, MAINTAIN, which "ALL" has there.
    """
    if (major < 15) != (other < 15) and major < 15:
        catalog = replace(catalog, schemas=tuple(_of_15(one) for one in catalog.schemas))
    if (major < 17) != (other < 17):
        tables = tuple(replace(one, grants=_without_maintain(one.grants)) for one in catalog.tables)
        views = tuple(replace(one, grants=_without_maintain(one.grants)) for one in catalog.views)
        catalog = replace(catalog, tables=tables, views=views)
    return catalog


def _of_15(schema: Schema) -> Schema:
    if schema.name != "public" or schema.owner:
        return schema
    taken = {one.privilege for one in schema.grants if one.role == "" and one.revoked}
    kept = [one for one in schema.grants if not (one.role == "" and one.revoked)]
    if not taken & {"ALL", "CREATE"}:
        kept.append(Grant("", "CREATE"))
    if taken & {"ALL", "USAGE"}:
        kept.append(Grant("", "USAGE", revoked=True))
    return replace(schema, grants=tuple(sorted(kept)))


def _without_maintain(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    if not any(one.privilege in ("ALL", "MAINTAIN") for one in grants):
        return grants
    each = {
        replace(one, privilege=name)
        for one in grants
        for name in (_OF_TABLES if one.privilege == "ALL" else (one.privilege,))
        if name != "MAINTAIN"
    }
    return tuple(sorted(each))
