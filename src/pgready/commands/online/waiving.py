"""Waivers held against what was found: hazards that are allowed, waivers that are over or of no use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from pgready.commands.online.linted import Found
from pgready.errors import UsageInvalid
from pgready.hazards.hazard import Hazard
from pgready.hazards.waivers import Waiver, waivers_of
from pgready.history.prepare import Prepared, place, show


def waivers_in(prepared: Prepared) -> tuple[Waiver, ...]:
    """The waivers of a script; raises UsageInvalid for a comment that means to be one and is none."""
    found, faults = waivers_of(prepared.migration.script, prepared.statements)
    if faults:
        first = faults[0]
        raise UsageInvalid(
            first.what,
            where=place(prepared.migration, first.offset),
            excerpt=show(prepared.migration, first.offset),
            then=first.then,
            code="waiver_invalid",
        )
    return found


def judged(
    prepared: Prepared,
    hazards: Sequence[Hazard],
    alone: Sequence[Hazard],
    waivers: Sequence[Waiver],
    today: date,
    looked_for: Collection[str],
) -> Iterator[Found]:
    """Each hazard with the waiver that allows it, then what is wrong with waivers.

    `alone` are the hazards that the migration has by itself: what allows one of them is of use. `looked_for` are the
    kinds that this run could find.
    """
    for hazard in hazards:
        allowing = (one for one in waivers if _allows(one, hazard) and not one.is_over(today))
        yield Found(hazard, prepared, next(allowing, None))
    for waiver in waivers:
        yield from _wrong(prepared, waiver, (*hazards, *alone), today, looked_for)


def _allows(waiver: Waiver, hazard: Hazard) -> bool:
    return hazard.id in waiver.ids and waiver.statement == hazard.statement


def _wrong(
    prepared: Prepared, waiver: Waiver, hazards: Sequence[Hazard], today: date, looked_for: Collection[str]
) -> Iterator[Found]:
    name = prepared.migration.name
    used = {one.id for one in hazards if _allows(waiver, one)}
    unused = [one for one in waiver.ids if one not in used and one in looked_for]
    if used and waiver.is_over(today):
        listed = ", ".join(one for one in waiver.ids if one in used)
        text = f"the waiver of {listed} ended on {waiver.until}: {waiver.reason}"
        yield Found(Hazard("H017", name, waiver.statement, (), "nobody", None, text), prepared, None, waiver.offset)
    if unused:
        text = f"the waiver of {', '.join(unused)} allows nothing: the statement has no such hazard"
        yield Found(Hazard("H018", name, waiver.statement, (), "nobody", None, text), prepared, None, waiver.offset)
