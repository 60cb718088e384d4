"""A fingerprint for every object and for the whole: the same on any server version, in any locale, of any clone.

Owners, rights and extensions' versions are left out: they are the environment's, and a restored dump has the versions
of its new server. Two sides with one fingerprint have one structure.
"""

from __future__ import annotations

from dataclasses import fields

from pgready.catalog.fingerprint import structure_fingerprint
from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName

_SHOWN = 16
_KINDS = {"schemas": "schema", "indexes": "index", "composites": "composite", "event_triggers": "event trigger"}


def whole(catalog: Catalog) -> str:
    """The structure's fingerprint, SHA-256 in hex."""
    return structure_fingerprint(catalog)


def by_object(catalog: Catalog) -> dict[str, str]:
    """Each object's in words to its fingerprint (16 digits); a table's covers all that belongs to it."""
    found: dict[str, str] = {}
    for group in fields(Catalog):
        kind = _KINDS.get(group.name, group.name.removesuffix("s"))
        for one in getattr(catalog, group.name):
            name = str(one.name) if isinstance(one.name, ObjectName) else one.name
            if kind == "function":
                name += f"({one.arguments})"
            found[f"{kind} {name}"] = structure_fingerprint(Catalog(**{group.name: (one,)}))[:_SHOWN]
    return found
