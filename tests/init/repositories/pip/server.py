"""Quotes, as an ASGI application by hand."""

import json
import os

import psycopg
import uvicorn


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        rows = connection.execute("SELECT symbol FROM quote ORDER BY id LIMIT 50").fetchall()
    status = 200 if scope["path"] in ("/quotes", "/livez") else 404
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(rows).encode()})


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), lifespan="off")
