"""Forgets quotes."""

import os
import time

import psycopg

if __name__ == "__main__":
    while True:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute("DELETE FROM quote WHERE price < 0")
        time.sleep(0.2)
