"""Differences that may be nothing but wording: an expression that two server versions print in two ways.

The catalog knows the ways that were measured. For all others both sides are made anew on one reference server, and
what is the same there was wording: the side's text gives way to the reference's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from pgready.catalog.model import Catalog
from pgready.diff.full_elements import Address
from pgready.parity.model import Difference

_TEXTS: dict[str, frozenset[str]] = {
    "default": frozenset({"value"}),
    "domain default": frozenset({"value"}),
    "view default": frozenset({"value"}),
    "column": frozenset({"generated"}),
    "check": frozenset({"expression"}),
    "domain check": frozenset({"expression"}),
    "index": frozenset({"columns", "where"}),
    "exclusion": frozenset({"index columns", "index where"}),
    "policy": frozenset({"using", "check"}),
    "trigger": frozenset({"definition"}),
    "table": frozenset({"partition key"}),
    "partition": frozenset({"bound"}),
    "view": frozenset({"definition"}),
    "function": frozenset({"definition"}),
}
"""The properties of each kind that the server prints from what it parsed."""


def may_be_wording(differences: Iterable[Difference]) -> tuple[Address, ...]:
    """The addresses that differ in nothing but printed text."""
    return tuple(one.address for one in differences if _is_text(one))


def _is_text(one: Difference) -> bool:
    texts = _TEXTS.get(one.address[0], frozenset())
    return one.how == "different" and bool(one.details) and {detail.name for detail in one.details} <= texts


_T = TypeVar("_T")


def with_wording(side: Catalog, reference: Catalog, same: Collection[Address]) -> Catalog:
    """`side` with the reference's text at the addresses in `same`."""
    return _Words(frozenset(same)).catalog(side, reference) if same else side


class _Words:
    def __init__(self, same: frozenset[Address]) -> None:
        self._same = same

    def catalog(self, side: Catalog, reference: Catalog) -> Catalog:
        return replace(
            side,
            domains=self._paired(side.domains, reference.domains, self._domain),
            tables=self._paired(side.tables, reference.tables, self._table),
            views=self._paired(side.views, reference.views, self._view),
            functions=self._paired(
                side.functions, reference.functions, self._function, lambda one: (one.name, one.arguments)
            ),
        )

    def _paired(
        self,
        side: tuple[_T, ...],
        reference: tuple[_T, ...],
        change: Callable[[Any, Any], Any],
        key: Callable[[Any], object] = lambda one: one.name,
    ) -> tuple[_T, ...]:
        there = {key(one): one for one in reference}
        return tuple([change(one, there[key(one)]) if key(one) in there else one for one in side])

    def _parts(self, kind: str, of: Any, side: tuple[_T, ...], reference: tuple[_T, ...]) -> tuple[_T, ...]:
        return self._paired(
            side, reference, lambda one, other: self._worded((kind, *of.name, one.name), one, other)
        )  # fmt: skip

    def _worded(self, address: Address, one: Any, other: Any) -> Any:
        if address not in self._same:
            return one
        found: dict[str, Any] = {}
        for text in _TEXTS[address[0]]:
            head, _, tail = text.partition(" ")
            if head == "index":
                index = found.get("index", one.index)
                found["index"] = replace(index, **{tail: getattr(other.index, tail)})
            else:
                name = text.replace(" ", "_")
                found[name] = getattr(other, name)
        return replace(one, **found)

    def _value(self, address: Address, one: Any, other: Any, name: str) -> Any:
        return replace(one, **{name: getattr(other, name)}) if address in self._same else one

    def _domain(self, one: Any, other: Any) -> Any:
        one = self._value(("domain default", *one.name), one, other, "default")
        return replace(one, checks=self._parts("domain check", one, one.checks, other.checks))

    def _table(self, one: Any, other: Any) -> Any:
        if one == other:
            return one
        for kind in ("table", "partition"):
            name = "partition_key" if kind == "table" else "partition"
            one = self._value((kind, *one.name), one, other, name)

        def column(mine: Any, theirs: Any) -> Any:
            mine = self._value(("default", *one.name, mine.name), mine, theirs, "default")
            return self._value(("column", *one.name, mine.name), mine, theirs, "generated")

        return replace(
            one,
            columns=self._paired(one.columns, other.columns, column),
            checks=self._parts("check", one, one.checks, other.checks),
            indexes=self._parts("index", one, one.indexes, other.indexes),
            exclusions=self._parts("exclusion", one, one.exclusions, other.exclusions),
            policies=self._parts("policy", one, one.policies, other.policies),
            triggers=self._parts("trigger", one, one.triggers, other.triggers),
        )

    def _view(self, one: Any, other: Any) -> Any:
        def column(mine: Any, theirs: Any) -> Any:
            return self._value(("view default", *one.name, mine.name), mine, theirs, "default")

        one = self._worded(("view", *one.name), one, other)
        return replace(
            one,
            columns=self._paired(one.columns, other.columns, column),
            indexes=self._parts("index", one, one.indexes, other.indexes),
            triggers=self._parts("trigger", one, one.triggers, other.triggers),
        )

    def _function(self, one: Any, other: Any) -> Any:
        return self._worded(("function", *one.name, one.arguments), one, other)
