"""The file that recorded queries go to: contracts like any others, the same text for the same queries.

It holds no value of a parameter but page sizes. It is rewritten by every recording: what is to be said about a query
(waivers, limits) belongs into a file of one's own, with the query.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgready.proof.contracts.normalise import Recorded

MARK = "-- Recorded by pgready"
_SHOWN = 3


def recorded_file(queries: Sequence[Recorded]) -> str:
    """The whole file."""
    head = f"{MARK}: rewritten by each recording; move what you want to keep or to annotate to another file.\n"
    return head + "".join(f"\n{_block(one)}" for one in queries)


def _block(one: Recorded) -> str:
    lines = [f"-- name: {one.name}"]
    lines += _listed("asked by", one.sites)
    lines += _listed("seen in", one.tests)
    lines += [f"-- param ${number} = {value}" for number, value in one.pages]
    lines += [f"{one.sql.rstrip().rstrip(';')};", ""]
    return "\n".join(lines)


def _listed(words: str, places: Sequence[str]) -> list[str]:
    """A comment of the first few places; more would only make the file change more often."""
    if not places:
        return []
    more = f", and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    # One line, and no colon of ours: a comment with a colon might read as a key.
    shown = ", ".join(" ".join(place.split()) for place in places[:_SHOWN])
    return [f"-- {words} {shown}{more}"]
