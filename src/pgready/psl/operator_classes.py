"""Operator classes of indexes that PSL names (`ops: JsonbPathOps`), and which columns each index type can take.

The table follows what Prisma accepts, which is less than PostgreSQL knows; `ops: raw("…")` is the way to the rest.
"""

from dataclasses import dataclass

from pgready.psl.resolve.draft import Algorithm, Scalar


@dataclass(frozen=True, slots=True)
class OperatorClass:
    """One operator class.

    `algorithms` are the index types that have it, `native_types` what it takes, `scalar` the type of a column without a
    native type that fits as well.
    """

    name: str
    in_sql: str
    algorithms: tuple[Algorithm, ...]
    native_types: tuple[str, ...]
    scalar: Scalar | None = None


def _brin(prefix: str, native_types: tuple[str, ...], scalar: Scalar | None, kinds: str) -> list[OperatorClass]:
    return [
        OperatorClass(f"{prefix}{kind}Ops", f"{prefix.lower()}_{_KINDS[kind]}_ops", ("Brin",), native_types, scalar)
        for kind in kinds.split()
    ]


_KINDS = {"Bloom": "bloom", "MinMax": "minmax", "MinMaxMulti": "minmax_multi", "Inclusion": "inclusion"}
_ALL = "Bloom MinMax MinMaxMulti"

OPERATOR_CLASSES: dict[str, OperatorClass] = {
    found.name: found
    for found in [
        OperatorClass("InetOps", "inet_ops", ("Gist", "SpGist"), ("Inet",)),
        OperatorClass("JsonbOps", "jsonb_ops", ("Gin",), ("JsonB",), "Json"),
        OperatorClass("JsonbPathOps", "jsonb_path_ops", ("Gin",), ("JsonB",), "Json"),
        OperatorClass("ArrayOps", "array_ops", ("Gin",), ()),
        OperatorClass("TextOps", "text_ops", ("SpGist",), ("Text", "VarChar", "Char"), "String"),
        *_brin("Bit", ("Bit",), None, "MinMax"),
        *_brin("VarBit", ("VarBit",), None, "MinMax"),
        *_brin("Bpchar", ("Char",), None, "Bloom MinMax"),
        *_brin("Bytea", ("ByteA",), "Bytes", "Bloom MinMax"),
        *_brin("Date", ("Date",), None, _ALL),
        *_brin("Float4", ("Real",), None, _ALL),
        *_brin("Float8", ("DoublePrecision",), "Float", _ALL),
        *_brin("Inet", ("Inet",), None, "Inclusion " + _ALL),
        *_brin("Int2", ("SmallInt",), None, _ALL),
        *_brin("Int4", ("Integer",), "Int", _ALL),
        *_brin("Int8", ("BigInt",), "BigInt", _ALL),
        *_brin("Numeric", ("Decimal",), "Decimal", _ALL),
        *_brin("Oid", ("Oid",), None, _ALL),
        *_brin("Text", ("Text", "VarChar"), "String", "Bloom MinMax"),
        *_brin("Timestamp", ("Timestamp",), "DateTime", _ALL),
        *_brin("TimestampTz", ("Timestamptz",), None, _ALL),
        *_brin("Time", ("Time",), None, _ALL),
        *_brin("TimeTz", ("Timetz",), None, _ALL),
        *_brin("Uuid", ("Uuid",), None, _ALL),
    ]
}
"""Every class by the name that PSL gives it."""


def _native_types(algorithm: Algorithm) -> frozenset[str]:
    return frozenset(
        native for found in OPERATOR_CLASSES.values() if algorithm in found.algorithms for native in found.native_types
    )


DEFAULT_NATIVE_TYPES: dict[Algorithm, frozenset[str]] = {
    "Gin": _native_types("Gin"),
    "SpGist": _native_types("SpGist"),
    "Brin": _native_types("Brin"),
    "Gist": frozenset(),
}
"""The native types that an index type takes without `ops:`; BTree and Hash are not looked at."""

DEFAULT_SCALARS: dict[Algorithm, frozenset[Scalar]] = {
    "Gin": frozenset({"Json"}),
    "SpGist": frozenset({"String"}),
    "Gist": frozenset({"String"}),
    "Brin": frozenset({"String", "Bytes", "DateTime", "Float", "Int", "BigInt", "Decimal"}),
}
"""The scalar types without a native type that an index type takes without `ops:`."""

ALGORITHMS: tuple[Algorithm, ...] = ("BTree", "Hash", "Gist", "Gin", "SpGist", "Brin")


def fitting(algorithm: Algorithm, native_type: str | None, scalar: Scalar | None) -> list[str]:
    """The names of the classes that an index of this type takes for such a column, for hints."""
    return [
        found.name
        for found in OPERATOR_CLASSES.values()
        if algorithm in found.algorithms
        and (native_type in found.native_types if native_type is not None else scalar and scalar == found.scalar)
    ]
