"""A catalog made into a database, and what differs when two catalogs should be equal."""

import itertools
import json
from collections.abc import Iterator

import psycopg

from pgready.catalog.fingerprint import fingerprint, to_json
from pgready.catalog.model import Catalog
from pgready.plan.create import Statement


def run(url: str, statements: tuple[Statement, ...]) -> None:
    """Run a plan as one script and transaction; a refusal is told with its statement."""
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            connection.execute("".join(one.sql + ";\n" for one in statements).encode())
        except psycopg.Error as error:
            at = int(error.diag.statement_position or 0)
            ends = itertools.accumulate(len(one.sql) + 2 for one in statements)
            guilty = next((one.sql for one, end in zip(statements, ends, strict=True) if at and at <= end), "")
            raise AssertionError(f"{error}\n{guilty}") from error


def differences(before: Catalog, after: Catalog) -> list[str]:
    """Where two catalogs differ, a line each; none if they have one fingerprint."""
    found = list(_walk(json.loads(to_json(before))["catalog"], json.loads(to_json(after))["catalog"], ""))
    assert bool(found) or fingerprint(before) == fingerprint(after)
    return found


def _walk(before: object, after: object, at: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from _walk(before.get(key), after.get(key), f"{at}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _walk(one, other, f"{at}[{number}]")
    elif before != after:
        yield f"{at}: {before!r} != {after!r}"
