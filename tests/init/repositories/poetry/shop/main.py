"""A shop's products."""

import os

import psycopg
from fastapi import FastAPI

app = FastAPI()


@app.get("/products")
def products():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute('SELECT id, name FROM "Product" ORDER BY id LIMIT 50').fetchall()


@app.get("/health")
def health():
    return {"products": len(products())}
