"""migrate diff --full: two sides held against each other in everything that a catalog holds."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.catalog.model import Catalog, Schema
from pgready.commands.sides import Project, Resolved, Side, resolve_sides
from pgready.diff.full import FullChange
from pgready.plan.full import FullPlan
from pgready.report.story import Teller

_WITHOUT_OWNERS = frozenset({"schema", "migrations"})
"""A schema says nothing about owners and rights, and a shadow database has those of whoever made it."""


@dataclass(frozen=True, slots=True)
class FullDifference:
    """What turns one catalog into the other, sorted by address, and the plan that does it."""

    changes: tuple[FullChange, ...]
    plan: FullPlan

    @property
    def script(self) -> str:
        """The SQL."""
        return self.plan.script or "-- This is an empty migration.\n"

    @property
    def summary(self) -> str:
        """The changes for people."""
        from pgready.plan.full_summary import full_summary

        return full_summary(self.changes)

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        from pgready.plan.full_summary import described, full_change_as_dict

        return {
            "different": bool(self.changes),
            "changes": [full_change_as_dict(one) for one in self.changes],
            "statements": [
                {"kind": one.kind, "name": list(one.name), "sql": one.sql, "part": number}
                for number, part in enumerate(self.plan.parts, 1)
                for one in part
            ],
            "losses": [described(one) for one in self.plan.losses],
            "settings": [one.sql for one in self.plan.settings],
            "script": self.script,
        }


def full_diff(before: Side, after: Side, project: Project, tell: Teller, *, owners: bool = True) -> FullDifference:
    """The difference, owners and rights with it if asked for; raises what `resolve_sides` raises."""
    from pgready.catalog.scope import without_owners
    from pgready.diff.full import full_changes
    from pgready.plan.full import full_plan

    one, other = resolve_sides((before, after), project, tell, in_full=True)
    old, new = catalog_beside(one, other), catalog_beside(other, one)
    if not owners or {before.kind, after.kind} & _WITHOUT_OWNERS:
        old, new = without_owners(old), without_owners(new)
    return FullDifference(full_changes(old, new), full_plan(old, new))


def catalog_beside(side: Resolved, against: Resolved) -> Catalog:
    """A side's catalog; a Prisma schema's is the other side with what the schema says."""
    if side.side.kind == "empty":  # a new database has a schema public
        return Catalog(schemas=tuple(Schema(one.name) for one in against.catalog.schemas if one.name == "public"))
    if side.schema is None or against.schema is not None:
        return side.catalog
    from pgready.diff.full_schema import overlaid

    partial = "partialIndexes" in side.schema.preview_features
    return overlaid(against.catalog, side.catalog, side.schemas, partial_indexes=partial)
