"""A catalog made into a database, and what differs when two catalogs should be equal."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import psycopg

from pgready.catalog.fingerprint import fingerprint
from pgready.catalog.model import Catalog
from pgready.plan.create import Statement


def run(url: str, statements: tuple[Statement, ...]) -> None:
    """Run a plan as one script and transaction; a refusal is told with its statement."""
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            connection.execute("".join(one.sql + ";\n" for one in statements).encode())
        except psycopg.Error as error:
            raise AssertionError(f"{error}\n{_guilty(url, statements)}") from error


def _guilty(url: str, statements: tuple[Statement, ...]) -> str:
    """The statement at which the plan stops when its statements are sent one by one."""
    with psycopg.connect(url) as connection:
        for one in statements:
            try:
                connection.execute(one.sql.encode())
            except psycopg.Error:
                return one.sql
    return "(all together only)"


def differences(before: Catalog, after: Catalog) -> list[str]:
    """Where two catalogs differ, a line each; none if they have one fingerprint."""
    found = list(_walk(before, after, "catalog"))
    assert bool(found) or fingerprint(before) == fingerprint(after)
    return found


def _walk(before: object, after: object, at: str) -> Iterator[str]:
    if is_dataclass(before) and type(before) is type(after):
        for one in fields(before):
            if one.compare:
                yield from _walk(getattr(before, one.name), getattr(after, one.name), f"{at}.{one.name}")
    elif isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _walk(one, other, f"{at}[{number}]")
    elif before != after:
        yield f"{at}: {before!r} != {after!r}"
