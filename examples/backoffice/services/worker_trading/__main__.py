"""`pgready wait -- python -m services.worker_trading`: the jobs of the queue `trading`."""

from uuid import UUID

from backoffice import worker
from backoffice.jobs import POSITION_FILL
from services.worker_trading import positions

queue = worker.make_queue()
work = worker.Work()


@queue.task(name=POSITION_FILL, queue="trading", retry=worker.RETRY)
def position_fill(order_id: str, number: int) -> None:
    """An order was filled in part."""
    with work.transaction() as session:
        added = positions.position_fill(session, UUID(order_id), number)
    worker.log.info("fill %s of order %s %s", number, order_id, "added" if added else "was added already")


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="position_left_over", queue="trading", queueing_lock="position_left_over", retry=worker.RETRY)
def position_left_over(timestamp: int) -> None:
    """Every five minutes: fills whose job gave up."""
    del timestamp
    with work.transaction() as session:
        left = session.execute(positions.fills_left_over(limit=1000)).all()
    for order_id, number in left:
        position_fill(str(order_id), number)


if __name__ == "__main__":
    worker.run(queue, "trading")
