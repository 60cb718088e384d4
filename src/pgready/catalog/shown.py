"""Names, types and constants as PostgreSQL prints them in expressions: quoted only where they must be."""

from __future__ import annotations

import re

from pgready.catalog.names import ObjectName
from pgready.catalog.types import DataType

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_WORDS = """
all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
char character check coalesce collate collation column concurrently constraint create cross current_catalog
current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not
notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real
references returning right row select session_user setof similar smallint some substring symmetric system_user table
tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose
when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
xmlserialize xmltable
"""
_KEYWORDS = frozenset(_WORDS.split())
"""Keywords that PostgreSQL 18 quotes when they are a name; the JSON ones came with 16 and 17."""


def shown_ident(name: str) -> str:
    """A name, quoted unless it is in small letters and no keyword (`$` is quoted, too)."""
    if _PLAIN.match(name) and "$" not in name and name not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def shown_name(name: ObjectName) -> str:
    """A qualified name."""
    return f"{shown_ident(name.schema)}.{shown_ident(name.name)}"


def shown_type(type_: DataType) -> str:
    """A type as `format_type` prints it with an empty search path."""
    if type_.is_system:
        return "bpchar" + "[]" * type_.dimensions if (type_.name.name, type_.modifier) == ("bpchar", "") else type_.sql
    text = shown_name(type_.name) + (f"({type_.modifier})" if type_.modifier else "")
    return text + "[]" * type_.dimensions


def shown_literal(text: str) -> str:
    """A string constant; backslashes stay as they are (standard_conforming_strings is on)."""
    return "'" + text.replace("'", "''") + "'"
