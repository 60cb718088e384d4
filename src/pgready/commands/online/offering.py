"""Which of lint's findings get a safe way, and the files that one is written to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pgready.commands.online.linted import Found
from pgready.commands.online.offer import REWRITABLE, Offered, Wanted, offers
from pgready.commands.shadow import ShadowPlan
from pgready.errors import UsageInvalid
from pgready.hazards.rewrite.folders import Folder
from pgready.history.prepare import Prepared
from pgready.project.new_migration import write

MOST = 10
"""Migrations that get a safe way where all are linted: the newest. Of the others most are applied long ago."""


def wanted_of(found: Sequence[Found]) -> dict[str, Wanted]:
    """The hazards of each migration that nothing allows and that a rewrite could end."""
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


@dataclass(frozen=True, slots=True)
class Written:
    """A migration that was replaced: the files that do the same, and where its own text is kept."""

    migration: str
    paths: tuple[str, ...]
    kept: str


def step_names(name: str, folders: Sequence[Folder]) -> tuple[str, ...]:
    """What the migrations that replace `name` are called: they sort where it did."""
    digits = len(str(len(folders)))
    return tuple(f"{name}_{number:0{digits}}_{one.words}".rstrip("_") for number, one in enumerate(folders, 1))


def replace_migration(folder: str, name: str, found: Offered, there: Collection[str]) -> Written:
    """Write the safe way in place of a migration; its folder is kept beside the migrations.

    Raises UsageInvalid, with everything as it was, if a name is taken or another migration would come in between.
    """
    names = step_names(name, found.folders)
    others = sorted(one for one in there if one != name)
    if set(names) & set(others):
        raise UsageInvalid(f"{names[0]} is there already; nothing was written", where=folder, code="migration_exists")
    between = [one for one in others if names[0] < one < names[-1] or (one < name) != (one < names[0])]
    if between:
        raise UsageInvalid(
            f"{between[0]} would come between the parts of {name}; nothing was written",
            where=os.path.join(folder, between[0]),
            then=f"rename {between[0]}, or write the parts by hand",
            code="name_order",
        )
    kept_in = f"{folder.rstrip('/')}.replaced"
    kept = os.path.join(kept_in, name)
    if os.path.lexists(kept):
        raise UsageInvalid(
            f"{kept} is there already, and nothing is overwritten", where=kept, then=f"move {kept} away",
            code="migration_exists",
        )  # fmt: skip
    written: list[str] = []
    try:
        written += [write(folder, one, each.script) for one, each in zip(names, found.folders, strict=True)]
        os.makedirs(kept_in, exist_ok=True)
        os.rename(os.path.join(folder, name), kept)
    except (OSError, UsageInvalid) as e:
        for path in written:
            shutil.rmtree(os.path.dirname(path), ignore_errors=True)
        if isinstance(e, UsageInvalid):
            raise
        raise UsageInvalid(
            f"the migrations cannot be written: {e.strerror}; nothing was changed",
            where=folder,
            code="migration_unwritable",
        ) from None
    return Written(name, tuple(written), kept)
