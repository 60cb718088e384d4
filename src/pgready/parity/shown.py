"""A catalog's values in words, for people who compare two of them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from pgready.catalog.grants import Grant
from pgready.catalog.model import Attribute, ViewColumn
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Generated, IndexColumn, Partition
from pgready.catalog.types import DataType


def shown(value: Any) -> str:
    """The value on one line: "" for none, `yes` and `no`, names with a dot, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, ObjectName):
        return str(value)
    if isinstance(value, DataType):
        return value.sql
    if isinstance(value, Grant):
        return _grant(value)
    if isinstance(value, IndexColumn):
        return _key(value)
    if isinstance(value, Generated):
        return f"{value.expression} {'STORED' if value.stored else 'VIRTUAL'}"
    if isinstance(value, Partition):
        return f"of {value.parent} {value.bound}"
    if isinstance(value, Attribute | ViewColumn):
        return f"{value.name} {value.type.sql}"
    if isinstance(value, tuple):
        return ", ".join(shown(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        said = ((one.name.replace("_", " "), getattr(value, one.name), one.default) for one in fields(value))
        return ", ".join(f"{name} {shown(each)}" for name, each, default in said if each != default and shown(each))
    return str(value)


def _grant(grant: Grant) -> str:
    role = grant.role or "PUBLIC"
    if grant.revoked:
        return f"{grant.privilege} not to {role}"
    return f"{grant.privilege} to {role}{' with grant option' if grant.grantable else ''}"


def _key(key: IndexColumn) -> str:
    words = [key.text]
    words += [f"COLLATE {key.collation}"] if key.collation else []
    words += [str(key.operator_class)] if key.operator_class else []
    words += [f"({key.options})"] if key.options else []
    words += ["DESC"] if key.descending else []
    if key.nulls_first != key.descending:
        words.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    return " ".join(words)
