"""Names of things in a database, as stored: never quoted, never folded."""

from typing import NamedTuple

from pgready.sql.names import quote_ident


class ObjectName(NamedTuple):
    """A schema-qualified name; sorts by code points, so every machine lists objects in the same order."""

    schema: str
    name: str

    @property
    def sql(self) -> str:
        """Quoted for SQL, both parts."""
        return f"{quote_ident(self.schema)}.{quote_ident(self.name)}"

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"
