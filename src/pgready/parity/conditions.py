"""Conditions of the rules: which way a difference points, in words and as a function."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from pgready.catalog.grants import Grant
from pgready.catalog.table import Column
from pgready.catalog.types import DataType
from pgready.parity.model import Difference

Condition: TypeAlias = tuple[str, Callable[[Difference], bool]]


def _version(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _only_cache(one: Difference) -> bool:
    names = ("type", "start", "increment", "minimum", "maximum", "cycle")
    before, after = one.reference.options, one.side.options
    return all(getattr(before, name) == getattr(after, name) for name in names)


def _common_order(one: Difference) -> bool:
    before, after = one.reference.labels, one.side.labels
    common = set(before) & set(after)
    return [label for label in before if label in common] != [label for label in after if label in common]


def _must_be_given(one: Difference) -> bool:
    column = one.side
    made = (column.default, column.identity, column.generated)
    return isinstance(column, Column) and column.not_null is not None and made == (None, None, None)


def _row_security(one: Difference) -> bool:
    before, after = one.reference, one.side
    return (before.row_security and not after.row_security) or (
        before.row_security == after.row_security and before.force_row_security and not after.force_row_security
    )


_WHOLE = ("int2", "int4", "int8")
_TEXT = ("varchar", "text")
_LENGTHS = ("varchar", "varbit")


def _holds(wide: DataType, narrow: DataType) -> bool:
    """Whether `wide` takes every value of `narrow`, unchanged, as a client sees it."""
    if wide == narrow or wide.dimensions != narrow.dimensions or not (wide.is_system and narrow.is_system):
        return wide == narrow
    new, old = wide.name.name, narrow.name.name
    if new == "text" and old == "varchar":
        return True
    if new == old and new in _LENGTHS:
        return not wide.modifier or (bool(narrow.modifier) and int(wide.modifier) >= int(narrow.modifier))
    if new == old == "numeric":
        return not wide.modifier or (bool(narrow.modifier) and _digits(wide, narrow))
    if new == old and new in ("timestamp", "timestamptz", "time", "timetz"):
        return int(wide.modifier or 6) >= int(narrow.modifier or 6)
    return False


def _digits(wide: DataType, narrow: DataType) -> bool:
    (precision, scale), (less, smaller) = (
        (*map(int, one.modifier.split(",")), 0)[:2] for one in (wide, narrow)
    )  # fmt: skip
    return scale >= smaller and precision - scale >= less - smaller


def _narrower(one: Difference) -> bool:
    old, new = one.reference.type, one.side.type
    if old.is_system and new.is_system and old.dimensions == new.dimensions:
        names = old.name.name, new.name.name
        for family in (_WHOLE, _TEXT):
            if names[0] in family and names[1] in family and names[0] != names[1]:
                return family.index(names[1]) < family.index(names[0])
    return _holds(old, new)


_SECURITY = ("security_invoker", "security_barrier", "check_option")


def _security(one: Difference) -> bool:
    changed = set(one.reference.options) ^ set(one.side.options)
    return any(option.startswith(_SECURITY) for option in changed)


def _fewer_rights(one: Difference) -> bool:
    before: tuple[Grant, ...] = one.reference or ()
    after: tuple[Grant, ...] = one.side or ()
    lost = [grant for grant in before if not grant.revoked and not any(_covers(other, grant) for other in after)]
    taken = [grant for grant in after if grant not in before and grant.revoked]
    return bool(lost or taken)


def _covers(one: Grant, other: Grant) -> bool:
    same_role = one.role == other.role and not one.revoked
    return same_role and one.privilege in ("ALL", other.privilege) and one.grantable >= other.grantable


OLDER_VERSION: Condition = ("older", lambda one: _version(one.side.version) < _version(one.reference.version))
LABEL_MISSING: Condition = ("a label is missing", lambda one: bool(set(one.reference.labels) - set(one.side.labels)))
LABELS_REORDERED: Condition = ("in another order", _common_order)
STRICTER_NOT_NULL: Condition = ("NOT NULL", lambda one: bool(one.side.not_null))
ONLY_CACHE: Condition = ("only CACHE", _only_cache)
UNLOGGED: Condition = ("UNLOGGED", lambda one: bool(one.side.unlogged))
ALWAYS: Condition = ("ALWAYS", lambda one: bool(one.side.always))
LESS_ROW_SECURITY: Condition = ("off", _row_security)
MUST_BE_GIVEN: Condition = ("NOT NULL, and nothing gives it a value", _must_be_given)
WIDER_TYPE: Condition = (
    "wider, of the same kind",
    lambda one: one.reference.type != one.side.type and _holds(one.side.type, one.reference.type),
)
NARROWER_TYPE: Condition = ("narrower", _narrower)
NULLS_DISTINCT: Condition = (
    "NULLS DISTINCT",
    lambda one: not getattr(one.side, "index", one.side).nulls_not_distinct,
)
NOT_VALID: Condition = ("NOT VALID", lambda one: not one.side.is_valid)
NOT_ENFORCED: Condition = ("NOT ENFORCED", lambda one: not one.side.is_enforced)
NO_INHERIT: Condition = ("NO INHERIT", lambda one: bool(one.side.no_inherit))
WAS_UNIQUE: Condition = ("unique", lambda one: bool(one.reference.is_unique))
IS_UNIQUE: Condition = ("unique", lambda one: bool(one.side.is_unique))
NO_LONGER_UNIQUE: Condition = ("not unique", lambda one: not one.side.is_unique)
WAS_PERMISSIVE: Condition = ("permissive", lambda one: bool(one.reference.permissive))
IS_PERMISSIVE: Condition = ("permissive", lambda one: bool(one.side.permissive))
SECURITY_OPTION: Condition = ("of security, or CHECK OPTION", _security)
FEWER_RIGHTS: Condition = ("a right is missing", _fewer_rights)
