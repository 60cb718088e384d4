"""A type's name in SQL, as people write it, to the type that it means: no database is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pgready.catalog.names import ObjectName
from pgready.catalog.types import SYSTEM, DataType
from pgready.sql.names import fold, truncate_63

_OWN = """
aclitem bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 inet int2
int2vector int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr
macaddr8 money name numeric nummultirange numrange oid oidvector path pg_lsn pg_snapshot point polygon refcursor
regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype
text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector
txid_snapshot uuid varbit varchar xid xid8 xml
"""
SYSTEM_TYPES = frozenset(_OWN.split())
"""PostgreSQL's own types that a column can have, by `pg_type.typname`."""

EXTENSION_OF = {
    "citext": "citext",
    "cube": "cube",
    "earth": "earthdistance",
    "geography": "postgis",
    "geometry": "postgis",
    "halfvec": "vector",
    "hstore": "hstore",
    "intset": "intarray",
    "isbn": "isn",
    "lquery": "ltree",
    "ltree": "ltree",
    "ltxtquery": "ltree",
    "query_int": "intarray",
    "raster": "postgis_raster",
    "seg": "seg",
    "sparsevec": "vector",
    "vector": "vector",
}
"""Types of well-known extensions, and the extension that each belongs to."""

_STANDARD = {
    "bigint": "int8",
    "bit varying": "varbit",
    "boolean": "bool",
    "char varying": "varchar",
    "character": "bpchar",
    "character varying": "varchar",
    "dec": "numeric",
    "decimal": "numeric",
    "double precision": "float8",
    "float": "float8",
    "int": "int4",
    "integer": "int4",
    "national character": "bpchar",
    "national character varying": "varchar",
    "nchar": "bpchar",
    "real": "float4",
    "smallint": "int2",
    "time with time zone": "timetz",
    "time without time zone": "time",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
}
"""Standard spellings; `char` unquoted is `character`."""

_ALONE = {"bpchar": "1", "bit": "1"}
_TYPE = re.compile(
    r"""\s*(?P<name>(?:"(?:[^"]|"")*"|[^\s"(\[.]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[^\s"(\[.]+))*(?:\s+[A-Za-z][A-Za-z ]*)?)
        \s*(?:\((?P<modifier>[^)]*)\))?(?P<tail>[^(\[]*)(?P<array>(?:\[\s*\d*\s*\]\s*)*)\s*\Z""",
    re.VERBOSE,
)
_PART = re.compile(r'"((?:[^"]|"")*)"|([^\s".]+)')


def type_named(text: str, extension_schemas: Mapping[str, str], default_schema: str) -> DataType:
    """The type that `text` names.

    One that is neither PostgreSQL's own nor qualified is taken to be in the schema of its extension
    (`extension_schemas`, by the extension's name), else in `default_schema`. What cannot be read is a name as it is.
    """
    found = _TYPE.match(text)
    if found is None:
        return DataType(ObjectName(default_schema, text))
    words = " ".join((found["name"] + " " + found["tail"]).split())
    modifier = ",".join(part.strip() for part in (found["modifier"] or "").split(","))
    dimensions = 1 if found["array"] else 0
    lowered = words.lower()
    if lowered.startswith("interval"):
        fields = lowered.removeprefix("interval").strip()
        shown = f"{fields}({modifier})" if fields and modifier else fields or modifier
        return DataType(ObjectName(SYSTEM, "interval"), shown, dimensions)
    if lowered in ("char", "character", "bit") or lowered in _STANDARD:
        name = "bpchar" if lowered == "char" else _STANDARD.get(lowered, lowered)
        return DataType(ObjectName(SYSTEM, name), _scaled(name, modifier) or _ALONE.get(name, ""), dimensions)
    parts = [
        truncate_63(quoted.replace('""', '"')) if quoted else fold(plain)
        for quoted, plain in _PART.findall(words)
    ]  # fmt: skip
    name = parts[-1] if parts else text
    if len(parts) > 1:
        schema = parts[-2]
    elif name in SYSTEM_TYPES:
        schema = SYSTEM
    else:
        schema = extension_schemas.get(EXTENSION_OF.get(name, name), default_schema)
    return DataType(ObjectName(schema, name), _scaled(name, modifier), dimensions)


def _scaled(name: str, modifier: str) -> str:
    return f"{modifier},0" if name == "numeric" and modifier.isdigit() else modifier
