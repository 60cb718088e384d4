"""Indexes: operator classes, order and predicates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pgready.catalog.from_psl_constants import plain_number
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_literal
from pgready.catalog.table import IndexColumn
from pgready.catalog.types import SYSTEM
from pgready.psl import schema as psl
from pgready.psl.operator_classes import OPERATOR_CLASSES
from pgready.sql.names import quote_ident

_TYPES = """
aclitem array bit bool box bpchar bytea char cid cidr circle date enum float4 float8 inet int2 int4 int8 interval jsonb
jsonb_path kd_point macaddr macaddr8 money multirange name numeric oid oidvector pg_lsn point poly quad_point range
record record_image text tid time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar xid xid8
bpchar_pattern text_pattern varchar_pattern
"""
_KINDS = ("", "_minmax", "_minmax_multi", "_bloom", "_inclusion")
_SYSTEM_CLASSES = frozenset(f"{type_}{kind}_ops" for type_ in _TYPES.split() for kind in _KINDS)
_NEVER_DEFAULT = frozenset(
    {
        "bpchar_pattern_ops",
        "text_pattern_ops",
        "varchar_pattern_ops",
        "varchar_ops",
        "cidr_ops",
        "record_image_ops",
        "jsonb_path_ops",
        "kd_point_ops",
    }
)
_NOT_DEFAULT_HERE = frozenset({("gist", "inet_ops"), ("brin", "inet_minmax_ops")})
_OF_EXTENSION = {
    "gin_trgm_ops": "pg_trgm",
    "gist_trgm_ops": "pg_trgm",
    "gin__int_ops": "intarray",
    "gist__int_ops": "intarray",
    "gist__intbig_ops": "intarray",
    "gin_hstore_ops": "hstore",
    "gist_hstore_ops": "hstore",
    "gist_ltree_ops": "ltree",
    "gist__ltree_ops": "ltree",
    "gist_geometry_ops_2d": "postgis",
    "gist_geometry_ops_nd": "postgis",
    "gist_geography_ops": "postgis",
}
_DEFAULT_OF_EXTENSION = frozenset(
    {"gist__int_ops", "gin_hstore_ops", "gist_hstore_ops", "gist_ltree_ops", "gist__ltree_ops"}
    | {"gist_geometry_ops_2d", "gist_geography_ops"}
)


def _class_sql(field: psl.IndexField) -> str | None:
    if field.operator_class is None or field.is_raw:
        return field.operator_class
    return OPERATOR_CLASSES[field.operator_class].in_sql


def index_columns(
    model: psl.Model, index: psl.Index, extension_schemas: Mapping[str, str], default_schema: str
) -> tuple[IndexColumn, ...]:
    """The keys of an index; one that names the class that is taken anyway has none."""
    method = (index.algorithm or "BTree").lower()
    found = []
    for field in index.fields:
        class_ = _class_sql(field)
        descending = field.sort == "Desc"
        found.append(
            IndexColumn(
                model.scalar(field.name).database_name,
                operator_class=None
                if class_ is None
                else _operator_class(class_, method, extension_schemas, default_schema),
                descending=descending,
                nulls_first=descending,
            )
        )
    return tuple(found)


def _operator_class(
    class_: str, method: str, extension_schemas: Mapping[str, str], default_schema: str
) -> ObjectName | None:
    """The class, None where it is the default of its type; PostgreSQL's own are told by their names."""
    schema, dot, name = class_.rpartition(".")
    if name in _SYSTEM_CLASSES and schema in ("", SYSTEM):
        later = name in _NEVER_DEFAULT or name.endswith(("_bloom_ops", "_minmax_multi_ops"))
        return ObjectName(SYSTEM, name) if later or (method, name) in _NOT_DEFAULT_HERE else None
    if name in _DEFAULT_OF_EXTENSION:
        return None
    if dot:
        return ObjectName(schema.strip('"'), name.strip('"'))
    return ObjectName(extension_schemas.get(_OF_EXTENSION.get(name, ""), default_schema), name)


def predicate_sql(model: psl.Model, where: psl.Predicate) -> str:
    """A partial index's predicate in SQL, as Prisma writes it inside of WHERE (…)."""
    if where.sql is not None:
        return where.sql
    return " AND ".join([_condition(model, one) for one in where.conditions])


def _condition(model: psl.Model, condition: psl.Condition) -> str:
    column = quote_ident(model.scalar(condition.field).database_name)
    value = condition.value
    if value is None:
        return f"{column} IS NOT NULL" if condition.negated else f"{column} IS NULL"
    operator = "!=" if condition.negated else "="
    if isinstance(value, bool):
        shown = "true" if value else "false"
    elif isinstance(value, Decimal):
        shown = plain_number(value)
    else:
        shown = shown_literal(value) if isinstance(value, str) else str(value)
    return f"{column} {operator} {shown}"
