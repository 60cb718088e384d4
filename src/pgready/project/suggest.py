"""The nearest of the known words to a mistyped one."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like `word`, or "" when none does."""
    import difflib

    by_letters = {k.lower().replace("-", "_"): k for k in sorted(known)}
    found = difflib.get_close_matches(word.lower().replace("-", "_"), list(by_letters), n=1, cutoff=0.7)
    return by_letters[found[0]] if found else ""
