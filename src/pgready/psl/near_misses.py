"""Suggestions for misspelt names, at a cost that stays bounded however large or broken a schema is."""

import difflib
from collections.abc import Collection

from pgready.psl.diagnostics import Findings

_MOST_FINDINGS = 100
"""From here on nobody reads the suggestions, and comparing each name with each would take quadratic time."""
_MOST_NAMES = 1000
_LONGEST = 64


def nearest(name: str, known: Collection[str], findings: Findings) -> str | None:
    """The known name that `name` may have meant, or None."""
    if spent(findings) or len(known) > _MOST_NAMES or len(name) > _LONGEST:
        return None
    names = [each for each in known if len(each) <= _LONGEST]
    lowered = name.lower()
    same = next((each for each in names if each.lower() == lowered), None)
    close = [same] if same else difflib.get_close_matches(name, names, 1)
    return close[0] if close else None


def spent(findings: Findings) -> bool:
    """Whether there are so many findings that suggestions are left out."""
    return len(findings) > _MOST_FINDINGS


def hint(name: str, known: Collection[str], findings: Findings) -> str:
    """`nearest` as a question, or all known names if they are few, or ""."""
    if close := nearest(name, known, findings):
        return f"did you mean `{close}`?"
    if 0 < len(known) <= 8:
        return ("there is " if len(known) == 1 else "there are ") + ", ".join(f"`{each}`" for each in known)
    return ""
