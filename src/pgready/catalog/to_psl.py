"""`db pull`: a catalog as a Prisma schema, text for text what Prisma's introspection writes.

With an existing schema its names, order, comments and hand-made relation names are kept where the database still has
the thing; everything else is the database's. The facts are those of Prisma 6.19 and 7, told apart by `style`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from pgready.catalog.model import Catalog
from pgready.catalog.to_psl_config import datasource_text, generator_text
from pgready.catalog.to_psl_existing import Existing
from pgready.catalog.to_psl_fields import Pull
from pgready.catalog.to_psl_models import enum_text, model_text, view_text
from pgready.catalog.to_psl_names import Names
from pgready.catalog.to_psl_tables import see
from pgready.catalog.to_psl_warnings import broken_joins, warnings_text
from pgready.errors import UsageInvalid
from pgready.psl import tree
from pgready.psl.analyse import analyse
from pgready.psl.diagnostics import Findings
from pgready.psl.format import format_schema
from pgready.psl.parser import parse
from pgready.psl.schema import Enum, Model, Schema
from pgready.psl.source import Source, Span

_NEW_FILE = "introspected.prisma"
_Object = TypeVar("_Object")


@dataclass(frozen=True, slots=True)
class PulledSchema:
    """The files of a pulled schema, and what Prisma warns of, as one text (None for nothing).

    `is_empty` says that the database has nothing that a schema could show; `schemas` were read, there or not.
    """

    files: tuple[Source, ...]
    warnings: str | None
    is_empty: bool = False
    schemas: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the files."""
        return tuple(one.text for one in self.files)


def schema_text(
    catalog: Catalog,
    existing: Sequence[Source] = (),
    *,
    keep: bool = True,
    schemas: Sequence[str] | None = None,
    default_schema: str = "public",
    style: Literal[6, 7] | None = None,
    new_file: str = _NEW_FILE,
) -> PulledSchema:
    """The schema that describes the tables, enums and views of the catalog.

    `existing` are the files of the schema so far: its configuration is written again, and its names, order and comments
    stay. Unless `keep`: then (Prisma's `--force`) its configuration alone does, all is in one file, and files of before
    that are not in the result are to go. `schemas` are the database schemas to read instead of those of the datasource,
    `default_schema` is that of the connection, read where neither names any. What is new goes into the one existing
    file, or into `new_file` if there are several or none. `style` is read off `existing` unless given.

    Raises UsageInvalid for an existing schema that is not valid, and for a foreign key into a schema that is not read.
    """
    if not keep:
        existing = _configuration_only(existing, new_file)
    analysis = analyse(existing)
    if existing and analysis.schema is None:
        first = next(one for one in analysis.diagnostics if one.severity == "error")
        raise UsageInvalid(
            f"the existing schema is not valid: {first.message}",
            where=first.span.where(),
            then="mend it (`pgready validate` shows everything), or pull with --force",
            code="pull_schema_invalid",
        )
    whole = analysis.schema or Schema()
    style = style or analysis.style
    source = whole.datasource
    wanted = schemas if schemas is not None else source.schemas if source is not None and source.schemas else None
    read = tuple(wanted or (default_schema,))
    seen = see(catalog, read, default_schema, partial_indexes=style == 7)
    kept = Existing(whole, seen)
    with_views = "views" in whole.preview_features
    pull = Pull(
        seen=seen,
        existing=kept,
        names=Names(seen, kept, with_views=with_views),
        datasource="db" if source is None else source.name,
        says_schema=wanted is not None,
        with_views=with_views,
        has_foreign_keys=source is None or source.relation_mode == "foreignKeys",
    )
    files = _Files(existing, new_file)
    _configuration(files, whole, existing, forced=schemas)
    shown = _blocks(files, pull)
    texts = files.texts()
    laid_out = format_schema([Source(path, text) for path, text in texts.items()], style=style)
    return PulledSchema(
        tuple(Source(path, text) for path, text in zip(texts, laid_out, strict=True)),
        warnings_text(pull, tuple(broken_joins(pull))),
        is_empty=not shown,
        schemas=read,
    )


class _Files:
    """Blocks by file, in the order in which Prisma writes them: configuration, models, views, enums."""

    def __init__(self, existing: Sequence[Source], new_file: str) -> None:
        self._files: dict[str, dict[str, list[str]]] = {one.path: {} for one in existing}
        self._new = existing[0].path if len(existing) == 1 else new_file

    def add(self, kind: str, span: Span | None, text: str) -> None:
        """A block into the file of what it was before, or into that for what is new."""
        path = self._new if span is None else span.source.path
        self._files.setdefault(path, {}).setdefault(kind, []).append(text)

    def texts(self) -> dict[str, str]:
        """The files with their blocks, an empty line between them."""
        order = ("configuration", "model", "view", "enum")
        return {
            path: "\n".join(text for kind in order for text in blocks.get(kind, []))
            for path, blocks in self._files.items()
        }


def _configuration_only(existing: Sequence[Source], new_file: str) -> tuple[Source, ...]:
    """One file with nothing but the datasource and the generators, whatever else is there; their comments go, too."""
    if not existing:
        return ()
    items = [item for source in existing for item in parse(source, Findings()).items]
    text = "".join(one.span.text + "\n" for one in items if isinstance(one, tree.Config))
    return (Source(existing[0].path if len(existing) == 1 else new_file, text),)


def _configuration(files: _Files, schema: Schema, existing: Sequence[Source], *, forced: Sequence[str] | None) -> None:
    nodes = [
        item
        for source in existing
        for item in parse(source, Findings()).items
        if isinstance(item, tree.Config)
    ]  # fmt: skip
    for node in nodes:
        if node.kind == "generator":
            found = next(one for one in schema.generators if one.name == node.name.text)
            files.add("configuration", node.span, generator_text(node, found))
    for node in nodes:
        if node.kind == "datasource" and schema.datasource is not None:
            text = datasource_text(node, schema.datasource, forced)
            files.add("configuration", node.span, text)


def _blocks(files: _Files, pull: Pull) -> int:
    """Write every block; their number."""
    seen, existing = pull.seen, pull.existing
    count = 0
    enums = {id(one): number for number, one in enumerate(existing.schema.enums)}
    for enum in _ordered(seen.enums, lambda one: existing.enums.get(one.name), enums):
        found = existing.enums.get(enum.name)
        files.add("enum", None if found is None else found.span, enum_text(pull, enum))
        count += 1
    models = {id(one): number for number, one in enumerate(existing.schema.tables_and_views())}
    for table in _ordered(pull.models, lambda one: existing.models.get(one.name), models):
        model = existing.models.get(table.name)
        files.add("model", None if model is None else model.span, model_text(pull, table))
        count += 1
    if pull.with_views:
        for view in _ordered(seen.views, lambda one: existing.views.get(one.name), models):
            model = existing.views.get(view.name)
            files.add("view", None if model is None else model.span, view_text(pull, view))
            count += 1
    return count


def _ordered(
    found: Sequence[_Object], old: Callable[[_Object], Model | Enum | None], order: dict[int, int]
) -> list[_Object]:
    """What the existing schema has in its order, then the rest."""

    def place(one: _Object) -> int:
        before = old(one)
        return len(order) if before is None else order[id(before)]

    return sorted(found, key=place)
