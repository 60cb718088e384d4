"""SQLAlchemy on a test's database through each driver, with a session time zone far from UTC.

`ask(engine, work)` runs `work(session)` in a session: of the synchronous engine, or in `run_sync` of an asynchronous one.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from fix_server import Database

T = TypeVar("T")

DRIVERS = ("psycopg", "psycopg_async", "asyncpg")


@dataclass(frozen=True)
class Driver:
    """A database through one driver; `zone` is the time zone of its sessions."""

    database: Database
    name: str
    zone: str = "America/New_York"

    @property
    def url(self) -> sa.URL:
        driver = "asyncpg" if self.name == "asyncpg" else "psycopg"
        return sa.make_url(self.database.url).set(drivername=f"postgresql+{driver}")

    @property
    def options(self) -> dict[str, Any]:
        of_driver = (
            {"server_settings": {"timezone": self.zone}}
            if self.name == "asyncpg"
            else {"options": f"-ctimezone={self.zone}"}
        )
        return {"connect_args": of_driver, "poolclass": NullPool}

    def ask(self, work: Callable[[Session], T]) -> T:
        """Run in a session, committed at its end."""
        if self.name == "psycopg":
            engine = sa.create_engine(self.url, **self.options)
            with Session(engine) as session:
                result = work(session)
                session.commit()
                return result

        async def run() -> T:
            engine = create_async_engine(self.url, **self.options)
            async with AsyncSession(engine) as session:
                result = await session.run_sync(work)
                await session.commit()
                return result

        return asyncio.run(run())
