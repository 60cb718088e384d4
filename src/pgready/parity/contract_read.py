"""Facts of a readiness contract back to a catalog, as far as they tell: so that parity weighs and words what differs.

What facts do not tell is the same on both sides. An expression is named after what it belongs to, so that two of them
are never taken for one by another name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from pgready.catalog.model import (
    Attribute,
    Catalog,
    Composite,
    Domain,
    Enum,
    EventTrigger,
    Extension,
    Function,
    Range,
    Schema,
    Sequence,
    View,
    ViewColumn,
)
from pgready.catalog.names import ObjectName
from pgready.catalog.table import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexColumn,
    Key,
    NotNull,
    Partition,
    Policy,
    SequenceOptions,
    Table,
    Trigger,
)
from pgready.catalog.types import DataType
from pgready.parity.contract import ACTIONS, COMMANDS, ENABLED, KINDS

_UNSAID = "…"
_NO_NAME = ObjectName("", "")
_ACTIONS: dict[str, Any] = {code: name for name, code in ACTIONS.items()}
_COMMANDS: dict[str, Any] = {code: name for name, code in COMMANDS.items()}
_ENABLED: dict[str, Any] = {code: name for name, code in ENABLED.items()}
_KINDS: dict[str, Any] = {code: name for name, code in KINDS.items()}


def catalog(facts: Iterable[str]) -> Catalog:
    """The catalog that the facts tell, every kind sorted."""
    return _Reader(json.loads(fact) for fact in facts).catalog()


class _Reader:
    def __init__(self, facts: Iterable[list[Any]]) -> None:
        self._whole: dict[str, list[list[Any]]] = defaultdict(list)
        # What belongs to a relation or domain, by its kind and the name of that.
        self._parts: dict[tuple[str, ObjectName], list[list[Any]]] = defaultdict(list)
        for kind, *rest in sorted(facts, key=lambda fact: [str(part) for part in fact]):
            self._whole[kind].append(rest)
            if len(rest) > 2:
                self._parts[kind, ObjectName(rest[0], rest[1])].append(rest[2:])

    def catalog(self) -> Catalog:
        return Catalog(
            schemas=tuple(Schema(name) for (name,) in self._whole["schema"]),
            extensions=tuple(Extension(name, schema, "") for name, schema in self._whole["extension"]),
            enums=tuple(Enum(ObjectName(s, n), tuple(labels)) for s, n, labels in self._whole["enum"]),
            domains=self._named("domain", self._domain),
            composites=self._named("composite", self._composite),
            ranges=self._named("range", lambda name, type_: Range(name, _type(type_), _NO_NAME)),
            sequences=self._named("sequence", lambda name, *rest: Sequence(name, _options(*rest))),
            tables=self._named("table", self._table),
            views=self._named("view", self._view),
            functions=tuple(
                Function(ObjectName(s, n), arguments, _KINDS[kind], f" RETURNS {returns}" if returns else "")
                for s, n, arguments, kind, returns in self._whole["function"]
            ),
            event_triggers=tuple(
                EventTrigger(name, event, (), _NO_NAME, _ENABLED[enabled])
                for name, event, enabled in self._whole["event trigger"]
            ),
        )

    def _named(self, kind: str, make: Callable[..., Any]) -> tuple[Any, ...]:
        return tuple(make(ObjectName(schema, name), *rest) for schema, name, *rest in self._whole[kind])

    def _of(self, kind: str, name: ObjectName, make: Callable[..., Any]) -> tuple[Any, ...]:
        return tuple(make(*rest) for rest in self._parts.get((kind, name), ()))

    def _domain(self, name: ObjectName, type_: list[Any], not_null: bool, has_default: bool) -> Domain:  # noqa: FBT001 - a fact's parts
        checks = self._of("domain check", name, lambda check, valid: Check(check, _UNSAID, is_valid=valid))
        return Domain(name, _type(type_), not_null, _UNSAID if has_default else None, checks=checks)

    def _composite(self, name: ObjectName) -> Composite:
        return Composite(name, self._of("attribute", name, lambda one, type_: Attribute(one, _type(type_))))

    def _view(self, name: ObjectName, is_materialized: bool, is_populated: bool) -> View:  # noqa: FBT001 - a fact's parts
        return View(
            name,
            self._of("view column", name, lambda one, type_: ViewColumn(one, _type(type_))),
            _UNSAID,
            is_materialized=is_materialized,
            is_populated=is_populated or not is_materialized,
            indexes=self._of("index", name, _index),
            triggers=self._of("trigger", name, _trigger),
        )

    def _table(self, name: ObjectName, is_partitioned: bool, is_logged: bool, *security: bool) -> Table:  # noqa: FBT001 - a fact's parts
        keys = self._of("key", name, _key)
        owned = {key.name for key in keys} | {one[0] for one in self._parts.get(("exclusion", name), ())}
        parents = self._of("partition", name, ObjectName)
        return Table(
            name,
            self._of("column", name, _column),
            primary_key=next((key for key in keys if key.is_primary), None),
            uniques=tuple(key for key in keys if not key.is_primary),
            foreign_keys=self._of("foreign key", name, _foreign_key),
            checks=self._of("check", name, _check),
            exclusions=self._of("exclusion", name, _exclusion),
            indexes=tuple(one for one in self._of("index", name, _index) if one.name not in owned),
            triggers=self._of("trigger", name, _trigger),
            policies=self._of("policy", name, _policy),
            partition_key=_UNSAID if is_partitioned else None,
            partition=Partition(parents[0], _UNSAID) if parents else None,
            inherits=self._of("inherits", name, ObjectName),
            unlogged=not is_logged,
            row_security=security[0],
            force_row_security=security[1],
        )


def _type(type_: list[Any]) -> DataType:
    schema, name, modifier, dimensions = type_
    return DataType(ObjectName(schema, name), modifier, dimensions)


def _options(type_: str = "", increment: int = 1, cycle: bool = False) -> SequenceOptions:  # noqa: FBT001, FBT002 - a fact's parts
    return SequenceOptions(type_, 1, increment, 1, 1, 1, cycle)


def _column(name: str, type_: list[Any], *rest: Any) -> Column:
    not_null, has_default, identity, generated, collation = rest
    return Column(
        name,
        _type(type_),
        NotNull() if not_null else None,
        _UNSAID if has_default else None,
        None if identity is None else Identity(identity == "a", _NO_NAME, _options()),
        None if generated is None else Generated(_UNSAID, stored=generated == "s"),
        None if collation is None else ObjectName(*collation),
    )


def _index(name: str, method: str, keys: list[Any], include: list[str], *flags: bool) -> Index:
    is_unique, nulls_not_distinct, is_partial, is_valid = flags
    columns = tuple(
        IndexColumn(
            text or f"{_UNSAID}{name}",
            text is None,
            ObjectName("", class_) if class_ else None,
            descending=bool(option & 1),
            nulls_first=bool(option & 2),
        )
        for text, option, class_ in keys
    )
    where = f"{_UNSAID}{name}" if is_partial else None
    return Index(name, method, columns, tuple(include), is_unique, nulls_not_distinct, where, is_valid)


def _key(name: str, is_primary: bool, columns: list[str], *flags: bool) -> Key:  # noqa: FBT001 - a fact's parts
    deferrable, deferred, nulls_not_distinct = flags
    keys = tuple(IndexColumn(column) for column in columns)
    index = Index(name, "btree", keys, is_unique=True, nulls_not_distinct=nulls_not_distinct)
    return Key(name, tuple(columns), is_primary, index, deferrable, deferred)


def _foreign_key(name: str, columns: list[str], schema: str, target: str, targets: list[str], *rest: Any) -> ForeignKey:
    on_update, on_delete, deferrable, deferred, is_valid, is_enforced = rest
    return ForeignKey(
        name,
        tuple(columns),
        ObjectName(schema, target),
        tuple(targets),
        _ACTIONS[on_delete],
        _ACTIONS[on_update],
        deferrable=deferrable,
        initially_deferred=deferred,
        is_valid=is_valid,
        is_enforced=is_enforced,
    )


def _check(name: str, *flags: bool) -> Check:
    is_valid, is_enforced, no_inherit = flags
    return Check(name, f"{_UNSAID}{name}", no_inherit, is_valid, is_enforced)


def _exclusion(name: str, *flags: bool) -> Exclusion:
    deferrable, deferred = flags
    return Exclusion(name, Index(name, "", ()), (), deferrable, deferred)


def _policy(name: str, command: str, permissive: bool, for_all: bool) -> Policy:  # noqa: FBT001 - a fact's parts
    return Policy(name, _COMMANDS[command], permissive, () if for_all else (_UNSAID,), None, None)


def _trigger(name: str, enabled: str) -> Trigger:
    return Trigger(name, _UNSAID, _ENABLED[enabled])
