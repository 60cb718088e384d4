"""A fingerprint for every object and for the whole: the same on any server version, in any locale, of any clone.

Owners, rights and extensions' versions are left out: they are the environment's, and a restored dump has the versions
of its new server. Two sides with one fingerprint have one structure.
"""

from __future__ import annotations

from dataclasses import fields, replace

from pgready.catalog.fingerprint import fingerprint
from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.scope import without_owners

_SHOWN = 16
_KINDS = {"schemas": "schema", "indexes": "index", "composites": "composite", "event_triggers": "event trigger"}


def whole(catalog: Catalog) -> str:
    """The structure's fingerprint, SHA-256 in hex."""
    return fingerprint(_bare(catalog))


def _bare(catalog: Catalog) -> Catalog:
    extensions = tuple(replace(one, version="") for one in catalog.extensions)
    return without_owners(replace(catalog, extensions=extensions))


def by_object(catalog: Catalog) -> dict[str, str]:
    """Each object's in words to its fingerprint (16 digits); a table's covers all that belongs to it."""
    bare = _bare(catalog)
    found: dict[str, str] = {}
    for group in fields(Catalog):
        kind = _KINDS.get(group.name, group.name.removesuffix("s"))
        for one in getattr(bare, group.name):
            name = str(one.name) if isinstance(one.name, ObjectName) else one.name
            if kind == "function":
                name += f"({one.arguments})"
            found[f"{kind} {name}"] = fingerprint(Catalog(**{group.name: (one,)}))[:_SHOWN]
    return found
