"""Marks entries as done, over and over."""

import os
import time

import psycopg


def main():
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        while True:
            connection.execute('UPDATE books."Entry" SET done = true WHERE NOT done')
            time.sleep(0.2)


if __name__ == "__main__":
    main()
