"""The dunning worker: marks what is past its due date, a batch at a time, until it is told to stop.

It may not migrate, and it must not start before the schema is there: `pgready wait -- python services/worker.py`.
"""

import os
import signal
import sys
import threading

import psycopg

# SKIP LOCKED lets several workers share the work without waiting for each other.
BATCH = """
WITH due AS (
    SELECT id FROM financial.invoice
    WHERE status = 'OPEN' AND due_on < %s
    ORDER BY due_on, id LIMIT 100
    FOR UPDATE SKIP LOCKED
)
UPDATE financial.invoice AS i SET status = 'OVERDUE' FROM due WHERE i.id = due.id
"""


def main():
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    today = os.environ.get("TODAY", "2024-03-01")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        while True:
            marked = 0
            while (done := connection.execute(BATCH, (today,)).rowcount) and not stop.is_set():
                marked += done
            print(f"marked {marked} invoices as overdue", flush=True)
            if stop.wait(60):
                return


if __name__ == "__main__":
    sys.exit(main())
