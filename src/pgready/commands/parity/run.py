"""parity: any number of sides held against the first, each difference weighed by what it does to the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from pgready.catalog.model import Catalog
from pgready.catalog.scope import without_owners
from pgready.commands.full_diff import catalog_beside
from pgready.commands.parity.sides import Held, asked, held
from pgready.commands.parity.wording import in_one_wording
from pgready.commands.sides import Project
from pgready.diff.others import External
from pgready.errors import UsageInvalid
from pgready.parity.compare import differences
from pgready.parity.external import without_external
from pgready.parity.facts import environment, not_validated, settings_apart, unwell
from pgready.parity.fingerprints import by_object, whole
from pgready.parity.ignore import IgnoreRule, expired, sort_out
from pgready.parity.mend import mending
from pgready.parity.model import Finding, Weight
from pgready.parity.outside import OutsideSide, outside_differences, unheld
from pgready.parity.result import ParityResult, SideResult, in_order
from pgready.parity.roles import rights_between, with_roles
from pgready.parity.rules import weighed
from pgready.plan.full import full_plan
from pgready.project.external import find_external
from pgready.project.parity_settings import parity_settings
from pgready.report.story import Teller

_WITHOUT_OWNERS = frozenset({"schema", "migrations"})
DEFAULT_THRESHOLD: Weight = "slows"
Fingerprints = Literal["none", "whole", "objects"]


def parity(
    words: Sequence[str],
    project: Project,
    tell: Teller,
    *,
    threshold: Weight | None = None,
    roles: Mapping[str, str] | None = None,
    fix: bool = False,
    fingerprints: Fingerprints = "none",
    diagram: bool = False,
) -> ParityResult:
    """Hold the sides that `words` name against the first; nothing is written but to throw-away databases.

    `roles` maps a side's role to the reference's, on top of the settings. Raises UsageInvalid, MigrationFailed and
    Unreachable; what a role may not see is in the result, or raises where it is a system catalog.
    """
    if len(words) < 2:
        raise UsageInvalid(
            "parity needs two sides at least",
            then="e.g. pgready parity migrations $DATABASE_URL",
            code="usage",
        )
    settings = parity_settings(project.flags, project.environ, project.cwd)
    today = dt.datetime.now(tz=dt.UTC).date()
    sides = asked(words, settings, project)
    with held(sides, project, tell) as (reference, *others):
        external = find_external(project.flags, project.environ, project.cwd)
        run = _Run(reference, settings.rules, today, {**settings.roles, **(roles or {})}, tell, external)
        found = [run.reference(others), *(run.side(one, fix=fix, diagram=diagram) for one in others)]
        if fingerprints != "none":
            found = list(
                _with_fingerprints(found, [one.resolved.catalog for one in (reference, *others)], fingerprints)
            )
    names = {one.name for one in found}
    used = {rule for one in found for _, rule in one.ignored}
    unused = [rule for rule in settings.rules if today <= rule.until and rule not in used]
    return ParityResult(
        sides=tuple(found),
        threshold=threshold or settings.threshold or DEFAULT_THRESHOLD,
        expired=expired(settings.rules, today),
        unused=tuple(rule for rule in unused if not rule.side or rule.side in names),
    )


def _with_fingerprints(
    found: Sequence[SideResult], catalogs: Sequence[Catalog], which: Fingerprints
) -> Iterator[SideResult]:  # fmt: skip
    first = whole(catalogs[0])
    for one, catalog in zip(found, catalogs, strict=True):
        own = first if catalog == catalogs[0] else whole(catalog)
        yield replace(one, fingerprint=own, objects=by_object(catalog) if which == "objects" else {})


class _Run:
    def __init__(
        self,
        reference: Held,
        rules: Sequence[IgnoreRule],
        today: dt.date,
        roles: Mapping[str, str],
        tell: Teller,
        external: External,
    ) -> None:
        self._reference = reference
        self._rules = rules
        self._today = today
        self._roles = roles
        self._tell = tell
        self._external = external

    def reference(self, others: Sequence[Held]) -> SideResult:
        """What is wrong with the reference by itself."""
        own = self._reference
        found = [] if own.kind == "schema" else list(unwell(own.resolved.catalog, own.facts))
        limits = (
            () if own.facts or all(one.facts is None for one in others) else (_NO_SERVER.format(_CALLED[own.kind]),)
        )
        return replace(self._result(own, found, limits), catalog=own.resolved.catalog)

    def side(self, side: Held, *, fix: bool, diagram: bool) -> SideResult:
        """What is not as in the reference."""
        own = self._reference
        old, new = self._catalogs(side)
        new, limit = self._in_one_wording(old, new, side)
        found = [weighed(one) for one in differences(old, new)]
        if own.facts is not None and side.facts is not None:
            found += settings_apart(own.facts, side.facts)
        found += unwell(new, side.facts) if side.kind != "schema" else ()
        # What a schema cannot say is taken to be as on the other side: that others never checked it is no excuse.
        said = Catalog() if own.kind == "schema" else old
        found += not_validated(said, new, found) if side.kind != "schema" else ()
        outside, beyond, more = self._outside(side, old, new)
        found += beyond
        limits = (*_limits(own, side), *([limit] if limit else []), *more)
        result = replace(self._result(side, found, limits), catalog=new)
        if fix:
            left = [one for one, _ in result.ignored]
            told = (*result.findings, *left)
            script = mending(side.name, full_plan(new, old), told, left, side.facts, outside, new)
            result = replace(result, fix=script)
        if diagram:
            from pgready.report.parity_diagram import er_diagram

            result = replace(result, diagram=er_diagram(old, new, result.findings))
        return result

    def _catalogs(self, side: Held) -> tuple[Catalog, Catalog]:
        own = self._reference
        renamed = replace(side.resolved, stored=with_roles(side.resolved.stored or Catalog(), self._roles))
        mine = side.resolved if side.resolved.stored is None else renamed
        old, new = catalog_beside(own.resolved, mine), catalog_beside(mine, own.resolved)
        if "schema" in (own.kind, side.kind):
            default = (own if own.kind == "schema" else side).resolved.default_schema
            old, new = (without_external(each, self._external, default) for each in (old, new))
        if {own.kind, side.kind} & _WITHOUT_OWNERS:
            return without_owners(old), without_owners(new)
        if own.facts is not None and side.facts is not None:
            majors = own.facts.major, side.facts.major
            return rights_between(old, *majors), rights_between(new, *reversed(majors))
        return old, new

    def _outside(
        self, side: Held, old: Catalog, new: Catalog
    ) -> tuple[tuple[OutsideSide, OutsideSide] | None, list[Finding], list[str]]:
        """What both hold beyond their catalogs, what of it differs, and what could not be compared."""
        own = self._reference
        owners = not {own.kind, side.kind} & _WITHOUT_OWNERS
        one, other = (
            each.outside.among(catalog, owners=owners) if each.outside is not None else None
            for each, catalog in ((own, old), (side, new))
        )
        if one is None or other is None:
            holder, objects = ("the reference", one) if other is None else ("this side", other)
            lacking = _CALLED[(side if other is None else own).kind]
            has = unheld(objects) if objects is not None else ""
            if {own.kind, side.kind} == {"snapshot"}:
                return None, [], ["rules, publications, statistics, casts, …: neither side holds them"]
            return None, [], [f"{has}, which {holder} has: {lacking} does not hold them"] if has else []
        other = other.called(self._roles)
        found, limits = outside_differences(one, other, old, new)
        return (one, other), [weighed(each) for each in found], limits

    def _in_one_wording(self, reference: Catalog, side: Catalog, held_side: Held) -> tuple[Catalog, str]:
        majors = [one.facts.major if one.facts else None for one in (self._reference, held_side)]
        if majors[0] is not None and majors[0] == majors[1]:
            return side, ""
        return in_one_wording(reference, side, self._tell)

    def _result(self, side: Held, found: list[Finding], limits: tuple[str, ...]) -> SideResult:
        apart = sort_out(in_order(found), side.name, self._rules, self._today)
        facts = side.facts
        return SideResult(
            name=side.name,
            kind="database" if side.kind == "url" else side.kind,
            findings=apart.findings,
            ignored=apart.ignored,
            environment=environment(facts) if facts else {},
            limits=limits,
            unseen=facts.unseen if facts else (),
        )


_NO_SERVER = "settings, sequences' positions and collations' versions: {} has none"
_CALLED = {"schema": "a schema", "migrations": "a migrations folder", "snapshot": "a snapshot"}


def _limits(reference: Held, side: Held) -> Iterator[str]:
    """What of the two is not compared, and why."""
    kinds = {reference.kind, side.kind}
    if "schema" in kinds:
        yield "what Prisma's schema language cannot say (checks, triggers, policies, views, functions, …)"
    if kinds & _WITHOUT_OWNERS:
        yield f"owners and rights: {_CALLED[min(kinds & _WITHOUT_OWNERS)]} does not say them"
    if (reference.facts is None) != (side.facts is None):
        yield _NO_SERVER.format(_CALLED[reference.kind if reference.facts is None else side.kind])
