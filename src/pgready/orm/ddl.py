"""SQL that `create_all` runs before or after the tables."""

from __future__ import annotations

import sqlalchemy as sa


def ddl(sql: str) -> sa.schema.ExecutableDDLElement:
    """The statement as it stands, for `sqlalchemy.event.listen(metadata, "before_create", …)`."""
    statement: sa.schema.ExecutableDDLElement = sa.DDL(sql.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
    return statement
