"""The example application runs: psycopg and asyncpg, sync and async sessions."""

import asyncio
import importlib
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from generated import schema_of, write
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from pgready.codegen.sqlalchemy_files import sqlalchemy_files

pytestmark = pytest.mark.matrix

APP = Path(__file__).parent / "app"
VIEW = (
    "CREATE VIEW sales.turnover AS SELECT o.customer_id, sum(l.price * l.quantity) AS total"
    ' FROM sales."order" o JOIN sales.order_line l ON l.order_id = o.id GROUP BY 1'
)


@pytest.fixture
def service(tmp_path, monkeypatch):
    """The application's module, on models that were generated a moment ago."""
    shutil.copytree(APP, tmp_path / "app")
    (tmp_path / "app/__init__.py").touch()
    write(sqlalchemy_files(schema_of((APP / "schema.prisma").read_text(encoding="utf-8"))), tmp_path / "app/models")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("app.service")
    for name in [name for name in sys.modules if name == "app" or name.startswith("app.")]:
        del sys.modules[name]


@pytest.fixture
def url(database) -> sa.URL:
    """The database's place, for any driver."""
    with database.connect() as connection:
        info = connection.info
        return sa.URL.create("postgresql", info.user, info.password or None, info.host, info.port, info.dbname)


def on(url: sa.URL, driver: str) -> sa.URL:
    """The same place by a driver; a host that is a folder is a query parameter."""
    return url.set(
        drivername=f"postgresql+{driver}", host=None, port=None, query={"host": url.host, "port": str(url.port)}
    )


def test_sync(service, url, database):
    """Rows go in and come out by psycopg: defaults, enums, relations, JSON, lists, sums, pages."""
    engine = sa.create_engine(on(url, "psycopg"), poolclass=sa.NullPool)
    service.create_tables(engine)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        ada = service.register(session, "ada@example.org")
        bob = service.register(session, "bob@example.org", ada)
        first = service.place(session, ada, {"tea": Decimal("2.50"), "cup": Decimal("7")})
        assert service.pay(session, first.number) is service.OrderState.PAID
        assert bob.recruiter_id == ada.id
        assert ada.created_at == ada.updated_at
    with Session(engine) as session:
        assert service.totals(session) == {ada.id: Decimal("9.50")}
        (found,) = service.recent(session, 1)
        assert [line.article for line in found.lines] == ["tea", "cup"]
        assert found.customer.settings == {"theme": "dark", "sizes": [1, 2]}
        assert service.tagged(session, "new") == ["ada@example.org", "bob@example.org"]
        page, after = service.newest(session, None)
        assert ([order.number for order in page], after) == ([first.number], None)
        with pytest.raises(sa.exc.InvalidRequestError, match="raise_on_sql"):
            print(found.labels)
    assert database.query('SELECT state::text, placed_at IS NOT NULL FROM sales."order"') == [("PAID", True)]
    engine.dispose()


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_async(driver, service, url, database):
    """The same rows by async sessions, a view among them."""
    engine = sa.create_engine(on(url, "psycopg"), poolclass=sa.NullPool)
    service.create_tables(engine)
    database.query(VIEW)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        ada = service.register(session, "ada@example.org")
        service.register(session, "bob@example.org", ada)
        service.place(session, ada, {"tea": Decimal("2.50")})
        key = ada.id
    engine.dispose()

    async def run() -> None:
        engine = create_async_engine(on(url, driver))
        async with AsyncSession(engine) as session:
            renamed = await service.rename(session, key, "Ada")
            assert renamed is not None
            assert (renamed.name, renamed.updated_at >= renamed.created_at) == ("Ada", True)
            assert await service.best(session, Decimal(1)) == [(key, Decimal("2.50"))]
            assert await service.recruits_of(session, "ada@example.org") == ["bob@example.org"]
        await engine.dispose()

    asyncio.run(run())
