"""The types of columns as Prisma's introspection takes them: a scalar with its native type, an enum, or unsupported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pgready.catalog.model import Catalog, Enum
from pgready.catalog.names import ObjectName
from pgready.catalog.types import DataType
from pgready.psl.native_types import DEFAULTS
from pgready.psl.schema import Scalar

Family: TypeAlias = Literal[
    "Int", "BigInt", "Float", "Decimal", "Boolean", "String", "DateTime", "Bytes", "Json", "uuid",
    "enum", "extension", "unsupported",
]  # fmt: skip
"""What Prisma sorts types into: its scalars, uuid (a String without a default of its own), and the rest."""

_KNOWN: dict[str, tuple[Family, str]] = {
    "int2": ("Int", "SmallInt"),
    "int4": ("Int", "Integer"),
    "int8": ("BigInt", "BigInt"),
    "oid": ("Int", "Oid"),
    "float4": ("Float", "Real"),
    "float8": ("Float", "DoublePrecision"),
    "bool": ("Boolean", "Boolean"),
    "text": ("String", "Text"),
    "citext": ("String", "Citext"),
    "varchar": ("String", "VarChar"),
    "bpchar": ("String", "Char"),
    "char": ("String", "Char"),
    "date": ("DateTime", "Date"),
    "bytea": ("Bytes", "ByteA"),
    "json": ("Json", "Json"),
    "jsonb": ("Json", "JsonB"),
    "uuid": ("uuid", "Uuid"),
    "xml": ("String", "Xml"),
    "bit": ("String", "Bit"),
    "varbit": ("String", "VarBit"),
    "numeric": ("Decimal", "Decimal"),
    "money": ("Decimal", "Money"),
    "time": ("DateTime", "Time"),
    "timetz": ("DateTime", "Timetz"),
    "timestamp": ("DateTime", "Timestamp"),
    "timestamptz": ("DateTime", "Timestamptz"),
    "inet": ("String", "Inet"),
}
"""By name alone, whatever schema they are in, as Prisma looks at them."""
_TIMES = ("Time", "Timetz", "Timestamp", "Timestamptz")
_MICROSECONDS = "6"
_SCALES = 2048
_VECTORS = ("int2vector", "oidvector")
"""Arrays to the information schema."""


@dataclass(frozen=True, slots=True)
class SeenType:
    """A type as Prisma reads it.

    `native` is the native type's name in PSL with its `arguments`, None where there is none. `raw` is PostgreSQL's name
    for what PSL cannot say, that of an array with its underscore; an extension's type has `arguments`, too. `enum` is
    set for an enum.
    """

    family: Family
    native: str | None = None
    arguments: tuple[str, ...] = ()
    raw: str = ""
    enum: Enum | None = None

    @property
    def is_unsupported(self) -> bool:
        """Whether PSL says `Unsupported("…")`."""
        return self.family in ("unsupported", "extension")

    @property
    def scalar(self) -> Scalar | None:
        """The scalar type, None for an enum and what is not supported."""
        if self.family == "uuid":
            return "String"
        if self.family == "enum" or self.family == "extension" or self.family == "unsupported":  # noqa: PLR1714 - mypy narrows by ==, not by in
            return None
        return self.family

    @property
    def shown_native(self) -> tuple[str, tuple[str, ...]] | None:
        """The native type, unless it is the one that the scalar has anyway."""
        if self.native is None or self.scalar is None:
            return None
        name, arguments = DEFAULTS[self.scalar]
        if (self.native, self.arguments) == (name, tuple(str(one) for one in arguments)):
            return None
        return self.native, self.arguments


def _numeric(modifier: str, *, is_list: bool) -> list[str]:
    """Precision and scale as the information schema tells them: a negative scale in eleven bits, none of a list."""
    if not modifier:
        return []
    precision, scale = modifier.split(",")
    if not scale.startswith("-"):
        return [precision, scale]
    return [] if is_list else [precision, str(int(scale) % _SCALES)]


class TypeReader:
    """Reads the types of one catalog's columns; only the types in `schemas` are known to Prisma."""

    def __init__(self, catalog: Catalog, schemas: Iterable[str]) -> None:
        self._schemas = frozenset(schemas)
        self._domains = {one.name: one for one in catalog.domains}
        self._enums = [one for one in catalog.enums if one.name.schema in self._schemas]
        rows = [one.name for one in catalog.tables] + [one.name for one in catalog.views]
        ranges = [name for one in catalog.ranges for name in (one.name, one.multirange)]
        self._no_base = {*rows, *ranges, *self._domains, *(one.name for one in catalog.composites)}
        self._no_base.update(one.name for one in catalog.enums)

    def is_required(self, type_: DataType, *, not_null: bool) -> bool:
        """Whether a column of this type is never NULL: a domain may say so, too."""
        domain = None if type_.dimensions else self._domains.get(type_.name)
        return not_null or (domain is not None and domain.not_null)

    def read(self, type_: DataType) -> tuple[SeenType, bool]:
        """The type, and whether it is a list."""
        modifier = type_.modifier
        domain = None if type_.dimensions else self._domains.get(type_.name)
        if domain is not None:
            # The information schema looks through one domain, not through a domain over a domain.
            type_ = domain.type
            modifier = "" if type_.dimensions else type_.modifier
        is_list = bool(type_.dimensions)
        known = _KNOWN.get(type_.name.name)
        if known is not None:
            family, native = known
            return SeenType(family, native, self._arguments(native, modifier, is_list=is_list)), is_list
        return self._other(type_, is_list=is_list), is_list or type_.name.name in _VECTORS

    def _arguments(self, native: str, modifier: str, *, is_list: bool) -> tuple[str, ...]:
        if native in ("VarChar", "Char", "Bit", "VarBit"):
            return (modifier,) if modifier else ()
        if native == "Decimal":
            return tuple(_numeric(modifier, is_list=is_list))
        if native in _TIMES:
            if modifier:
                return (modifier,)
            return () if is_list else (_MICROSECONDS,)
        return ()

    def _other(self, type_: DataType, *, is_list: bool) -> SeenType:
        name = type_.name
        raw = ("_" if is_list else "") + name.name
        if type_.is_system:
            return SeenType("unsupported", raw=raw)
        enum = self._enum(name)
        if enum is not None:
            return SeenType("enum", enum=enum)
        if name.schema in self._schemas and name not in self._no_base:
            return SeenType("extension", arguments=(type_.modifier,) if type_.modifier else (), raw=name.name)
        return SeenType("unsupported", raw=raw)

    def _enum(self, name: ObjectName) -> Enum | None:
        if name.schema in self._schemas:
            return next((one for one in self._enums if one.name == name), None)
        # Prisma takes one of the same name for a type in a schema that it does not know.
        return next((one for one in self._enums if one.name.name == name.name), None)
