"""The job queue: names of jobs, and how a service puts one in: within its own transaction, so that there is a job if
and only if what it is about was committed."""

from uuid import UUID

import procrastinate
from sqlalchemy.orm import Session

POST_INVOICE = "post_invoice"
POST_PAYMENT = "post_payment"
POSITION_FILL = "position_fill"

_QUEUES = {POST_INVOICE: "financial", POST_PAYMENT: "financial", POSITION_FILL: "trading"}

# Never opened: every job is deferred on a connection of the caller's.
_app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def defer(session: Session, job: str, **arguments: UUID | int) -> None:
    """Put a job in, as part of the session's transaction."""
    connection = session.connection().connection.driver_connection
    _app.configure_task(job, queue=_QUEUES[job], connection=connection).defer(
        **{name: str(value) if isinstance(value, UUID) else value for name, value in arguments.items()}
    )
