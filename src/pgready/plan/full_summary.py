"""A full diff for people and for programs: each change in a line, with what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass

from pgready.catalog.model import Domain, EventTrigger, View
from pgready.catalog.table import Column, Table, Trigger
from pgready.diff.full import Altered, FullChange
from pgready.diff.full_elements import Address, Value
from pgready.diff.full_renames import Renamed
from pgready.plan.summary import NO_DIFFERENCE

_SIGNS = {"Created": "[+]", "Dropped": "[-]", "Altered": "[*]", "Renamed": "[*]"}
_PARTS_OF_OTHERS = frozenset(
    {"columns", "primary_key", "uniques", "foreign_keys", "checks", "exclusions", "indexes", "triggers", "policies",
     "partition", "comment", "owner", "grants", "is_local"}
)  # fmt: skip
"""Fields whose changes are told by themselves."""
_PARTS_OF: dict[type, frozenset[str]] = {
    Column: frozenset({"default", "not_null", "identity"}),
    Domain: frozenset({"default"}),
    Table: frozenset({"replica_identity"}),
    Trigger: frozenset({"enabled"}),
    EventTrigger: frozenset({"enabled"}),
    View: frozenset({"is_populated"}),
}
_SETTLED = ("comment", "owner", "grants")


def full_summary(changes: Sequence[FullChange]) -> str:
    """The changes, a line each, without a line break at the end."""
    if not changes:
        return NO_DIFFERENCE
    return "\n".join(f"{_SIGNS[type(one).__name__]} {described(one.address)}{_how(one)}" for one in changes)


def described(address: Address) -> str:
    """An address in words: `column public.customer.email`, `owner of table public.customer`."""
    if address[0] in _SETTLED:
        return f"{address[0]} of {described(address[1:])}"
    if address[0] == "function":
        return f"function {'.'.join(address[1:3])}({address[3]})"
    if address[:2] == ("event trigger state", "event trigger"):
        return f"state of event trigger {address[2]}"
    return f"{address[0]} {'.'.join(address[1:])}"


def _how(change: FullChange) -> str:
    if isinstance(change, Renamed):
        return f" (renamed to {change.after.name})"
    if not isinstance(change, Altered):
        return ""
    before, after = change.before, change.after
    if isinstance(before, str) and isinstance(after, str):
        return f": {_short(before)} → {_short(after)}"
    names = changed_fields(before, after)
    return f" ({', '.join(names)})" if names else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def changed_fields(before: Value, after: Value) -> list[str]:
    """Which of a value's own properties differ, in words."""
    if not is_dataclass(before) or type(before) is not type(after):
        return []
    others = _PARTS_OF_OTHERS | _PARTS_OF.get(type(before), frozenset())
    own = [one.name for one in fields(before) if one.compare and one.name not in others]
    return [name.replace("_", " ") for name in own if getattr(before, name) != getattr(after, name)]


def full_change_as_dict(change: FullChange) -> dict[str, object]:
    """For `--json`: `change` is created, dropped, altered or renamed; `kind` and `name` say of what."""
    found: dict[str, object] = {
        "change": type(change).__name__.lower(),
        "kind": change.address[0],
        "name": list(change.address[1:]),
        "text": described(change.address),
    }
    if isinstance(change, Renamed):
        found["new_name"] = change.after.name
    if isinstance(change, Altered):
        found["fields"] = changed_fields(change.before, change.after)
    return found
