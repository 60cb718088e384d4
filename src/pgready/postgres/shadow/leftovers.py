"""Databases of runs that were killed: told from those in use by the advisory lock that a run holds while it lives."""

from __future__ import annotations

import re

from pgready.postgres.session import ServerError, Session
from pgready.sql.names import quote_ident, quote_literal


def drop_leftovers(keeper: Session, prefix: str, rest: str, lock: int) -> list[str]:
    """Drop the databases named `prefix`, a run's number in hexadecimal and `rest` whose run is over; those dropped.

    `rest` is a regular expression, `lock` the first key of the lock whose second one is the run's number.
    """
    ours = re.compile(re.escape(prefix) + "([0-9a-f]{8})" + rest)
    listed = keeper.rows(
        "look for leftovers",
        f"SELECT datname FROM pg_catalog.pg_database WHERE starts_with(datname::text, {quote_literal(prefix)})"
        " AND pg_has_role(current_user, datdba, 'USAGE')",
    )
    found = {name: int(match[1], 16) for (name,) in listed if name and (match := ours.fullmatch(name))}
    if not found:
        return []
    # Asked after the names: whoever makes a database has its lock before.
    held = keeper.rows(
        "look for those in use",
        f"SELECT objid FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND classid = {lock} AND objsubid = 2",
    )
    in_use = {int(number or 0) for (number,) in held}
    dropped = []
    for name in (name for name, number in found.items() if number not in in_use):
        try:
            keeper.run("drop leftover", f"DROP DATABASE IF EXISTS {quote_ident(name)} WITH (FORCE)", long=True)
        except ServerError:
            continue  # another run drops it at this moment, or it is not ours to drop
        dropped.append(name)
    return dropped
