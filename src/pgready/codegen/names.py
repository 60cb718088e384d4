"""Names of a schema as names of Python: snake case for attributes, a trailing `_` where a name is taken."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s(?:[A-Z_]|$))[a-z])")

ATTRIBUTES = frozenset({"metadata", "registry", "type_annotation_map", "self"})
"""What a mapped class has already, and the one argument that every constructor has."""

_OF_STRINGS = """
name value mro capitalize casefold center count encode endswith expandtabs find format format_map index
isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join
ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip
split splitlines startswith strip swapcase title translate upper zfill
"""
MEMBERS = frozenset(_OF_STRINGS.split())
"""What members of an enum of strings have already; the list is written out so that every Python gives the same."""


def identifier(name: str) -> str:
    """`name` as an identifier: in the form that Python compares, `_` for what none can hold, no keyword."""
    text = unicodedata.normalize("NFKC", name)
    text = "".join([one if ("a" + one).isidentifier() else "_" for one in text])
    if not text or not text.isidentifier():
        text = "_" + text
    return text + "_" if keyword.iskeyword(text) else text


def snake_case(name: str) -> str:
    """`createdAt` → `created_at`, `userID` → `user_id`, `HTMLBody` → `html_body`."""
    return _WORDS.sub("_", name).lower()


def attributes(names: Iterable[str]) -> dict[str, str]:
    """The attribute of each field of a model, by the field's name.

    Of fields that become one name, the one that is written so keeps it, and the others stay as they are written.
    """
    wanted = {name: snake_case(name) for name in names}
    count: dict[str, int] = {}
    for attribute in wanted.values():
        count[attribute] = count.get(attribute, 0) + 1
    chosen = {name: attribute if count[attribute] == 1 else name for name, attribute in wanted.items()}
    return apart(chosen, ATTRIBUTES)


def apart(wanted: Mapping[str, str], reserved: frozenset[str] = frozenset()) -> dict[str, str]:
    """An identifier for each key, all different and none reserved: those that need no change keep their names."""
    found = {key: identifier(name) for key, name in wanted.items()}
    kept = {key for key, name in found.items() if name == wanted[key] and name not in reserved}
    taken = {found[key] for key in kept} | reserved
    for key, name in found.items():
        if key not in kept:
            free = name
            while free in taken:
                free += "_"
            taken.add(free)
            found[key] = free
    return found


def file_names(wanted: Mapping[str, str], reserved: Iterable[str]) -> dict[str, str]:
    """A module name for each key; different on file systems that do not tell small letters from capitals, too."""
    found: dict[str, str] = {}
    taken = {name.lower() for name in reserved}
    for key, name in wanted.items():
        free = identifier(snake_case(name))
        while free in taken:
            free += "_"
        taken.add(free)
        found[key] = free
    return found
