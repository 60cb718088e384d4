"""String constants of a known type, as PostgreSQL prints them: its input and output functions where they are simple."""

from __future__ import annotations

import re

from pgready.catalog.from_psl_constants import kept_text
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_literal, shown_name, shown_type
from pgready.catalog.types import DataType

_AS_WRITTEN = frozenset({"text", "varchar", "bpchar", "name", "json", "xml", "varbit", "bit", "uuid", "inet", "jsonb"})
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,8})\Z", re.ASCII)
_NUMBER = re.compile(r"(?:0|[1-9]\d*)(\.\d+)?\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d:\d\d\Z", re.ASCII)
_PLAIN_ARRAY = re.compile(r"\{(?:[a-z0-9]+(?:,[a-z0-9]+)*)?\}\Z", re.ASCII)
_TERM = re.compile(r"(\d+) (year|mon|month|week|day|hour|minute|min|second|sec)s?\Z", re.ASCII)
_LABELS = {"year": "year", "mon": "mon", "month": "mon", "day": "day"}
_SECONDS = {"hour": 3600, "minute": 60, "min": 60, "second": 1, "sec": 1}


def typed_constant(text: str, type_: DataType, default_schema: str) -> str | None:
    """The constant with its type behind it where PostgreSQL prints one; None where its form is not known here."""
    name = type_.name.name
    if type_.dimensions:
        return f"{shown_literal(text)}::{shown_type(type_)}" if _PLAIN_ARRAY.match(text) and text != "{null}" else None
    if not type_.is_system:
        return None
    if name == "bool":
        return {"t": "true", "true": "true", "f": "false", "false": "false"}.get(text)
    if name == "int4":
        if not _INTEGER.match(text):
            return None
        return text if text[0] != "-" else f"{shown_literal(text)}::integer"
    if name == "numeric":
        if type_.modifier or not (found := _NUMBER.match(text)):
            return None
        return text if found[1] else f"{shown_literal(text)}::numeric"
    if name in ("int2", "int8", "oid", "float4", "float8"):
        return f"{shown_literal(text)}::{shown_type(type_)}" if _INTEGER.match(text) and text != "-0" else None
    if name == "regclass":
        found_name = text.replace('"', "").split(".")
        schema = default_schema if len(found_name) == 1 else found_name[0]
        shown = shown_name(ObjectName(schema, found_name[-1] if '"' in text else found_name[-1].lower()))
        return f"{shown_literal(shown)}::regclass" if len(found_name) < 3 else None
    kept = _kept(text, name)
    return None if kept is None else f"{shown_literal(kept)}::{shown_type(type_)}"


def _kept(text: str, name: str) -> str | None:
    if name in _AS_WRITTEN:
        return kept_text(text, name)
    if name == "interval":
        return _interval(text)
    if text in ("infinity", "-infinity") and name in ("timestamp", "timestamptz", "date"):
        return text
    if name == "date":
        return text if _DAY.match(text) else None
    if name == "time":
        return text if _CLOCK.match(text) else None
    if name == "timestamp":
        day, _, clock = text.partition(" ")
        if _DAY.match(day) and (not clock or _CLOCK.match(clock)):
            return f"{day} {clock or '00:00:00'}"
        return None
    if name == "bytea":
        return text.lower() if re.match(r"\\x(?:[0-9a-fA-F]{2})*\Z", text) else None
    return text if name in ("tsvector", "tsquery") and not text else None


def _interval(text: str) -> str | None:
    if _CLOCK.match(text):
        return text
    found = _TERM.match(text.strip())
    if found is None:
        return None
    number, unit = int(found[1]), found[2]
    if unit in _SECONDS:
        seconds = number * _SECONDS[unit]
        return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
    if unit == "week":
        number, unit = number * 7, "day"
    if unit in ("mon", "month") and number >= 12:
        return None
    label = _LABELS[unit]
    return f"{number} {label}{'' if number == 1 else 's'}" if number else "00:00:00"
