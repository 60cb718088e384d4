"""`pgready wait -- python -m services.worker_financial`: the jobs of the queue `financial`."""

from uuid import UUID

from backoffice import worker
from backoffice.jobs import POST_INVOICE, POST_PAYMENT
from services.worker_financial import postings

BATCH = 1000

queue = worker.make_queue()
work = worker.Work()


@queue.task(name=POST_INVOICE, queue="financial", retry=worker.RETRY)
def post_invoice(invoice_id: str) -> None:
    """An invoice was issued."""
    with work.transaction() as session:
        posted = postings.post_invoice(session, UUID(invoice_id))
    worker.log.info("invoice %s %s", invoice_id, "posted" if posted else "was posted already")


@queue.task(name=POST_PAYMENT, queue="financial", retry=worker.RETRY)
def post_payment(payment_id: str) -> None:
    """A payment was received."""
    with work.transaction() as session:
        posted = postings.post_payment(session, UUID(payment_id))
    worker.log.info("payment %s %s", payment_id, "posted" if posted else "was posted already")


@queue.periodic(cron="17 3 * * *")
@queue.task(name="mark_overdue", queue="financial", queueing_lock="mark_overdue", retry=worker.RETRY)
def mark_overdue(timestamp: int) -> None:
    """Every night; a batch a transaction, so that nobody waits for long."""
    del timestamp
    marked = BATCH
    while marked == BATCH:
        with work.transaction() as session:
            marked = postings.mark_overdue(session, BATCH)
        worker.log.info("%s invoices are overdue", marked)


if __name__ == "__main__":
    worker.run(queue, "financial")
