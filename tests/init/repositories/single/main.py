"""Notes over HTTP, with nothing but the standard library."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg


class Notes(BaseHTTPRequestHandler):
    def do_GET(self):
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            rows = connection.execute("SELECT id, body FROM note ORDER BY id LIMIT 50").fetchall()
        self.send_response(200 if self.path in ("/", "/healthz") else 404)
        self.end_headers()
        self.wfile.write(json.dumps(rows).encode())


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8000"))
    ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), port), Notes).serve_forever()
