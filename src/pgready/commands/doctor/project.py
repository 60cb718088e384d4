"""What doctor sees without a database: settings, schema, migrations, the URL itself."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pgready.commands.sources import shown
from pgready.errors import PgreadyError, UsageInvalid
from pgready.history.model import Migration
from pgready.history.prepare import prepare
from pgready.project.folder import load
from pgready.project.names import LOCK_FILE, PRISMA, survey
from pgready.project.settings import Settings
from pgready.project.url import Target
from pgready.setup.finding import Finding
from pgready.setup.pooler import why_pooler
from pgready.sql.standalone import needs_no_transaction
from pgready.sql.statements import Statement, split

_ADDS = re.compile(r"ALTER\s+TYPE\s+\S+\s+ADD\s+VALUE\s+(?:IF\s+NOT\s+EXISTS\s+)?('(?:[^']|'')*')", re.I)


def refused(error: PgreadyError, kind: str) -> Finding:
    """An error of another command as a finding."""
    words = error.what.rstrip(".")
    if error.excerpt and not re.search(r":\d", error.where):
        words += f": {'; '.join(line.strip() for line in error.excerpt.split(chr(10)) if line.strip())}"
    return Finding(kind, "error", words, error.where, " ".join(error.then.split("\n")) or "pgready settings")


def check_url(settings: Settings) -> Iterator[Finding]:
    """No URL at all, and a pooler in front of statements that it cannot carry."""
    if settings.url is None:
        yield Finding(
            "url-missing",
            "error",
            f"no database URL: looked at {', '.join(settings.searched)}",
            "",
            "export DATABASE_URL=postgresql://USER:PASSWORD@HOST:5432/DATABASE",
        )


def pooler_of(target: Target) -> str:
    """Why this URL leads to a pooler, by what it says; "" if nothing says so."""
    return why_pooler(target.hosts, told=bool(target.pgbouncer))


def check_pooler(settings: Settings, migrations: Sequence[Migration], pooled: bool | None) -> Iterator[Finding]:
    """`pooled` is what the server showed, None without one."""
    if settings.url is None or settings.direct_url is not None:
        return
    why = pooler_of(settings.url)
    if pooled is not None:
        why = (why or "the server's answers come from other connections than ours") if pooled else ""
    if not why:
        return
    alone = [one.name for one in migrations if _stands_alone(one)]
    if alone:
        text = f"{alone[-1]} cannot run through a pooler ({why}), and no direct URL is set"
    else:
        text = f"a pooler stands in front ({why}), and no direct URL is set: CREATE INDEX CONCURRENTLY will be refused"
    yield Finding(
        "pooler-without-direct-url",
        "error" if alone else "warning",
        text,
        settings.url.source,
        "export PGREADY_DIRECT_URL=postgresql://… (the server itself); see docs/how-to/pgbouncer.md",
    )


def _stands_alone(migration: Migration) -> bool:
    try:
        return prepare(migration).needs_direct
    except UsageInvalid:
        return False


def check_migrations(settings: Settings) -> tuple[tuple[Migration, ...], list[Finding]]:
    """The migrations and what is wrong with them: for us, and for Prisma's own CLI."""
    folder = shown(settings.migrations)
    try:
        kind = survey(folder)[0]
        migrations = load(folder)
    except UsageInvalid as e:
        missing = e.code in ("migrations_missing", "migrations_empty") or not os.path.isdir(folder)
        finding = refused(e, "migrations-missing" if missing else "migration-refused")
        if missing and settings.schema_files:
            finding = replace(finding, mend="pgready migrate dev --name init (it writes the first one from the schema)")
        return (), [finding]
    found = []
    for one in migrations:
        try:
            prepare(one)
        except UsageInvalid as e:
            found.append(refused(e, "migration-refused"))
            continue
        if kind == PRISMA:
            found += list(_prisma(one))
    if kind == PRISMA and not os.path.isfile(os.path.join(folder, LOCK_FILE)):
        text = "Prisma's lock file is missing: its CLI takes any provider, and migrate dev writes a new one"
        path = os.path.join(folder, LOCK_FILE)
        mend = f"pgready init --only settings, or: echo 'provider = \"postgresql\"' > {path}"
        found.append(Finding("lock-file-missing", "warning", text, path, mend))
    return migrations, found


def _prisma(migration: Migration) -> Iterator[Finding]:
    """What pgready applies and Prisma's CLI would not, or not so."""
    statements = split(migration.script)
    alone = [kind for one in statements if (kind := needs_no_transaction(one))]
    if alone and len(statements) > 1:
        text = (
            f"{alone[0].upper()} beside other statements: Prisma's CLI sends them as one and fails; pgready splits them"
        )
        yield Finding(
            "prisma-refuses", "warning", text, migration.path, f"give {alone[0].upper()} a migration of its own"
        )
    if added := _used_at_once(statements):
        text = f"{added} is added to an enum and used in the same script: Prisma's CLI sends both as one and fails"
        yield Finding(
            "prisma-refuses", "warning", text, migration.path, f"give what uses {added} a migration of its own"
        )
    if not statements:
        text = "the script does nothing; Prisma takes it for applied all the same"
        yield Finding("prisma-refuses", "warning", text, migration.path, "fill it, or delete its folder")


def _used_at_once(statements: Sequence[Statement]) -> str:
    """A value that one statement adds to an enum and a later one uses; "" for none."""
    added: list[str] = []
    for one in statements:
        found = _ADDS.match(one.text)
        used = next((value for value in added if not found and value in one.text), "")
        if used:
            return used
        if found:
            added.append(found[1])
    return ""


def check_schema(flags: Mapping[str, object], settings: Settings) -> Iterator[Finding]:
    """The schema's own errors, each with its place."""
    if not settings.schema_files:
        return
    from pgready.commands.schema import validate
    from pgready.project.schema_sources import find_and_read

    try:
        verdict = validate((), {name: value for name, value in flags.items() if name in ("schema", "config")})
        sources = {one.source.path: one.source for one in find_and_read((), dict(flags), dict(os.environ), os.getcwd())}
    except UsageInvalid as e:
        yield refused(e, "schema-invalid")
        return
    for one in verdict.diagnostics:
        if one.severity == "error":
            source = sources.get(one.span.source.path)
            line, column = source.position(one.span.start) if source is not None else (1, 1)
            place = f"{one.span.source.path}:{line}:{column}"
            yield Finding("schema-invalid", "error", one.message, place, "pgready validate")
