"""Does the database disprove that a migration was applied? Objects that its script creates and that are not there.

Only what is plain is looked at (CREATE TABLE, INDEX, TYPE, SCHEMA, VIEW, SEQUENCE by literal names); a script that
says nothing plain disproves nothing.
"""

from __future__ import annotations

from pgready.history.prepare import Prepared
from pgready.postgres.session import Session
from pgready.sql.names import quote_ident, quote_literal
from pgready.sql.reader import Reader
from pgready.sql.statements import Statement

_NOISE = ("OR", "REPLACE", "UNLOGGED", "UNIQUE", "MATERIALIZED", "RECURSIVE", "CONCURRENTLY", "GLOBAL", "LOCAL")
_RELATIONS = frozenset({"TABLE", "INDEX", "VIEW", "SEQUENCE"})


def absent_objects(session: Session, prepared: Prepared, search_path: str | None) -> tuple[str, ...]:
    """Names, as written, of objects that the script creates, does not drop again, and that do not exist."""
    created: dict[str, str] = {}
    for statement in prepared.statements:
        if statement.words[:1] in (("DROP",), ("ALTER",)):
            # Dropped or renamed again: its absence proves nothing.
            created = {text: sql for text, sql in created.items() if text.rpartition(".")[2] not in statement.text}
        elif found := _created(statement):
            created[found[0]] = found[1]
    if not created:
        return ()
    path = f"SET LOCAL search_path = {quote_ident(search_path)};" if search_path else ""
    rows = session.rows("look for objects", f"{path} SELECT " + ", ".join(created.values()))
    return tuple(text for text, there in zip(created, rows[0], strict=True) if there != "t")


def _created(statement: Statement) -> tuple[str, str] | None:
    """The name as written and SQL that tells whether it exists."""
    if statement.words[:1] != ("CREATE",) or "TEMP" in statement.words or "TEMPORARY" in statement.words:
        return None
    read = Reader(statement.text)
    read.take()
    while any(read.skip(word) for word in _NOISE):
        pass
    kind = read.take().text.upper()
    while any(read.skip(word) for word in _NOISE):
        pass
    read.skip("IF", "NOT", "EXISTS")
    name = read.name() if kind in _RELATIONS | {"TYPE", "DOMAIN", "SCHEMA"} else None
    if name is None or (kind == "INDEX" and name.name.upper() == "ON"):
        return None
    quoted = (f"{quote_ident(name.schema)}." if name.schema else "") + quote_ident(name.name)
    if kind == "SCHEMA":
        return name.text, f"to_regnamespace({quote_literal(quote_ident(name.name))}) IS NOT NULL"
    if kind in _RELATIONS:
        if kind == "INDEX":
            # An index lives in its table's schema, whatever the search path.
            where = f"relname = {quote_literal(name.name)}"
            return name.text, f"EXISTS (SELECT FROM pg_catalog.pg_class WHERE {where})"
        return name.text, f"to_regclass({quote_literal(quoted)}) IS NOT NULL"
    return name.text, f"to_regtype({quote_literal(quoted)}) IS NOT NULL"
