"""Identifiers and literals: folded, cut and quoted as PostgreSQL does it.

This module is on the hot path of a no-op boot: it imports nothing but `pgready.errors`, which imports nothing.
"""

from pgready.errors import UsageInvalid

MAX_BYTES = 63
"""NAMEDATALEN - 1, in bytes: what PostgreSQL keeps of an identifier."""


def quote_ident(name: str) -> str:
    """Quote `name` as an identifier, always with double quotes and never cut.

    Raises UsageInvalid for an empty name and for one with a NUL, which no PostgreSQL can hold.
    """
    if not name:
        raise UsageInvalid("an identifier is empty", then="give it a name")
    if "\0" in name:
        raise UsageInvalid("an identifier contains a NUL character", then="remove the NUL character")
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    r"""Quote `text` as a string constant that means the same with standard_conforming_strings on and off.

    A backslash inside makes it an `E'...'` constant. Raises UsageInvalid for a NUL.
    """
    if "\0" in text:
        raise UsageInvalid("a text value contains a NUL character", then="remove the NUL character")
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in quoted else quoted


def truncate_63(name: str) -> str:
    """The first 63 bytes of `name` in UTF-8, never ending in the middle of a character: what PostgreSQL keeps."""
    if len(name) <= 15:  # 15 characters of four bytes at most
        return name
    data = name.encode("utf-8", "surrogatepass")
    if len(data) <= MAX_BYTES:
        return name
    end = MAX_BYTES
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end].decode("utf-8", "surrogatepass")


def fold(name: str) -> str:
    """An unquoted identifier as PostgreSQL stores it: A to Z in lower case, other letters as written, cut to 63 bytes.

    PostgreSQL folds letters beyond ASCII in single-byte encodings only.
    """
    return truncate_63(name.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass"))
