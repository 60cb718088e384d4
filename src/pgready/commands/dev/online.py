"""migrate dev --online: the next migration, as several that nobody who works on the database notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pgready.commands.online.offer import Offered, Wanted, offers
from pgready.commands.shadow import ShadowPlan, replaying
from pgready.hazards.checks import hazards_of
from pgready.history.checksum import checksum
from pgready.history.model import Migration
from pgready.history.new_name import MOST, folder_name
from pgready.history.prepare import Prepared, prepare
from pgready.project.names import SCRIPT
from pgready.report.story import silent


@dataclass(frozen=True, slots=True)
class Steps:
    """The migrations to write, as (name, script) in their order; `notes` are to be told."""

    migrations: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


def online_steps(
    plan: ShadowPlan,
    folder: Sequence[Migration],
    script: str,
    words: str,
    now: datetime,
    default_schema: str,
) -> Steps:
    """What is written for `script`, which comes behind the migrations of `folder`; raises as a replay does."""
    there = [one.name for one in folder]
    name = folder_name(words, now, there)
    history = [prepare(one) for one in folder]
    draft = prepare(Migration(name, script, checksum(script), f"{name}/{SCRIPT}"))
    found, notes = _offered(plan, history, draft, default_schema)
    if found is None or not found.folders:
        return Steps(((name, script),), notes)
    steps: list[tuple[str, str]] = []
    for step in found.folders:
        said = "_".join(filter(None, (words, step.words)))[:MOST] if len(found.folders) > 1 else words
        steps.append((folder_name(said, now, [*there, *(each for each, _ in steps)]), step.script))
    return Steps(tuple(steps), (*notes, *found.told))


def _offered(
    plan: ShadowPlan, history: Sequence[Prepared], draft: Prepared, default_schema: str
) -> tuple[Offered | None, tuple[str, ...]]:
    """The safe way of the draft, None where it needs none; and what it leaves."""
    with replaying(plan, len(history) + 1, silent) as shadow, shadow.tracing() as tracer:
        shadow.replay(history)
        hazards = hazards_of(tracer.trace(draft))
    ids: dict[int, set[str]] = {}
    for each in hazards:
        ids.setdefault(each.statement, set()).add(each.id)
    wanted = Wanted({number: frozenset(each) for number, each in ids.items()}, eager=True)
    name = draft.migration.name
    found = offers(plan, [*history, draft], {name: wanted}, default_schema=default_schema)[name]
    notes = [
        f"statement {each.statement + 1} stays as it is ({each.id}: {each.text}): {found.why(each.statement)}"
        for each in hazards
        if found.why(each.statement)
    ]
    return found, tuple(dict.fromkeys(notes))
