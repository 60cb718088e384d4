"""What generated models share at run time: types, values made on the client's side, keyset pages.

Import from here; the modules below are private. Works on SQLAlchemy 2.0.40 and later, on psycopg and asyncpg.
"""

from typing import TYPE_CHECKING

from pgready.orm.clock import left_to_insert, now, now_date, now_time, now_timetz, utc_now
from pgready.orm.ddl import ddl
from pgready.orm.enums import enum_type
from pgready.orm.ids import cuid, cuid2, nanoid, nanoid_of, ulid, uuid4, uuid4_text, uuid7, uuid7_text
from pgready.orm.json_values import JSON_NULL, JsonValue
from pgready.orm.lists import List
from pgready.orm.native import Bit, Inet, Money, Real, Serial, Unsupported, VarBit, Xml
from pgready.orm.record import TYPES, Record, ViewRecord, keyed_by
from pgready.orm.temporal import Timestamp, TimestampTz, TimeTz, ZoneMissing

if TYPE_CHECKING:
    from pgready.orm.cursor import CursorInvalid
    from pgready.orm.order import OrderInvalid
    from pgready.orm.pages import Page, PageQuery, page

__all__ = [
    "JSON_NULL",
    "TYPES",
    "Bit",
    "CursorInvalid",
    "Inet",
    "JsonValue",
    "List",
    "Money",
    "OrderInvalid",
    "Page",
    "PageQuery",
    "Real",
    "Record",
    "Serial",
    "TimeTz",
    "Timestamp",
    "TimestampTz",
    "Unsupported",
    "VarBit",
    "ViewRecord",
    "Xml",
    "ZoneMissing",
    "cuid",
    "cuid2",
    "ddl",
    "enum_type",
    "keyed_by",
    "left_to_insert",
    "nanoid",
    "nanoid_of",
    "now",
    "now_date",
    "now_time",
    "now_timetz",
    "page",
    "ulid",
    "utc_now",
    "uuid4",
    "uuid4_text",
    "uuid7",
    "uuid7_text",
]

_LATE = {
    "CursorInvalid": "cursor",
    "OrderInvalid": "order",
    "Page": "pages",
    "PageQuery": "pages",
    "page": "pages",
}


def __getattr__(name: str) -> object:
    """Pages are imported when somebody asks for them: generated models do not, and start sooner."""
    from importlib import import_module

    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    globals()[name] = found
    return found
