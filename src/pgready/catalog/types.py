"""Data types as a value: which type, how modified, array or not."""

from dataclasses import dataclass

from pgready.catalog.names import ObjectName
from pgready.sql.names import quote_ident

SYSTEM = "pg_catalog"

_SPELLED = {
    "bool": "boolean",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "varchar": "character varying",
    "bpchar": "character",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
    "timetz": "time with time zone",
    "varbit": "bit varying",
}
"""Internal names and how `format_type` spells them."""

_ONE_WITHOUT = ("bpchar", "bit")
"""Types that are of length 1 in standard spelling, and of any length in their own, when no modifier is given."""


@dataclass(frozen=True, slots=True)
class DataType:
    """A column's, domain's or attribute's type.

    `name` is the type's own name (`pg_type.typname` of the element for an array): `int4`, `varchar`, an enum's.
    `modifier` is what stands in the parentheses, as `format_type` prints it ("255", "10,2", "Point,4326"), or "" for
    none; for intervals also the fields ("day to second(3)"). `dimensions` is 0 for no array, 1 for one: PostgreSQL
    keeps neither bounds nor depth in a way that means anything.
    """

    name: ObjectName
    modifier: str = ""
    dimensions: int = 0

    @property
    def is_system(self) -> bool:
        """A type of PostgreSQL itself."""
        return self.name.schema == SYSTEM

    @property
    def sql(self) -> str:
        """The type as SQL: standard spelling for PostgreSQL's own, quoted and qualified for all others."""
        if not self.is_system:
            text = self.name.sql + (f"({self.modifier})" if self.modifier else "")
        else:
            text = self._spelled()
        return text + "[]" * self.dimensions

    def _spelled(self) -> str:
        name, modifier = self.name.name, self.modifier
        if name == "interval":
            if not modifier:
                return "interval"
            return f"interval({modifier})" if modifier.isdigit() else f"interval {modifier}"
        if name == "char" or (name in _ONE_WITHOUT and not modifier):
            return quote_ident(name)
        spelled = _SPELLED.get(name, name if name.isidentifier() and name.islower() else quote_ident(name))
        if not modifier:
            return spelled
        head, space, tail = spelled.partition(" with")
        return f"{head}({modifier}){space}{tail}"
