"""The database of a process: an engine on DATABASE_URL, and the session of a request or a job."""

from collections.abc import Iterator
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backoffice.settings import number, setting


def make_engine() -> sa.Engine:
    """A pool on DATABASE_URL; nothing connects yet."""
    url = sa.make_url(setting("DATABASE_URL")).set(drivername="postgresql+psycopg")
    return sa.create_engine(
        url,
        pool_size=number("POOL_SIZE", 5),
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,  # the server may have been restarted since: nobody's request pays for that
    )


def _session(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine) as session:
        yield session


Db = Annotated[Session, Depends(_session)]
"""A request's session. It commits nothing by itself: an endpoint that writes says `with session.begin()`."""
