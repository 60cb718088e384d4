"""Python's types for those of the schema language, wherever they do not depend on the library."""

BUILTIN = {
    "String": "str",
    "Boolean": "bool",
    "Int": "int",
    "BigInt": "int",
    "Float": "float",
    "Bytes": "bytes",
}
"""By scalar type."""

NAMED: dict[str, tuple[str, str]] = {
    "Uuid": ("uuid", "UUID"),
    "Decimal": ("decimal", "Decimal"),
    "Money": ("decimal", "Decimal"),
    "Timestamp": ("datetime", "datetime"),
    "Timestamptz": ("datetime", "datetime"),
    "Date": ("datetime", "date"),
    "Time": ("datetime", "time"),
    "Timetz": ("datetime", "time"),
}
"""Module and name, by native type."""
