"""What a default's text must look like, as Prisma's own readers take it: JSON, base64, RFC 3339, decimal numbers."""

import re
from calendar import monthrange

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?\Z")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
    r"(?:[Zz]|[-+\u2212]([0-9]{2}):([0-9]{2}))\Z"
)
_DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE]([-+]?)([0-9]+))?\Z")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_JSON_DEPTH = 127


def json_problem(text: str) -> str:
    """What keeps `text` from being JSON, or "". Stricter than Python's reader: no NaN, 127 levels, finite numbers."""
    import json  # few schemas have a default that needs it

    if _depth(text) > _JSON_DEPTH:
        return f"it nests deeper than {_JSON_DEPTH} levels"
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_finite)
    except json.JSONDecodeError as error:
        return f"{error.msg[:1].lower()}{error.msg[1:]}, at character {error.pos + 1}"
    except ValueError as error:
        return str(error)
    # Half a character can only come out of an escape: a text never holds one.
    if "\\u" in text and _LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        return "half a character: \\ud800 to \\udfff stand in pairs"
    return ""


def _refuse(word: str) -> object:
    raise ValueError(f"JSON has no {word}")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is out of range")
    return value


def _depth(text: str) -> int:
    """How deep brackets and braces nest outside strings."""
    depth = most = 0
    at, size = 0, len(text)
    while at < size:
        character = text[at]
        if character == '"':
            at += 1
            while at < size and text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif character in "[{":
            depth += 1
            most = max(most, depth)
        elif character in "]}":
            depth -= 1
        at += 1
    return most


def is_base64(text: str) -> bool:
    """Whether `text` is padded base64 without blanks and without stray bits."""
    return _BASE64.match(text) is not None


def is_decimal(text: str) -> bool:
    """Whether `text` is a decimal number: underscores behind the first digit, an exponent of 64 bits."""
    match = _DECIMAL.match(text)
    if match is None:
        return False
    sign, digits = match.group(1), (match.group(2) or "0").lstrip("0")
    # The length comes first, since Python refuses to read numbers of thousands of digits.
    return len(digits) < 20 and int(digits or "0") < 2**63 + (sign == "-")


def is_timestamp(text: str) -> bool:
    """Whether `text` is a date and time of RFC 3339, offset included."""
    match = _TIME.match(text)
    if match is None:
        return False
    year, month, day, hour, minute, second, zone_hour, zone_minute = (int(part or 0) for part in match.groups())
    if not 1 <= month <= 12:
        return False
    # The calendar knows no year 0; 2000 has the same months.
    _, days = monthrange(year or 2000, month)
    in_day = 1 <= day <= days and hour <= 23 and minute <= 59 and second <= 60
    return in_day and zone_hour <= 23 and zone_minute <= 59
