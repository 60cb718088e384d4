"""Mails what was ordered."""

import os
import time

import psycopg

if __name__ == "__main__":
    while True:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute('UPDATE "Order" SET mailed = true WHERE NOT mailed')
        time.sleep(0.2)
