"""Where in the history the version that runs stands, if only its schema or a snapshot tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pgready.catalog.model import Catalog
from pgready.commands.online.since import Since
from pgready.commands.shadow import replaying
from pgready.commands.sides import Project
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.full import full_changes
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.errors import UsageInvalid
from pgready.history.prepare import Prepared
from pgready.psl.schema import Schema
from pgready.report.story import Event, Teller, plural, silent

_BESIDE = frozenset({"owner", "grants", "comment"})


def names_before(since: Since, prepared: Sequence[Prepared], project: Project, tell: Teller) -> frozenset[str]:
    """The migrations that make exactly what `since` describes, as many as do; raises UsageInvalid if none do."""
    url = project.settings.url
    default = (url.schema if url else None) or "public"
    is_it = _of_schema(since.schema, default) if since.schema is not None else _of_snapshot(since.snapshot or Catalog())
    last = None
    with replaying(project.plan(), len(prepared), silent) as history:
        for number, one in enumerate(prepared, 1):
            history.replay([one])
            if is_it(history.catalog()):
                last = number
    if last is None:
        raise UsageInvalid(
            f"no point of the migrations' history is what {since.title} describes, so it is not known which are new",
            where=since.title,
            then="name the new migrations (pgready lint NAME… --since …), or what has their names: a Git ref, or the"
            " migrations folder of the version that runs",
            code="since_unplaced",
        )
    text = f"{since.title} is what {plural(last, 'migration')} make: {prepared[last - 1].migration.name} is its last"
    tell(Event("since", text, {"last": prepared[last - 1].migration.name}))
    return frozenset(one.migration.name for one in prepared[:last])


def _of_schema(schema: Schema, default: str) -> Callable[[Catalog], bool]:
    wanted = side_of_schema(schema, default)
    schemas = schema.datasource.schemas if schema.datasource else ()

    def is_it(made: Catalog) -> bool:
        previews, style = schema.preview_features, schema.style
        there = side_of_catalog(made, schemas or (default,), default, previews=previews, style=style)
        return not prisma_changes(there, wanted)

    return is_it


def _of_snapshot(wanted: Catalog) -> Callable[[Catalog], bool]:
    """Owners, rights and comments aside: a shadow has its own."""
    return lambda made: all(one.address[0] in _BESIDE for one in full_changes(wanted, made))
