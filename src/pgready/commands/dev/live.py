"""The live database of migrate dev: looked at, counted in, deployed to. Every trouble is told as the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pgready.catalog.model import Catalog
from pgready.commands.arrive import Arrival
from pgready.commands.deploy import Deploy
from pgready.diff.data_loss import Count
from pgready.errors import NotReady, UsageInvalid
from pgready.history.diagnose import diagnose
from pgready.history.model import Migration, Row
from pgready.postgres.connect import ConnectFailed, unreachable
from pgready.postgres.deploy.ground import create_schemas, create_table
from pgready.postgres.deploy.lock import holders
from pgready.postgres.introspection import introspect
from pgready.postgres.pushing import count
from pgready.postgres.readiness import TABLE
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.postgres.trouble import Trouble
from pgready.process.waiting import Backoff, Patience
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller

# Prisma counts for that long, and goes on with what it has.
_COUNTING = 60.0


@dataclass(frozen=True, slots=True)
class Look:
    """What the database was when it was looked at; the migrations table is not in the catalog."""

    server: Server
    rows: tuple[Row, ...]
    catalog: Catalog


class LiveDatabase:
    """Raises Unreachable, UsageInvalid and NotReady, and what a deploy raises."""

    def __init__(self, settings: Settings, tell: Teller) -> None:
        self.settings = settings
        self.tell = tell
        self.target = settings.require_url()

    @contextmanager
    def _session(self, name: str) -> Iterator[tuple[Session, Arrival]]:
        patience = Patience(self.settings.timeout)
        arrival = Arrival(self.settings, self.target, self.tell, patience)
        try:
            session = arrival.session(name)
            try:
                yield session, arrival
            finally:
                session.close()
        except ConnectFailed as e:
            raise unreachable(e.trouble, self.target) from None
        except ConnectionLost as e:
            raise unreachable(Trouble("dropped", e.words, transient=True), self.target) from None
        except ServerError as e:
            raise UsageInvalid(
                f"the server refused what pgready asks: {e.message}; nothing was changed",
                where=self.target.redacted,
                detail=e.words(),
                code="refused",
            ) from None

    def look(self, migrations: Sequence[Migration], schemas: Sequence[str]) -> Look:
        """The database as it is, once nobody is at work in it."""
        with self._session("look") as (session, arrival):
            backoff = Backoff(first=0.05, most=1.0)
            while True:
                server = ask(session, self.settings.migrations_schema, self.settings.schemas)
                if server.in_recovery:
                    raise NotReady(
                        "the server is a read-only standby (in recovery): migrate dev needs the primary",
                        where=self.target.redacted,
                        then="name the primary in the URL",
                        code="standby",
                    )
                table = Table(server.table_schema) if server.table_exists and server.table_schema else None
                rows = table.read(session) if table else ()
                who = holders(session)
                running = who and diagnose(migrations, rows, running=True).running
                if not running or arrival.patience.exhausted:
                    break
                arrival.waiting("lock", f"another process migrates: {'; '.join(h.describe() for h in who)}")
                backoff.pause(arrival.patience)
            found = introspect(session, schemas)
            tables = tuple(each for each in found.tables if each.name.name != TABLE)
            return Look(server, rows, replace(found, tables=tables))

    def counts(self, wanted: Sequence[Count]) -> dict[Count, int]:
        """The numbers, as far as the role may read them and time allows."""
        if not wanted:
            return {}
        with self._session("count") as (session, _):
            return count(session, wanted, _COUNTING)

    def deploy(self, server: Server, *, among_others: bool) -> list[str]:
        """Apply what is pending and return its names; `among_others`: tables that are there are somebody else's."""
        if among_others and not server.table_exists:
            self._make_table()
        return Deploy(self.settings, self._briefly).run().applied

    def _briefly(self, event: Event) -> None:
        """Which server it is: whoever sits in front of it knows."""
        if event.kind != "server":
            self.tell(event)

    def _make_table(self) -> None:
        """A deploy would take the database for a stranger's; here what is in it was judged."""
        with self._session("migrations table") as (session, _):
            server = ask(session, self.settings.migrations_schema, self.settings.schemas)
            create_schemas(session, server, self.settings.schema_owner)
            server = ask(session, self.settings.migrations_schema, self.settings.schemas)
            if server.table_schema is not None and not server.table_exists:
                create_table(session, server, Table(server.table_schema))
