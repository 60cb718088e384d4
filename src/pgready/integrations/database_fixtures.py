"""pytest fixtures: migrated databases from a pool of clones, sessions that are rolled back, parity asserted.

Nothing is imported, started or made until a test asks for one of them.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection, Engine
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.orm import Session

    from pgready.integrations.clones import TestDatabase, TestServer

_ENDED = (
    "the test ended its transaction (COMMIT or ROLLBACK as SQL): what it wrote is in the shared database."
    " Use pgready_database for such a test"
)
# The first mark ends with its transaction; the second outlives one that was committed, and no other.
_MARK = (
    "SELECT pg_catalog.set_config('pgready.test', 'open', true),"
    " pg_catalog.set_config('pgready.committed', 'yes', false)"
)
_MARKED = "SELECT pg_catalog.current_setting('pgready.test', true)"
_COMMITTED = "SELECT pg_catalog.current_setting('pgready.committed', true)"


@contextmanager
def _told() -> Iterator[None]:
    """Errors of ours as the test's failure, without a traceback through pgready."""
    from pgready.errors import PgreadyError
    from pgready.integrations.clones import words

    try:
        yield
    except PgreadyError as e:
        said = words(e)
    else:
        return
    pytest.fail(said, pytrace=False)


@pytest.fixture(scope="session")
def pgready_server(request: pytest.FixtureRequest) -> Iterator[TestServer]:
    """The server that the databases are on: PGREADY_TEST_URL, or an embedded one; started when a database is needed."""
    from pgready.integrations.clones import TestServer

    ahead = int(request.config.getoption("--pgready-clones"))
    server = TestServer(str(request.config.rootpath), os.environ, ahead=ahead)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def pgready_database(pgready_server: TestServer) -> Iterator[TestDatabase]:
    """A migrated database of this test's own: `.url`, `.name`, `.sqlalchemy_url`, `.asyncpg_url`, `.connect()`."""
    with _told():
        place = pgready_server.database()
        database = place.__enter__()
    try:
        yield database
    finally:
        place.__exit__(None, None, None)


class _Shared:
    """The one database of the session that rolled-back tests share; a new one after a test that committed."""

    def __init__(self, server: TestServer) -> None:
        self._server = server
        self._place: Any = None
        self._database: TestDatabase | None = None
        self._engine: Engine | None = None

    @property
    def database(self) -> TestDatabase:
        if self._database is None:
            with _told():
                self._place = self._server.database()
                self._database = self._place.__enter__()
        return self._database

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            from sqlalchemy import create_engine

            self._engine = create_engine(self.database.sqlalchemy_url, pool_size=1)
        return self._engine

    def spoiled(self) -> None:
        """A test wrote to it for good: leave it and fail the test."""
        self.close()
        pytest.fail(_ENDED, pytrace=False)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        if self._place is not None:
            self._place.__exit__(None, None, None)
        self._place = self._database = self._engine = None


@pytest.fixture(scope="session")
def _pgready_shared(pgready_server: TestServer) -> Iterator[_Shared]:
    shared = _Shared(pgready_server)
    yield shared
    shared.close()


@pytest.fixture
def pgready_psycopg(_pgready_shared: _Shared) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A psycopg connection inside a transaction that is rolled back; `connection.transaction()` makes savepoints."""
    import psycopg

    with psycopg.connect(_pgready_shared.database.url) as connection:
        ended = False
        with connection.transaction(force_rollback=True):
            connection.execute(_MARK)
            yield connection
            if connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
                ended = connection.execute(_MARKED).fetchone() != ("open",)
        ended = ended or connection.execute(_COMMITTED).fetchone() == ("yes",)
    if ended:
        _pgready_shared.spoiled()


@pytest.fixture
def pgready_connection(_pgready_shared: _Shared) -> Iterator[Connection]:
    """A SQLAlchemy connection inside a transaction that is rolled back; `begin_nested()` makes savepoints."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    with _pgready_shared.engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(text(_MARK))
        yield connection
        try:
            ended = transaction.is_active and connection.execute(text(_MARKED)).scalar() != "open"
        except DBAPIError:  # the transaction has failed: it is rolled back whole
            ended = False
        if transaction.is_active:
            transaction.rollback()
        ended = ended or connection.execute(text(_COMMITTED)).scalar() == "yes"
    if ended:
        _pgready_shared.spoiled()


@pytest.fixture
def pgready_session(pgready_connection: Connection) -> Iterator[Session]:
    """A SQLAlchemy session whose `commit()` ends a savepoint: the test sees its writes, the next test does not."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.orm import Session

    session = Session(bind=pgready_connection, join_transaction_mode="create_savepoint")
    yield session
    with suppress(DBAPIError):  # its savepoint is gone: the connection tells why
        session.close()


@pytest.fixture
def pgready_async_session(_pgready_shared: _Shared) -> Callable[[], AbstractAsyncContextManager[AsyncSession]]:
    """The same for asyncio, in whatever loop the test has: call it in an `async with`."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
    from sqlalchemy.pool import NullPool

    url = _pgready_shared.database.sqlalchemy_url

    @asynccontextmanager
    async def session() -> AsyncIterator[AsyncSession]:
        ended = False
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.connect() as connection:
            transaction = await connection.begin()
            await connection.execute(text(_MARK))
            one = AsyncSession(bind=connection, join_transaction_mode="create_savepoint")
            try:
                yield one
            finally:
                with suppress(DBAPIError):
                    await one.close()
            try:
                ended = transaction.is_active and (await connection.execute(text(_MARKED))).scalar() != "open"
            except DBAPIError:  # the transaction has failed: it is rolled back whole
                ended = False
            if transaction.is_active:
                await transaction.rollback()
            ended = ended or (await connection.execute(text(_COMMITTED))).scalar() == "yes"
        await engine.dispose()
        if ended:
            _pgready_shared.spoiled()

    return session


@pytest.fixture
def pgready_parity(pgready_server: TestServer, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Called, it fails unless a migrated database, or the one at `url`, is what the schema says."""

    def check(url: str | None = None) -> None:
        found = url if url is not None else request.getfixturevalue("pgready_database").url
        with _told():
            pgready_server.assert_parity(found)

    return check
