"""db pull: the live database's structure into the project's schema files.

Everything is read and worked out before the first file is touched, and the files are replaced together.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.catalog.to_psl import PulledSchema, schema_text
from pgready.commands.boot import tell_notes
from pgready.commands.schema_trouble import refuse_invalid
from pgready.commands.sides import introspected
from pgready.errors import UsageInvalid
from pgready.project.resolution import schema_path
from pgready.project.schema_files import default_files, find_schema
from pgready.project.schema_sources import SchemaFile, find_and_read, rewrite
from pgready.project.settings import Settings
from pgready.psl import tree
from pgready.psl.analyse import analyse
from pgready.psl.diagnostics import Diagnostic, Findings
from pgready.psl.parser import parse
from pgready.psl.source import Source
from pgready.report.diagnostics import count
from pgready.report.story import Event, Teller, plural, seconds

_FIRST = "prisma/schema.prisma"
_NEW = "introspected.prisma"
_DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//([^\n]*)')
_BLOCK = re.compile(r"^(model|view|enum)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Existing:
    """The schema so far: `files` as they are on disk, `sources` as they are read, `new_file` for what has no place yet.

    Without any schema `files` is empty and `sources` a datasource.
    """

    files: tuple[SchemaFile, ...]
    sources: tuple[Source, ...]
    new_file: str


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was pulled: `files` with their text and what becomes of each, Prisma's `warnings`.

    `states` says "unchanged", "changed", "new" or "removed" for each path, `trouble` what is wrong with the schema,
    `unread` counts the tables of the database's other schemas, `lost` the comments of before that are not there now.
    """

    files: tuple[Source, ...]
    states: Mapping[str, str]
    warnings: str | None
    trouble: tuple[Diagnostic, ...]
    unread: Mapping[str, int]
    lost: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How many models, views and enums there are."""
        found = Counter(word for one in self.files for word in _BLOCK.findall(one.text))
        return {f"{word}s": found[word] for word in ("model", "view", "enum")}

    def as_dict(self) -> dict[str, object]:
        """The result as data for `--json`."""
        texts = {one.path: one.text for one in self.files}
        files = [
            {"path": path, "state": state} | ({"content": texts[path]} if path in texts else {})
            for path, state in self.states.items()
        ]
        return {
            **self.counts,
            "files": files,
            "warnings": self.warnings,
            "valid": not self.trouble,
            "unread": dict(self.unread),
            "lost_comments": self.lost,
        }


def pull(
    settings: Settings,
    tell: Teller,
    flags: Mapping[str, object],
    *,
    force: bool = False,
    schemas: Sequence[str] | None = None,
    writes: bool = True,
) -> Pulled:
    """Read the database into the project's schema, and write what changed if `writes`.

    With `force` nothing of the existing schema but its configuration counts; `schemas` are those of the database to
    read, instead of the datasource's. Raises UsageInvalid for a schema that is not valid, a database with nothing in
    it, and files that cannot be written; Unreachable.
    """
    began = time.monotonic()
    target = settings.require_url()
    existing = _existing(flags, os.getcwd())
    tell_notes(settings, tell)
    if not force:
        _refuse_invalid(existing)
    _refuse_without_datasource(existing)
    catalog = introspected(target, None)
    _refuse_unknown(schemas, catalog, target.redacted)
    found = schema_text(
        catalog,
        existing.sources,
        keep=not force,
        schemas=schemas,
        default_schema=target.schema or "public",
        new_file=existing.new_file,
    )
    unread = _unread(catalog, found.schemas)
    if found.is_empty:
        raise _empty(found.schemas, unread, target.redacted)
    trouble = tuple(one for one in analyse(found.files).diagnostics if one.severity == "error")
    lost = _comments(existing.sources) - _comments(found.files)
    pulled = Pulled(found.files, _states(existing, found), found.warnings, trouble, unread, lost.total())
    if writes:
        _write(existing, pulled)
    _tell(pulled, tell, took=time.monotonic() - began, writes=writes)
    return pulled


def _existing(flags: Mapping[str, object], cwd: str) -> Existing:
    environ = dict(os.environ)
    path, source, _ = schema_path(flags, environ, cwd)
    is_default = not path or source.startswith("beside ")
    if is_default and not (os.path.exists(os.path.join(cwd, path)) if path else default_files(cwd)):
        first = path or _FIRST
        return Existing((), (Source(first, _DATASOURCE),), first)
    files = find_and_read((), flags, environ, cwd)
    root = find_schema(cwd, path, source).root
    return Existing(files, tuple(one.source for one in files), os.path.normpath(os.path.join(root, _NEW)))


def _refuse_invalid(existing: Existing) -> None:
    found = analyse(existing.sources)
    if found.schema is not None:
        return
    error = refuse_invalid(found.diagnostics, " ".join(one.source.path for one in existing.files))
    error.then = (
        f"mend it first ({error.then}), or pgready db pull --force: it takes over the configuration only, and names, "
        "comments and order of the schema are lost"
    )
    raise error


def _refuse_without_datasource(existing: Existing) -> None:
    blocks = (item for one in existing.sources for item in parse(one, Findings()).items)
    if any(isinstance(item, tree.Config) and item.kind == "datasource" for item in blocks):
        return
    raise UsageInvalid(
        "the schema has no datasource",
        where=existing.sources[0].path,
        then='begin it with: datasource db { provider = "postgresql" }',
        code="datasource_missing",
    )


def _refuse_unknown(schemas: Sequence[str] | None, catalog: Catalog, where: str) -> None:
    known = {one.name for one in catalog.schemas}
    missing = [name for name in schemas or () if name not in known]
    if missing:
        raise UsageInvalid(
            f"the database has no schema {', '.join(missing)}",
            where=where,
            then=f"it has: {', '.join(sorted(known)) or 'none'}",
            code="pull_schema_unknown",
        )


def _empty(read: Sequence[str], unread: Mapping[str, int], where: str) -> UsageInvalid:
    others = f"; {_counted(unread)}: name them with --schemas" if unread else ""
    return UsageInvalid(
        f"there is nothing to pull (P4001): no table and no enum in {', '.join(read)}; nothing was written",
        where=where,
        then=f"create a table, or point the URL to another database{others}",
        code="P4001",
    )


def _unread(catalog: Catalog, read: Sequence[str]) -> dict[str, int]:
    tables = (one.name for one in catalog.tables if one.partition is None)
    return dict(sorted(Counter(one.schema for one in tables if one.schema not in read).items()))


def _counted(unread: Mapping[str, int]) -> str:
    return ", ".join(f"{name} has {plural(number, 'table')}" for name, number in unread.items())


def _states(existing: Existing, found: PulledSchema) -> dict[str, str]:
    before = {one.source.path: one for one in existing.files}
    states = {}
    for one in found.files:
        file = before.pop(one.path, None)
        same = file is not None and file.encoded(one.text) == file.data
        states[one.path] = "new" if file is None else "unchanged" if same else "changed"
    return states | dict.fromkeys(before, "removed")


def _comments(sources: Sequence[Source]) -> Counter[str]:
    """What the comments say, each as often as it is said."""
    found = (one[1] or "" for source in sources for one in _COMMENT.finditer(source.text))
    said = (text.strip("/ \t\r") for text in found)
    return Counter(text for text in said if text)


def _write(existing: Existing, pulled: Pulled) -> None:
    before = {one.source.path: one for one in existing.files}
    texts = {one.path: one.text for one in pulled.files}
    by_state: dict[str, list[str]] = {"changed": [], "new": [], "removed": [], "unchanged": []}
    for path, state in pulled.states.items():
        by_state[state].append(path)
    rewrite(
        [(before[path], before[path].encoded(texts[path])) for path in by_state["changed"]],
        new=[(path, texts[path].encode()) for path in by_state["new"]],
        gone=[before[path] for path in by_state["removed"]],
    )


def _tell(pulled: Pulled, tell: Teller, *, took: float, writes: bool) -> None:
    counts = [plural(number, word[:-1]) for word, number in pulled.counts.items() if number]
    for state in ("new", "changed", "removed"):
        paths = [path for path, one in pulled.states.items() if one == state]
        if paths and writes:
            verb = {"new": "made", "changed": "wrote", "removed": "removed"}[state]
            tell(Event("file", f"{verb} {', '.join(paths)}", {"state": state, "paths": paths}))
    same = "; the schema says so already" if set(pulled.states.values()) <= {"unchanged"} and writes else ""
    tell(Event("pulled", f"introspected {', '.join(counts)} in {seconds(took)}{same}", dict(pulled.counts)))
    if pulled.unread:
        text = f"not read: {_counted(pulled.unread)} (--schemas, or `schemas` of the datasource, says what is)"
        tell(Event("note", text, {"unread": dict(pulled.unread)}))
    if writes and pulled.lost:
        text = (
            f"{plural(pulled.lost, 'comment')} gone: db pull keeps those of /// that stand above something, as Prisma's"
        )
        tell(Event("note", text, {"lost_comments": pulled.lost}))
    if pulled.trouble:
        first = pulled.trouble[0]
        text = (
            f"the schema as it was pulled is not valid, nor is Prisma's: {count(pulled.trouble)}; the first is at "
            f"{first.span.where()}: {first.message}. Rename what clashes with @map or @@map, which the next pull "
            "keeps; for all findings: pgready validate"
        )
        tell(Event("invalid", text, {"where": first.span.where(), "message": first.message}))
