"""migrate diff: two sides held against each other in Prisma's manner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pgready.commands.sides import Project, Resolved, Side, resolve_sides
from pgready.diff import sides as prisma
from pgready.diff.changes import Change
from pgready.report.story import Event, Teller


@dataclass(frozen=True, slots=True)
class Difference:
    """What turns `before` into `after`, in Prisma's order."""

    before: prisma.Side
    after: prisma.Side
    changes: tuple[Change, ...]

    @property
    def script(self) -> str:
        """The SQL, as Prisma writes it."""
        from pgready.plan.prisma import prisma_sql

        return prisma_sql(self.changes, self.before, self.after)

    @property
    def summary(self) -> str:
        """The changes for people."""
        from pgready.plan.summary import summary

        return summary(self.changes)

    def as_dict(self) -> dict[str, object]:
        """For `--json`: a change's `kind` is the header that Prisma's script gives it."""
        from pgready.diff.data_loss import warnings_of
        from pgready.diff.pitfalls import pitfalls
        from pgready.plan.names import Names
        from pgready.plan.prisma import statements_of
        from pgready.plan.summary import subject

        names = Names.of(self.before, self.after)
        return {
            "different": bool(self.changes),
            "changes": [
                {"kind": type(one).__name__, "name": subject(one), "sql": statements_of(one, names)}
                for one in self.changes
            ],
            "warnings": list(warnings_of(self.changes)),
            "pitfalls": [
                {"change": one.step, "why": one.why, "instead": one.instead} for one in pitfalls(self.changes)
            ],
            "script": self.script,
        }


def diff(before: Side, after: Side, project: Project, tell: Teller) -> Difference:
    """The difference, without what the project declares external; raises what `resolve_sides` raises."""
    from pgready.collection import uncollected
    from pgready.diff.others import external_among
    from pgready.diff.pitfalls import pitfalls
    from pgready.diff.prisma import prisma_changes
    from pgready.project.external import find_external

    one, other = resolve_sides((before, after), project, tell)
    schemas = [side.schema for side in (one, other) if side.schema is not None]
    previews = frozenset(name for schema in schemas for name in schema.preview_features)
    style: Literal[6, 7] = 6 if any(schema.style == 6 for schema in schemas) else 7
    with uncollected():
        sides = [_as_prisma_sees(side, previews, style) for side in (one, other)]
        if {before.kind, after.kind} - {"empty", "schema"}:  # two files ask for no settings
            external = find_external(project.flags, project.environ, project.cwd)
            declared = external_among(sides[0], sides[1], external, one.default_schema)
            sides = [declared.without(side) for side in sides]
        found = Difference(sides[0], sides[1], prisma_changes(sides[0], sides[1]))
    for each in pitfalls(found.changes):
        tell(Event("pitfall", f"no server takes this script: {each.why}; instead: {each.instead}", {}))
    return found


def _as_prisma_sees(side: Resolved, previews: Collection[str], style: Literal[6, 7]) -> prisma.Side:
    if side.schema is not None:
        from pgready.diff.schema_side import side_of_schema

        return side_of_schema(side.schema, side.default_schema)
    if side.stored is None:
        return prisma.EMPTY
    from pgready.diff.catalog_side import side_of_catalog

    return side_of_catalog(side.stored, side.schemas, side.default_schema, previews=previews, style=style)
