"""The invoice service: lists invoices page by page over HTTP, each page by one bounded index scan.

GET /health                                        200 as long as the process runs
GET /invoices?account=1&status=OPEN&limit=5        a page, newest first, with `next` as the cursor of the next one
GET /invoices?account=1&status=OPEN&after=CURSOR   the page behind a cursor; &explain=1 shows PostgreSQL's plan instead

It asks for no schema and knows no migration: `pgready boot -- python services/invoices.py` has seen to that.
"""

import json
import os
import signal
import sys
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import psycopg

# Keyset pagination: the cursor is the last row's place in the index, compared as a row, so page 1,000 costs what page
# 1 costs. OFFSET would read everything that it skips.
PAGE = """
SELECT id, number, status::text, issued_at, total
FROM financial.invoice
WHERE account_id = %(account)s
  AND status = %(status)s::financial."InvoiceStatus"
  AND (issued_at, id) < (%(issued_at)s::timestamp, %(id)s::int)
ORDER BY issued_at DESC, id DESC
LIMIT %(limit)s
"""
FIRST = ("infinity", 0)


def page(connection, query):
    """One page as JSON data; ValueError for what is not a cursor or a number."""
    issued_at, number = query["after"].rsplit("_", 1) if "after" in query else FIRST
    if issued_at != "infinity":
        datetime.fromisoformat(issued_at)
    values = {
        "account": int(query.get("account", 1)),
        "status": query.get("status", "OPEN"),
        "issued_at": issued_at,
        "id": int(number),
        "limit": min(int(query.get("limit", 20)), 100),
    }
    if "explain" in query:
        return {"plan": [line for (line,) in connection.execute("EXPLAIN " + PAGE, values)]}
    rows = connection.execute(PAGE, values).fetchall()
    invoices = [
        {"id": i, "number": n, "status": s, "issued_at": at.isoformat(), "total": str(total)}
        for i, n, s, at, total in rows
    ]
    more = f"{invoices[-1]['issued_at']}_{invoices[-1]['id']}" if len(invoices) == values["limit"] else None
    return {"invoices": invoices, "next": more, "served_by": os.getpid()}


class Handler(BaseHTTPRequestHandler):
    """One request, one connection: enough for a small service, and nothing to leak."""

    def do_GET(self):
        url = urlsplit(self.path)
        try:
            if url.path == "/health":
                self.answer(200, {"ok": True})
            elif url.path == "/invoices":
                with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
                    self.answer(200, page(connection, {k: v[-1] for k, v in parse_qs(url.query).items()}))
            else:
                self.answer(404, {"error": "no such page"})
        except (ValueError, psycopg.DataError):
            self.answer(400, {"error": "a parameter is not valid"})
        except psycopg.Error as e:
            print(f"database: {e}", file=sys.stderr, flush=True)
            self.answer(503, {"error": "the database does not answer"})

    def answer(self, status, data):
        body = json.dumps(data).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main():
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))
    server = ThreadingHTTPServer(address, Handler)
    server.daemon_threads = True
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    print(f"listening on http://{address[0]}:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
