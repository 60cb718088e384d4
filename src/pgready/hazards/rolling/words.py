"""What breaks, as a value, and how the code's names and the database's are said together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgready.catalog.names import ObjectName


@dataclass(frozen=True, slots=True)
class Break:
    """Something that the running version needs and no longer has.

    `id` is H014 where it fails for sure and H015 where it may. `key` stays the same as long as it is the same break.
    `words` are names that the guilty statement has in it. `now` is SQL to deploy instead, expanding, and `later` SQL
    that contracts when no older version runs; both may be empty.
    """

    id: str
    key: tuple[str, ...]
    table: ObjectName | None
    words: tuple[str, ...]
    text: str
    advice: str
    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Renames:
    """Names that things of the base have now, where they differ; seen by their oids, not guessed."""

    tables: Mapping[ObjectName, ObjectName] = field(default_factory=dict)
    columns: Mapping[tuple[ObjectName, str], str] = field(default_factory=dict)
    types: Mapping[ObjectName, ObjectName] = field(default_factory=dict)
    labels: Mapping[tuple[ObjectName, str], str] = field(default_factory=dict)


def called(name: str, where: str) -> str:
    """The code's name with the database's beside it: `Invoice.total (column public.invoices.total)`."""
    return f"{name} ({where})" if name else where


def gone(what: str) -> str:
    """The way out for everything that is dropped."""
    return f"leave it now; drop it in a later migration, when no version that runs names {what} any more"
