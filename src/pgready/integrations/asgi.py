"""A lifespan for ASGI applications (FastAPI, Starlette): the application starts only on a database that is ready.

The work is synchronous and runs in a thread, so that the event loop stays free; signals stay with the server that
runs the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


def lifespan(inner: Lifespan | None = None, *, migrate: bool = False, **flags: object) -> Lifespan:
    """`FastAPI(lifespan=pgready.integrations.asgi.lifespan())`: wait for readiness, then run `inner`.

    With `migrate` this process applies what is pending, as `pgready.boot` does; otherwise it only waits. `flags` are
    those of `pgready.boot` and `pgready.wait`. Raises PgreadyError at start-up, which ends the server.
    """
    from pgready.integrations.inprocess import boot, wait

    @asynccontextmanager
    async def ready(app: Any) -> AsyncIterator[Any]:
        await asyncio.to_thread(boot if migrate else wait, **flags)  # type: ignore[arg-type]
        if inner is None:
            yield None
        else:
            async with inner(app) as state:
                yield state

    return ready
