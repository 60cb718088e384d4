"""Profiles as TOML files: written for people, read strictly.

A key that is not known and a value out of range are told at their place, all at once. Reading needs no database: what
the profile names is held against one by `pgready.proof.size.profile_names`.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.errors import UsageInvalid
from pgready.proof.profile import ColumnProfile, IndexProfile, Profile, TableProfile
from pgready.proof.size.toml_places import Path, places
from pgready.sql.excerpt import excerpt, where

_HEADER = """\
# pgready profile: how big a database is, for `pgready prove --profile`.
# It holds no values of users: counts, shares and widths only, and of enums and booleans how often each value comes.
#
# rows, pages (8 kB)      as the last ANALYZE saw them; leave pages out to have them worked out
# grows = false           a lookup table: it stays as it is when everything else is judged at 10 and 100 times
# distinct                values if > 0; minus the share of rows if < 0 (-1: every row has its own)
# null_fraction, width    share of NULLs, 0 to 1; bytes on average
# correlation             how far values follow the order on disk, -1 to 1
# top_share               share of all rows that the commonest value has, whichever that is
"""

_TOP = ("default_rows", "settings", "tables")
_TABLE = ("rows", "pages", "grows", "columns", "indexes")
_COLUMN = ("distinct", "null_fraction", "width", "correlation", "top_share", "frequencies")
_INDEX = ("pages", "rows", "columns")
_MOST = 1e15


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A profile with the text that it was read from; a table without a schema in its name has the schema ""."""

    profile: Profile
    path: str
    text: str
    places: Mapping[Path, int]
    keys: Mapping[ObjectName, str]


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def profile_text(profile: Profile, notes: Iterable[str] = ()) -> str:
    """The profile as TOML, tables in its order; `notes` stand as comments under the header."""
    lines = [_HEADER.rstrip("\n")]
    lines += [f"# {line}" for note in ("", *notes) for line in (note.splitlines() or [""])] if notes else []
    lines = [line.rstrip() for line in lines]
    if profile.source:
        lines += ["#", f"# source: {_one_line(profile.source)}"]
    if profile.default_rows != Profile().default_rows:
        lines += ["", f"default_rows = {_number(profile.default_rows)}"]
    if profile.settings:
        lines += ["", "[settings]", *(f"{toml_key(name)} = {_string(value)}" for name, value in profile.settings)]
    for table in profile.tables:
        lines += ["", *_table_lines(table)]
    return "\n".join(lines) + "\n"


def _table_lines(table: TableProfile) -> list[str]:
    head = f"tables.{_string(table_key(table.name))}"
    lines = [f"[{head}]", f"rows = {_number(table.rows)}"]
    lines += [f"pages = {_number(table.pages)}"] if table.pages is not None else []
    lines += ["grows = false"] if not table.grows else []
    lines += [f"columns.{toml_key(column.name)} = {_column_text(column)}" for column in table.columns]
    return lines + [f"indexes.{toml_key(index.name)} = {_index_text(index)}" for index in table.indexes]


def _column_text(column: ColumnProfile) -> str:
    parts = [
        f"{name} = {_number(value)}"
        for name in _COLUMN[:-1]
        if (value := getattr(column, name)) is not None and not (name == "null_fraction" and value == 0)
    ]
    if column.frequencies:
        shares = ", ".join(f"{toml_key(value)} = {_number(share)}" for value, share in column.frequencies)
        parts.append(f"frequencies = {{ {shares} }}")
    return "{ " + ", ".join(parts) + " }" if parts else "{}"


def _index_text(index: IndexProfile) -> str:
    parts = [f"{name} = {_number(value)}" for name in ("pages", "rows") if (value := getattr(index, name)) is not None]
    if index.columns:
        columns = ", ".join(f"{toml_key(column.name)} = {_column_text(column)}" for column in index.columns)
        parts.append(f"columns = {{ {columns} }}")
    return "{ " + ", ".join(parts) + " }" if parts else "{}"


def table_key(name: ObjectName) -> str:
    """A table's name as a profile has it: `schema.table`, as SQL quotes it where it holds dots or quotes."""
    if all("." not in part and '"' not in part for part in name):
        return f"{name.schema}.{name.name}" if name.schema else name.name
    return name.sql


def toml_key(text: str) -> str:
    """A key as TOML has it: bare where it can be."""
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _string(text)


def _string(text: str) -> str:
    # JSON's strings are TOML's but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)


def _number(value: float) -> str:
    if float(value).is_integer() and abs(value) <= _MOST:
        return f"{int(value):_}"
    text = f"{value:.6g}"
    return text if "e" not in text or "." in text else text.replace("e", ".0e")


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_profile_file(data: bytes, path: str) -> ProfileFile:
    """The profile in a file's bytes; `path` is the file as the user wrote it.

    Raises UsageInvalid for broken TOML, unknown keys and values that cannot be, all of them at once.
    """
    import tomllib

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise UsageInvalid("the profile is not UTF-8", where=f"{path}:{line}", code="profile_invalid") from None
    text = text.replace("\r\n", "\n")
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        raise _broken(e, text, path) from None
    reader = _Reader(text, path)
    found = reader.profile(content)
    if reader.trouble:
        raise refused(reader.trouble, text, path)
    return ProfileFile(found, path, text, reader.places, reader.keys)


def _broken(error: Exception, text: str, path: str) -> UsageInvalid:
    words = str(error) if not isinstance(error, RecursionError) else "it is nested too deep"
    found = re.search(r"\(at line (\d+), column (\d+)\)", words)
    what = f"the profile is not valid TOML: {words.partition(' (at ')[0]}"
    if found:
        lines = text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
    elif "at end of document" in words:
        offset = len(text)
    else:
        return UsageInvalid(what, where=path, code="profile_invalid")
    return UsageInvalid(
        what, where=where(text, offset, path), excerpt=excerpt(text, offset, path), code="profile_invalid"
    )


Trouble = tuple[int, str, str]
"""Offset, what is wrong there, what to write instead or ""."""


def refused(trouble: Collection[Trouble], text: str, path: str) -> UsageInvalid:
    """One error for all that is wrong: the first in full, the others by their places."""
    ordered = sorted(trouble)
    offset, what, then = ordered[0]
    others = [f"{where(text, at, path)}: {words}{f' ({hint})' if hint else ''}" for at, words, hint in ordered[1:]]
    return UsageInvalid(
        what,
        where=where(text, offset, path),
        excerpt=excerpt(text, offset, path),
        detail="\n".join(others),
        then=then or "correct the profile, or make one: pgready profile URL -o profile.toml",
        code="profile_invalid",
    )


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.places = places(text)
        self.path = path
        self.trouble: list[Trouble] = []
        self.keys: dict[ObjectName, str] = {}

    def wrong(self, path: Path, what: str, then: str = "") -> None:
        while path and path not in self.places:
            path = path[:-1]
        self.trouble.append((self.places.get(path, 0), what, then))

    def profile(self, content: Mapping[str, Any]) -> Profile:
        self._known((), content, _TOP, "the profile")
        default = self._number((), content, "default_rows", 1, _MOST)
        settings = self._table(("settings",), content.get("settings", {}))
        tables = self._table(("tables",), content.get("tables", {}))
        found = []
        for key, value in tables.items():
            path = ("tables", key)
            name = self._table_name(path, key, value)
            if name is None:
                continue
            if name in self.keys:
                self.wrong(path, f"the table {name} is named twice")
                continue
            self.keys[name] = key
            found.append(self._one_table(path, name, self._table(path, value)))
        return Profile(
            tuple(found),
            tuple((name, self._setting(("settings", name), value)) for name, value in settings.items()),
            Profile().default_rows if default is None else int(default),
            self.path,
        )

    def _table_name(self, path: Path, key: str, value: Any) -> ObjectName | None:
        if (
            isinstance(value, dict)
            and "rows" not in value
            and value
            and all(isinstance(v, dict) for v in value.values())
        ):
            first = next(iter(value))
            self.wrong(path, f"the table's name has to be one key: [tables.{_string(f'{key}.{first}')}]")
            return None
        if '"' in key:
            found = re.fullmatch(r'"((?:[^"]|"")+)"\."((?:[^"]|"")+)"', key)
            if not found:
                self.wrong(path, f"{key} is not a table's name", 'write it as schema.table or "schema"."table"')
                return None
            return ObjectName(*(part.replace('""', '"') for part in found.groups()))
        schema, dot, name = key.partition(".")
        if not dot:
            return ObjectName("", key)
        return ObjectName(schema, name)

    def _one_table(self, path: Path, name: ObjectName, content: Mapping[str, Any]) -> TableProfile:
        self._known(path, content, _TABLE, f"the table {table_key(name)}")
        rows = self._number(path, content, "rows", 0, _MOST)
        if rows is None and "rows" not in content:
            self.wrong(path, f"the table {table_key(name)} has no rows", "add: rows = 1_000_000")
        pages = self._number(path, content, "pages", 0, 4_294_967_294, whole=True)
        grows = content.get("grows", True)
        if not isinstance(grows, bool):
            self.wrong((*path, "grows"), "grows is true or false")
        columns = self._columns((*path, "columns"), content.get("columns", {}))
        indexes = []
        for key, value in self._table((*path, "indexes"), content.get("indexes", {})).items():
            at = (*path, "indexes", key)
            one = self._table(at, value)
            self._known(at, one, _INDEX, f"the index {key}")
            indexes.append(
                IndexProfile(
                    key,
                    _int(self._number(at, one, "pages", 0, 4_294_967_294, whole=True)),
                    self._number(at, one, "rows", 0, _MOST),
                    self._columns((*at, "columns"), one.get("columns", {})),
                )
            )
        return TableProfile(name, rows or 0.0, _int(pages), grows is not False, columns, tuple(indexes))

    def _columns(self, path: Path, content: Any) -> tuple[ColumnProfile, ...]:
        return tuple(
            self._column((*path, key), key, self._table((*path, key), value))
            for key, value in self._table(path, content).items()
        )

    def _column(self, path: Path, name: str, content: Mapping[str, Any]) -> ColumnProfile:
        self._known(path, content, _COLUMN, f"the column {name}")
        distinct = self._number(path, content, "distinct", -1, _MOST)
        if distinct == 0:
            self.wrong((*path, "distinct"), "distinct is 0", "leave it out if it is not known")
        shares = []
        for value, share in self._table((*path, "frequencies"), content.get("frequencies", {})).items():
            number = self._number((*path, "frequencies"), {value: share}, value, 0, 1)
            shares.append((value, number or 0.0))
        if sum(share for _, share in shares) > 1.001:
            self.wrong((*path, "frequencies"), "the frequencies are more than 1 together")
        return ColumnProfile(
            name,
            distinct,
            self._number(path, content, "null_fraction", 0, 1),
            _int(self._number(path, content, "width", 0, 1_073_741_823, whole=True)),
            self._number(path, content, "correlation", -1, 1),
            self._number(path, content, "top_share", 0, 1),
            tuple(shares),
        )

    def _setting(self, path: Path, value: Any) -> str:
        if not re.fullmatch(r"[A-Za-z_][\w.]*", path[-1], re.ASCII):
            self.wrong(path, f"{path[-1]} is not a setting of PostgreSQL")
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, (str, int, float)):
            return str(value)
        self.wrong(path, f"the setting {path[-1]} is neither text nor a number")
        return ""

    def _known(self, path: Path, content: Mapping[str, Any], known: tuple[str, ...], owner: str) -> None:
        for key in content:
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                then = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
                self.wrong((*path, key), f"{owner} has no {key}", then)

    def _table(self, path: Path, value: Any) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        self.wrong(path, f"{path[-1]} is not a table", f"write it as {toml_key(path[-1])} = {{ … }}")
        return {}

    def _number(
        self, path: Path, content: Mapping[str, Any], key: str, least: float, most: float, *, whole: bool = False
    ) -> float | None:
        value = content.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            self.wrong((*path, key), f"{key} is not a number")
            return None
        if not least <= value <= most:
            self.wrong((*path, key), f"{key} is {_number(value)}: it is {_number(least)} to {_number(most)}")
            return None
        if whole and not float(value).is_integer():
            self.wrong((*path, key), f"{key} is {_number(value)}: it is a whole number")
            return None
        return float(value)


def _int(value: float | None) -> int | None:
    return None if value is None else int(value)
