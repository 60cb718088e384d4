"""The quote service: the latest quote of every symbol. Its schema is migrated from plain SQL files beside it.

GET /health    200 as long as the process runs
GET /quotes    the latest bid and ask of every symbol
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg


def quotes():
    """The latest quotes as JSON data."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        rows = connection.execute("SELECT symbol, bid, ask FROM trading_svc.latest_quote ORDER BY symbol").fetchall()
    return {"quotes": [{"symbol": s, "bid": str(bid), "ask": str(ask)} for s, bid, ask in rows]}


class Handler(BaseHTTPRequestHandler):
    """One request, one connection."""

    def do_GET(self):
        try:
            found = {"/health": lambda: {"ok": True}, "/quotes": quotes}.get(self.path)
            status, data = (200, found()) if found else (404, {"error": "no such page"})
        except psycopg.Error as e:
            print(f"database: {e}", file=sys.stderr, flush=True)
            status, data = 503, {"error": "the database does not answer"}
        body = json.dumps(data).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main():
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8001")))
    server = ThreadingHTTPServer(address, Handler)
    server.daemon_threads = True
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    print(f"listening on http://{address[0]}:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
