"""validate and format: the schema's files, the core's answer about them, and what is to be written.

Neither needs a database, a URL or a `.env`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.project.schema_sources import SchemaFile, find_and_read, rewrite
from pgready.psl.diagnostics import Diagnostic, Findings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `validate` found; `prisma` is the major version whose verdict it is, `provider` "" where none is given."""

    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    provider: str
    prisma: int

    @property
    def is_valid(self) -> bool:
        """Whether there is no error; warnings leave a schema valid."""
        return all(found.severity != "error" for found in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Formatted:
    """What `format` found: the files, those that change(d), and the syntax errors that kept it from writing."""

    files: tuple[str, ...]
    changed: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def validate(paths: Sequence[str], flags: Mapping[str, object]) -> Verdict:
    """Judge the schema of `paths`, or the project's; raises UsageInvalid where its files cannot be read."""
    from pgready.psl.analyse import analyse

    files = find_and_read(paths, flags, dict(os.environ), os.getcwd())
    found = analyse([file.source for file in files])
    return Verdict(_names(files), found.diagnostics, found.provider, found.style)


def format_files(paths: Sequence[str], flags: Mapping[str, object], *, check: bool) -> Formatted:
    """Rewrite what is not formatted yet; with `check` only look.

    A file with syntax errors keeps the whole schema from being written: its lines cannot be told apart. Other errors
    do not, since a formatter is what one uses while the schema is still being written. Raises UsageInvalid.
    """
    from pgready.psl.format import format_schema
    from pgready.psl.parser import parse

    files = find_and_read(paths, flags, dict(os.environ), os.getcwd())
    sources = [file.source for file in files]
    findings = Findings()
    for source in sources:
        parse(source, findings)
    if findings.has_errors:
        return Formatted(_names(files), (), tuple(findings))
    changes: list[tuple[SchemaFile, bytes]] = []
    for file, text in zip(files, format_schema(sources), strict=True):
        content = file.encoded(text)
        if content != file.data:
            changes.append((file, content))
    if changes and not check:
        rewrite(changes)
    return Formatted(_names(files), tuple([file.source.path for file, _ in changes]), ())


def _names(files: Sequence[SchemaFile]) -> tuple[str, ...]:
    return tuple([file.source.path for file in files])
