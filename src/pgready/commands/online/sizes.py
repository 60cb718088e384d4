"""What lint takes from `prove`: production's sizes, and the order in which query contracts take their tables."""

from __future__ import annotations

from pgready.catalog.names import ObjectName
from pgready.commands.shadow import ShadowHistory
from pgready.commands.sides import Project
from pgready.errors import UsageInvalid
from pgready.hazards.cost import Sizes
from pgready.hazards.order import Taker, order_of
from pgready.project.contract_places import find_places
from pgready.project.profile_place import find_profile
from pgready.proof.profile import Profile
from pgready.report.story import Event, Teller


def profile_of(given: str | None, project: Project) -> Profile | None:
    """The profile of the flag, the settings, or the project's own; None where there is none. Raises UsageInvalid."""
    file = find_profile(given, project.flags, project.environ, project.cwd)
    return None if file is None else file.profile


def sizes_of(profile: Profile, history: ShadowHistory) -> Sizes:
    """Rows by the full names of the tables that are there now."""
    by_name = _by_bare_name(history)
    rows = {}
    for table in profile.tables:
        if table.name.schema:
            rows[table.name] = table.rows
        else:
            rows |= dict.fromkeys(by_name.get(table.name.name, ()), table.rows)
    return Sizes(rows, profile.default_rows)


def contract_takers(project: Project, history: ShadowHistory, tell: Teller) -> list[Taker]:
    """The query contracts that take more than one table; none where there are no contracts.

    Contracts that are not valid are left to `prove`.
    """
    try:
        places = find_places((), project.flags, project.environ, project.cwd)
        if not (places.files or places.modules or places.missing or _of_packages()):
            return []
        from pgready.commands.prove.contracts import collect_own

        contracts = collect_own((), project).contracts
    except UsageInvalid as e:
        if e.code != "contracts_missing":
            tell(Event("no_contracts", f"query contracts are left out of the lock order: {e.what}", {"why": e.what}))
        return []
    tables = _by_bare_name(history)
    found = [order_of(one.sql, f"contract {one.name}", tables) for one in contracts]
    return [one for one in found if one is not None]


def _of_packages() -> bool:
    from importlib.metadata import entry_points  # takes longer to import than most migrations to trace

    return bool(entry_points(group="pgready.contracts"))


def _by_bare_name(history: ShadowHistory) -> dict[str, list[ObjectName]]:
    """What has the name, `public` first."""
    found: dict[str, list[ObjectName]] = {}
    for name in sorted(history.identities().tables.values(), key=lambda one: (one.schema != "public", one)):
        found.setdefault(name.name, []).append(name)
    return found
