"""Which kind of step goes first where nothing says so."""

from typing import Final

_ORDER = (
    "schema",
    "extension",
    "enum",
    "shell type",
    "domain",
    "composite",
    "range",
    "sequence",
    "function",
    "aggregate",
    "table",
    "domain constraint",
    "default",
    "constraint",
    "inheritance",
    "partition",
    "owned sequence",
    "persistence",
    "key",
    "index",
    "index partition",
    "column",
    "table property",
    "foreign key",
    "view",
    "view column",
    "trigger",
    "trigger state",
    "policy",
    "row security",
    "content",
    "comment",
    "owner",
    "grant",
    "event trigger",
)
RANK: Final = {kind: number for number, kind in enumerate(_ORDER)}
"""The rank of each kind of step. Event triggers come last, so that they see none of the others."""
