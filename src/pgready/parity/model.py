"""What parity finds, as values: an object, how it differs, what that does to the application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pgready.diff.full_elements import Address
from pgready.plan.full_summary import described

Weight = Literal["breaks", "opens", "slows", "cosmetic"]
WEIGHTS: tuple[Weight, ...] = ("breaks", "opens", "slows", "cosmetic")
"""Heaviest first: the app fails or does something else; data or rights stand open; it gets slower; it only looks so."""

How = Literal["missing", "unexpected", "different", "renamed", "unwell"]
"""`missing` and `unexpected` are seen from the reference; `unwell` is wrong by itself, whatever the reference has."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One property that differs, its two values in words ("" for none)."""

    name: str
    reference: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One object or part of one that is not as in the reference; not weighed yet.

    `reference` and `side` are the catalog's values, None where there is none.
    """

    address: Address
    how: How
    details: tuple[Detail, ...] = ()
    reference: Any = field(default=None, compare=False)
    side: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference with its weight: `rule` names the rule that gave it, `because` says why in words."""

    address: Address
    how: How
    weight: Weight
    rule: str
    because: str
    details: tuple[Detail, ...] = ()

    @property
    def object(self) -> str:
        """What it is about, in words: `column public.customer.email`."""
        return named(self.address)


_OURS = {
    "column order": "order of columns of",
    "inheritance": "inheritance of",
    "invalid index": "index",
    "not validated": "",
    "sequence position": "position of sequence",
    "collation version": "version of collation",
}


def named(address: Address) -> str:
    """An address in words, those that only parity has included."""
    kind, names = address[0], address[1:]
    if kind in ("inheritance", "not validated"):
        return f"{_OURS[kind]} {described(names)}".strip()
    if kind == "default privileges":
        role, schema, word, grantee = names
        return f"default privileges of {role}{f' in {schema}' if schema else ''} on {word} for {grantee or 'PUBLIC'}"
    if kind in ("publication table", "publication schema"):
        return f"{kind.partition(' ')[2]} {'.'.join(names[1:])} of publication {names[0]}"
    if kind == "cast":
        return f"cast {names[0]} to {names[1]}"
    if kind == "role setting":
        return f"setting {names[1]} of role {names[0]}"
    if kind == "database setting":
        return f"setting {names[0]} of the database"
    return described((_OURS.get(kind, kind), *names))


def heaviest(weights: list[Weight]) -> Weight:
    """The heaviest of at least one."""
    return min(weights, key=WEIGHTS.index)


def reaches(weight: Weight, threshold: Weight) -> bool:
    """Whether a weight is the threshold's or heavier."""
    return WEIGHTS.index(weight) <= WEIGHTS.index(threshold)
