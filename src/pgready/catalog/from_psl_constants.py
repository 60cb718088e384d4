"""Constants as PostgreSQL keeps them: what its input and output functions make of a text of Prisma's."""

from __future__ import annotations

import ipaddress
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:([Zz])|([+-]\d\d):?(\d\d))\Z", re.ASCII
)  # fmt: skip
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


class Moment:
    """A date and time with its offset, as RFC 3339 writes it."""

    def __init__(self, text: str) -> None:
        found = _MOMENT.match(text)
        if found is None:
            raise ValueError(text)
        self._day, self._time, fraction, zulu, hours, minutes = found.groups()
        digits = (fraction or "")[:9].rstrip("0")
        self._fraction = digits.ljust(-(-len(digits) // 3) * 3, "0")
        self._offset = "+00:00" if zulu else f"{hours}:{minutes}"
        if self._offset == "-00:00":
            self._offset = "+00:00"

    def kept(self, type_name: str) -> str:
        """What PostgreSQL keeps and prints in a column of this type, its time zone being UTC."""
        minute, leap = self._time[:6], self._time[6:] == "60"
        local = datetime.fromisoformat(f"{self._day} {minute}{'59' if leap else self._time[6:]}")
        local += timedelta(seconds=1 if leap else 0)
        if self._fraction:
            local += timedelta(microseconds=round(Decimal("0." + self._fraction) * 1_000_000))
        if type_name == "date":
            return self._day
        if type_name == "time":
            return _clock(local)
        if type_name == "timetz":
            return _clock(local) + _short(self._offset)
        if type_name == "timestamptz":
            sign = -1 if self._offset[0] == "-" else 1
            shift = timedelta(hours=int(self._offset[1:3]), minutes=int(self._offset[4:6])) * sign
            return _day_and_clock(local.replace(tzinfo=timezone(shift))) + "+00"
        return _day_and_clock(local.replace(tzinfo=UTC))


def _short(offset: str) -> str:
    return offset.removesuffix(":00")


def _clock(moment: datetime) -> str:
    text = f"{moment:%H:%M:%S}"
    return f"{text}.{moment.microsecond:06}".rstrip("0") if moment.microsecond else text


def _day_and_clock(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc.year:04}-{utc:%m-%d} {_clock(utc)}"


def kept_text(text: str, type_name: str) -> str:
    """What a string constant of this type (`pg_type.typname`) is kept and printed as; texts that do not fit stay."""
    try:
        if type_name == "jsonb":
            return jsonb(text)
        if type_name == "uuid":
            digits = text.strip("{}").replace("-", "").lower()
            if re.fullmatch(r"[0-9a-f]{32}", digits):
                return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
        if type_name == "inet":
            return _inet(text)
        if type_name in ("bit", "varbit") and text[:1] in ("x", "X"):
            return "".join(f"{int(digit, 16):04b}" for digit in text[1:])
        if type_name in ("bit", "varbit") and text[:1] in ("b", "B"):
            return text[1:]
        if type_name in ("timestamp", "timestamptz", "date", "time", "timetz"):
            return Moment(text).kept(type_name)
    except (ValueError, InvalidOperation, OverflowError):
        pass
    return text


def _inet(text: str) -> str:
    found = ipaddress.ip_interface(text)
    if found.network.prefixlen == found.max_prefixlen:
        return str(found.ip)
    return f"{found.ip}/{found.network.prefixlen}"


def jsonb(text: str) -> str:
    """A JSON text as jsonb prints it: keys by length, then bytes; the last of equal keys; numbers as numeric.

    Raises ValueError for what is no JSON.
    """

    def refuse(word: str) -> Any:
        raise ValueError(word)

    value = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=refuse)
    return _jsonb(value)


def _jsonb(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, str):
        return _json_string(value)
    if isinstance(value, list):
        return "[" + ", ".join(_jsonb(one) for one in value) + "]"
    keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
    return "{" + ", ".join(f"{_json_string(key)}: {_jsonb(value[key])}" for key in keys) + "}"


def _json_string(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(lambda found: _ESCAPED.get(found[0]) or f"\\u{ord(found[0]):04x}", text) + '"'


def plain_number(value: Decimal) -> str:
    """A number in digits, without an exponent, its last zeros kept; there is no negative zero."""
    if value == 0:
        value = abs(value)
    return format(value, "f")
