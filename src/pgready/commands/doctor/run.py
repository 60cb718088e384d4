"""doctor: everything that can be said about a set-up, with and without its database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pgready.commands.doctor.database import Roles, check_history, check_role, check_state, longest
from pgready.commands.doctor.project import (
    check_migrations,
    check_pooler,
    check_schema,
    check_url,
    refused,
)
from pgready.commands.init.repository import read_tree
from pgready.commands.status import status
from pgready.errors import PgreadyError, UsageInvalid
from pgready.history.model import Migration
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.server import ask
from pgready.postgres.session import ConnectionLost, ServerError
from pgready.project.resolution import resolve
from pgready.project.settings import Settings
from pgready.project.smoke_settings import smoke_settings
from pgready.project.url import Target, parse
from pgready.report.story import plural
from pgready.setup.check_images import check_images
from pgready.setup.check_kubernetes import check_kubernetes
from pgready.setup.finding import Finding
from pgready.setup.survey import survey
from pgready.sql.names import quote_ident


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, what was looked at, and what could not be, each in words."""

    findings: tuple[Finding, ...]
    looked_at: tuple[str, ...]
    not_looked_at: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """4 with errors; warnings leave it 0."""
        return 4 if any(one.level == "error" for one in self.findings) else 0

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "ok": not self.exit_code,
            "findings": [one.as_dict() for one in self.findings],
            "looked_at": list(self.looked_at),
            "not_looked_at": list(self.not_looked_at),
            "exit_code": self.exit_code,
        }


class _Doctor:
    def __init__(self, flags: Mapping[str, object], *, offline: bool, longest_seconds: float | None) -> None:
        self.flags = flags
        self.offline = offline
        self.longest = longest_seconds
        self.found: list[Finding] = []
        self.looked: list[str] = []
        self.missed: list[str] = []
        self.pooled: bool | None = None

    def run(self) -> Diagnosis:
        settings = self.settings()
        migrations: tuple[Migration, ...] = ()
        if settings is not None:
            migrations = self.project(settings)
            self.database(settings)
            self.found += check_pooler(settings, migrations, self.pooled)
        self.repository()
        order = {"error": 0, "warning": 1}
        unique = dict.fromkeys(sorted(self.found, key=lambda one: order[one.level]))
        return Diagnosis(tuple(unique), tuple(self.looked), tuple(self.missed))

    def settings(self) -> Settings | None:
        try:
            found = resolve(dict(self.flags), dict(os.environ), os.getcwd())
        except UsageInvalid as e:
            self.found.append(refused(e, "settings-invalid"))
            self.missed.append("schema, migrations and database: the settings cannot be read")
            return None
        self.looked.append("settings")
        try:
            smoke_settings(self.flags, os.environ, os.getcwd())
        except UsageInvalid as e:
            self.found.append(refused(e, "settings-invalid"))
        return found

    def project(self, settings: Settings) -> tuple[Migration, ...]:
        migrations, found = check_migrations(settings)
        self.found += found
        self.found += check_schema(self.flags, settings)
        self.looked.append(plural(len(migrations), "migration"))
        if settings.schema_files:
            self.looked.append("the schema")
        return migrations

    def repository(self) -> None:
        seen = survey(read_tree("."))
        self.found += check_images(seen)
        self.found += check_kubernetes(seen, self.longest)
        for count, what in (
            (len(seen.dockerfiles), "Dockerfile"),
            (int(bool(seen.compose)), "compose file"),
            (len(seen.workloads), "workload"),
        ):
            if count:
                self.looked.append(plural(count, what))
        if seen.workloads and self.longest is None:
            self.missed.append("probes against the longest migration: give a database, or --longest TIME")

    # ── the database ──

    def database(self, settings: Settings) -> None:
        if self.offline:
            self.missed.append("the database: --offline")
            return
        if settings.url is None:
            self.found += check_url(settings)
            self.missed.append("the database: no URL")
            return
        served = self.served(settings)
        self.ask(settings, settings.url, Roles(serves=served is None, migrates=True), whole=True)
        if served is not None:
            owner = str(settings.url.params.get("user") or "")
            self.ask(settings, served, Roles(serves=True, migrates=False, owner=owner), whole=False)

    def served(self, settings: Settings) -> Target | None:
        """The service's own URL, where another one migrates."""
        text = os.environ.get("DATABASE_URL", "").strip()
        if not os.environ.get("PGREADY_URL") or not text or settings.url is None:
            return None
        try:
            target = parse(text, "DATABASE_URL")
        except UsageInvalid as e:
            self.found.append(refused(e, "settings-invalid"))
            return None
        return None if target.params.get("user") == settings.url.params.get("user") else target

    def ask(self, settings: Settings, target: Target, roles: Roles, *, whole: bool) -> None:
        try:
            session = open_session(target, "doctor")
        except ConnectFailed as e:
            finding = refused(unreachable(e.trouble, target), "unreachable")
            mend = finding.mend.replace("DATABASE_URL", target.source.rpartition(" ")[2])
            if e.trouble.code == "database_missing":
                mend = f"CREATE DATABASE {quote_ident(str(target.params.get('dbname') or ''))};"
                mend += " -- or: pgready boot --create-database"
            self.found.append(replace(finding, mend=mend))
            self.missed.append(f"the database of {target.source}: it cannot be reached")
            return
        try:
            server = ask(session, settings.migrations_schema, settings.schemas)
            self.looked.append(f"PostgreSQL {server.version_text}, database {server.database}, as {server.role}")
            self.found += check_role(session, server, roles, target.source)
            if whole:
                self.pooled = server.pooled
                self.found += check_state(session, target.source)
                took = longest(session, server)
                if took is not None and self.longest is None:
                    self.longest = took[0]
        except (ServerError, ConnectionLost) as e:
            words = e.message if isinstance(e, ServerError) else e.words
            self.found.append(
                Finding(
                    "unreachable",
                    "error",
                    f"the server does not answer: {words}",
                    target.source,
                    "pgready migrate status",
                )
            )
        except PgreadyError as e:
            self.found.append(refused(e, "unreachable"))
        finally:
            session.close()
        if whole:
            self.history(settings)

    def history(self, settings: Settings) -> None:
        try:
            self.found += check_history(status(settings), settings.url.source if settings.url else "")
        except PgreadyError as e:
            if not any(
                one.id in ("unreachable", "may-not-migrate", "migrations-missing", "migration-refused")
                for one in self.found
            ):
                self.found.append(refused(e, "history"))
            self.missed.append("the history")


def doctor(flags: Mapping[str, object], *, offline: bool, longest_seconds: float | None) -> Diagnosis:
    """Look at everything that can be looked at; writes nothing, and waits for nobody."""
    return _Doctor(flags, offline=offline, longest_seconds=longest_seconds).run()
