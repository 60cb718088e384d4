"""The ledger's entries."""

import os

import psycopg
from fastapi import FastAPI

api = FastAPI()


@api.get("/readyz")
def ready():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute('SELECT count(*) FROM books."Entry"').fetchone()
