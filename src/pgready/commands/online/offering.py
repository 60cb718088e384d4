"""Which of lint's findings get a safe way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pgready.commands.online.linted import Found
from pgready.commands.shadow import ShadowPlan
from pgready.hazards.kinds import REWRITABLE
from pgready.history.prepare import Prepared

if TYPE_CHECKING:  # where nothing is offered nobody pays for the ways
    from pgready.commands.online.offer import Offered, Wanted

MOST = 10
"""Migrations that get a safe way where all are linted: the newest. Of the others most are applied long ago."""

LONG = 50
"""Migrations of a history of which none gets one where all are linted: it would take longer than the linting."""


def wanted_of(found: Sequence[Found]) -> dict[str, Wanted]:
    """The hazards of each migration that nothing allows and that a rewrite could end."""
    from pgready.commands.online.offer import Wanted

    ids: dict[str, dict[int, set[str]]] = {}
    for one in found:
        hazard = one.hazard
        if one.waiver is None and hazard.id in REWRITABLE:
            ids.setdefault(hazard.migration, {}).setdefault(hazard.statement, set()).add(hazard.id)
    return {
        name: Wanted({number: frozenset(each) for number, each in by_statement.items()})
        for name, by_statement in ids.items()
    }


def offered(
    plan: ShadowPlan,
    history: Sequence[Prepared],
    found: Sequence[Found],
    together: Collection[str],
    default_schema: str,
    *,
    everything: bool,
) -> dict[str, Offered]:
    """The safe ways of what was found, by migration; of the newest ones only unless `everything`."""
    if not everything and len(history) > LONG:
        return {}
    from pgready.commands.online.offer import offers

    wanted = wanted_of(found)
    names = [one.migration.name for one in history if one.migration.name in wanted]
    chosen = names if everything else names[-MOST:]
    return offers(
        plan,
        history,
        {name: wanted[name] for name in chosen},
        default_schema=default_schema,
        together=together,
    )


def with_offer(one: Found, ways: Mapping[str, Offered]) -> Found:
    """The finding with its safe way, if one was looked for."""
    is_ours = one.waiver is None and one.hazard.id in REWRITABLE
    return replace(one, offer=ways.get(one.hazard.migration)) if is_ours else one
