"""Prices of orders."""

import os

import psycopg
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute('SELECT count(*) FROM "Order"').fetchone()
