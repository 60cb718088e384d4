"""The baseline: a committed file of what each contract's verdict was, so that a run fails only on what got worse.

TOML, one table a contract, sorted by name, rows to one digit: what did not change makes no line of a diff. Pure: texts
and values; whoever reads and writes the file is a shell.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pgready.errors import UsageInvalid
from pgready.proof.verdict import WORST, Kind

VERSION = 1
_HEADER = (
    "# What `pgready prove` found when somebody accepted it: a later run fails only on what is worse than this.\n"
    "# Written by `pgready prove --update-baseline`; commit it.\n"
)
_FLOOR = 10.0
"""Rows that are no matter: from 1 to 90 is no trend."""
_WORSE = 10.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One contract's verdict for each growth, ascending; `query` is the fingerprint of its SQL.

    `rows_read` is to one digit; `indexes` are `schema.name`, sorted.
    """

    name: str
    query: str
    verdicts: tuple[tuple[float, Kind], ...]
    rows_read: float
    indexes: tuple[str, ...] = ()

    @property
    def turns_at(self) -> float | None:
        """The smallest growth at which it is unbounded."""
        return next((growth for growth, kind in self.verdicts if kind == "unbounded"), None)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The file: its entries sorted by name, and the major version of the server that planned."""

    entries: tuple[Entry, ...]
    postgres: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a contract since the baseline; `text` is a sentence."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run held against the baseline: `worse` makes it fail, the rest is told.

    `removed` are contracts that the baseline has and the run has not, `edited` are those whose SQL is another now.
    """

    worse: tuple[Change, ...] = ()
    better: tuple[Change, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def fingerprint(sql: str) -> str:
    """A short name of a query that does not change with its line breaks and indentation."""
    return hashlib.sha256(" ".join(sql.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def rounded(rows: float) -> float:
    """`rows` to one significant digit, upwards: 0, 1, 20, 3000."""
    if rows <= 0 or rows == float("inf"):
        return max(rows, 0.0)
    scale = 1.0
    while rows / scale > 9:
        scale *= 10
    return -(-rows // scale) * scale


# ── comparing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare(
    before: Baseline, now: Sequence[Entry], *, postgres: int = 0, partial: bool = False, strict: bool = False
) -> Comparison:
    """What got worse and better. `partial`: only some contracts were asked for, so that none counts as removed.

    A contract under another name is known by its query. `strict` counts warnings as they count without a baseline.
    """
    by_name = {entry.name: entry for entry in before.entries}
    names = {entry.name for entry in now}
    gone = {entry.query: entry for entry in before.entries if entry.name not in names}
    worse, better, edited, renamed = [], [], [], set()
    for entry in sorted(now, key=lambda one: one.name):
        old = by_name.get(entry.name)
        if old is None and (old := gone.get(entry.query)) is not None:
            renamed.add(old.name)
        if old is not None and old.query != entry.query:
            edited.append(entry.name)
        reasons = list(_reasons(old, entry, strict=strict))
        if reasons:
            worse.append(Change(entry.name, "; ".join(reasons)))
        elif old is not None and _is_better(old, entry):
            better.append(Change(entry.name, f"{_said(old)} before, {_said(entry)} now"))
    removed = () if partial else tuple(sorted(entry.name for entry in gone.values() if entry.name not in renamed))
    notes: tuple[str, ...] = ()
    if postgres and before.postgres and postgres != before.postgres:
        notes = (f"the baseline was made with PostgreSQL {before.postgres}, and this is {postgres}",)
    return Comparison(tuple(worse), tuple(better), removed, tuple(edited), notes)


def merged(before: Baseline | None, now: Iterable[Entry], postgres: int, keep: Iterable[str] | None) -> Baseline:
    """The baseline to write: `now`, and those old entries in `keep` (None: all) that this run says nothing of."""
    entries = {entry.name: entry for entry in now}
    kept = None if keep is None else set(keep)
    for entry in before.entries if before is not None else ():
        if kept is None or entry.name in kept:
            entries.setdefault(entry.name, entry)
    return Baseline(tuple(entries[name] for name in sorted(entries)), postgres)


def _reasons(old: Entry | None, now: Entry, *, strict: bool) -> Iterator[str]:
    if old is None:
        if _is_bad(_worst(now), strict=strict):
            yield f"a new contract, {_said(now)}"
        return
    known = dict(old.verdicts)
    for growth, kind in now.verdicts:
        before = known.get(growth)
        if not _is_bad(kind, strict=strict) or (before is not None and WORST.index(before) >= WORST.index(kind)):
            continue
        if before is None and _excused_below(old, growth, kind):
            continue
        at = f"at {_number(growth)}x"
        yield f"{kind} {at}, where it was {before}" if before else f"{kind} {at}, which the baseline knows nothing of"
        return
    if now.rows_read >= _WORSE * max(old.rows_read, _FLOOR):
        yield f"reads {now.rows_read:,.0f} rows, where it read {old.rows_read:,.0f}"


def _excused_below(old: Entry, growth: float, kind: Kind) -> bool:
    """Whether a smaller growth was as bad already: what is unbounded at 1x is so at 10x."""
    return any(at < growth and WORST.index(before) >= WORST.index(kind) for at, before in old.verdicts)


def _is_bad(kind: Kind, *, strict: bool) -> bool:
    return kind == "unbounded" or (strict and kind != "bounded")


def _is_better(old: Entry, now: Entry) -> bool:
    return WORST.index(_worst(now)) < WORST.index(_worst(old)) or (
        old.turns_at is not None and (now.turns_at is None or now.turns_at > old.turns_at)
    )


def _worst(entry: Entry) -> Kind:
    return max((kind for _, kind in entry.verdicts), key=WORST.index, default="not judged")


def _said(entry: Entry) -> str:
    worst = _worst(entry)
    at = next((growth for growth, kind in entry.verdicts if kind == worst), 1.0)
    return worst if len({kind for _, kind in entry.verdicts}) == 1 else f"{worst} at {_number(at)}x"


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def to_text(baseline: Baseline) -> str:
    """The file's text: the same for the same values, whatever order they came in."""
    lines = [_HEADER, f"version = {VERSION}", f"postgres = {baseline.postgres}"]
    for entry in sorted(baseline.entries, key=lambda one: one.name):
        verdicts = ", ".join(f'{_quoted(_number(growth))} = "{kind}"' for growth, kind in sorted(entry.verdicts))
        indexes = ", ".join(_quoted(name) for name in sorted(entry.indexes))
        lines += [
            f"\n[contracts.{_quoted(entry.name)}]",
            f'query = "{entry.query}"',
            f"verdicts = {{ {verdicts} }}",
            f"rows_read = {entry.rows_read:.0f}",
            f"indexes = [{indexes}]",
        ]
    return "\n".join(lines) + "\n"


def from_text(text: str, path: str) -> Baseline:
    """The baseline of a file's text; raises UsageInvalid for one that is damaged or of another version."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise _damaged(path, str(e)) from None
    version = data.get("version")
    if version != VERSION:
        raise UsageInvalid(
            f"the baseline is of version {version}, and this pgready reads version {VERSION}"
            if isinstance(version, int)
            else "this is no baseline of pgready: it does not say its version",
            where=path,
            then=f"use the pgready that wrote it, or take it away and accept what is there now:\n{_ACCEPT}",
            code="baseline_version",
        )
    contracts, postgres = data.get("contracts", {}), data.get("postgres", 0)
    if not isinstance(contracts, dict) or not isinstance(postgres, int):
        raise _damaged(path, "`contracts` is a table and `postgres` a number")
    return Baseline(tuple(_entry(name, contracts[name], path) for name in sorted(contracts)), postgres)


_ACCEPT = "pgready prove --no-baseline, then pgready prove --update-baseline"


def _entry(name: str, data: Any, path: str) -> Entry:
    try:
        return Entry(
            name,
            _text(data["query"]),
            tuple(sorted((float(growth), _kind(kind)) for growth, kind in _table(data["verdicts"]).items())),
            float(data["rows_read"]),
            tuple(_text(one) for one in data["indexes"]),
        )
    except (KeyError, TypeError, ValueError) as e:
        missing = f"{e.args[0]} is missing" if isinstance(e, KeyError) else str(e)
        raise _damaged(path, f"contract {name}: {missing}") from None


def _kind(value: object) -> Kind:
    for kind in WORST:
        if value == kind:
            return kind
    raise ValueError(f"{value!s} is no verdict")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!s} is no text")  # noqa: TRY004 - one kind of trouble: the file
    return value


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("verdicts is no table")  # noqa: TRY004 - one kind of trouble: the file
    return value


def _damaged(path: str, what: str) -> UsageInvalid:
    return UsageInvalid(
        "the baseline cannot be read: it was damaged, as by a merge",
        where=path,
        detail=what,
        then="bring back the last version (git checkout), or take the file away and accept what is there now:\n"
        "pgready prove --update-baseline",
        code="baseline_damaged",
    )


def _number(growth: float) -> str:
    return f"{growth:g}"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in escaped) + '"'
