"""What the workers share: one process that takes jobs from a queue, and takes over what a dead one left.

A job may run twice: a worker that is killed leaves it, and another one begins anew. So every job does all of its work
in one database transaction, and marks there what it has done: the second run finds the mark and does nothing.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import procrastinate
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.database import make_engine
from backoffice.settings import number, setting

log = logging.getLogger(__name__)

RETRY = procrastinate.RetryStrategy(
    max_attempts=10,
    exponential_wait=2,
    retry_exceptions={sa.exc.OperationalError},  # locks, timeouts, restarts: what passes by itself
)


def make_queue() -> procrastinate.App:
    """The queue of this process; tasks are declared on it."""
    return procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=setting("DATABASE_URL"), max_size=4))


class Work:
    """The worker's database: one transaction a job."""

    def __init__(self) -> None:
        self.engine = make_engine()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All of a job, or nothing of it."""
        with Session(self.engine) as session, session.begin():
            yield session


def run(queue: procrastinate.App, name: str) -> None:
    """Take jobs of the queue `name` until SIGTERM or SIGINT; the job that runs is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(_run(queue, name, number("STALLED_AFTER", 30)))


async def _run(queue: procrastinate.App, name: str, stalled_after: int) -> None:
    async with queue.open_async():
        rescue = asyncio.create_task(_rescue(queue, name, stalled_after))
        try:
            await queue.run_worker_async(
                queues=[name],
                name=f"worker-{name}",
                delete_jobs="successful",
                update_heartbeat_interval=stalled_after / 3,
                stalled_worker_timeout=stalled_after,
                shutdown_graceful_timeout=20,
            )
        finally:
            rescue.cancel()


async def _rescue(queue: procrastinate.App, name: str, stalled_after: int) -> None:
    """Give the jobs of workers that no longer show a sign of life back to the queue."""
    while True:
        try:
            for job in await queue.job_manager.get_stalled_jobs(queue=name, seconds_since_heartbeat=stalled_after):
                log.warning("job %s of a worker that died begins anew", job.id)
                await queue.job_manager.retry_job(job)
        except procrastinate.exceptions.ConnectorException as error:
            log.warning("stalled jobs are looked for again later: %s", error)
        await asyncio.sleep(stalled_after / 3)
