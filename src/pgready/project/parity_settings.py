"""What the project says about parity: its sides by name, ignore rules, roles by other names, the threshold.

`sides`, `parity.ignore`, `parity.roles` and `parity.threshold` of pgready.toml or `[tool.pgready]`. A URL stands there
as `$NAME` of an environment variable, or without a password.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pgready.errors import UsageInvalid
from pgready.parity.ignore import IgnoreRule
from pgready.parity.model import WEIGHTS, Weight
from pgready.project.resolution import Resolution
from pgready.project.suggest import nearest
from pgready.project.url import parse

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))\Z")
_RULE = ("object", "reason", "until", "side")
_PARITY = ("ignore", "roles", "threshold")


@dataclass(frozen=True, slots=True)
class NamedSide:
    """A side of the settings: `text` is what it stands for (it may hold a password), `source` where that was found."""

    text: str = field(repr=False)
    source: str


@dataclass(frozen=True, slots=True)
class ParitySettings:
    """What was found; `roles` maps a role of a side to the reference's."""

    sides: Mapping[str, str] = field(default_factory=dict, repr=False)
    rules: tuple[IgnoreRule, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    threshold: Weight | None = None
    where: str = ""


def parity_settings(flags: Mapping[str, object], environ: Mapping[str, str], cwd: str) -> ParitySettings:
    """What the project says; raises UsageInvalid with the place."""
    sources = Resolution(flags, environ, cwd)
    sources.read_dotenv("")
    sources.read_config()
    sides, where = _table(sources, "sides")
    parity, of_parity = _table(sources, "parity")
    for key in parity:
        if key not in _PARITY:
            raise _wrong(of_parity, f"parity.{key} is not a setting of pgready", _near(key, _PARITY))
    threshold = parity.get("threshold")
    if threshold is not None and threshold not in WEIGHTS:
        raise _wrong(of_parity, "parity.threshold is none of the weights", f"one of {', '.join(WEIGHTS)}")
    rules = parity.get("ignore", [])
    if not isinstance(rules, list):
        raise _wrong(of_parity, "parity.ignore takes a list of tables", "[[tool.pgready.parity.ignore]]")
    roles = parity.get("roles", {})
    if not isinstance(roles, dict) or not all(isinstance(one, str) for one in roles.values()):
        raise _wrong(of_parity, "parity.roles maps a role's name to the reference's", 'e.g. prod_owner = "owner"')
    return ParitySettings(
        sides={name: _side(name, text, where) for name, text in sides.items()},
        rules=tuple(_rule(one, number, of_parity) for number, one in enumerate(rules, 1)),
        roles=dict(roles),
        threshold=next((one for one in WEIGHTS if one == threshold), None),
        where=where or of_parity,
    )


def named_side(
    name: str, text: str, flags: Mapping[str, object], environ: Mapping[str, str], cwd: str
) -> NamedSide:  # fmt: skip
    """What a named side stands for, its variable read; raises UsageInvalid if that is not set."""
    found = _VARIABLE.match(text)
    if found is None:
        return NamedSide(text, f"the setting sides.{name}")
    variable = found[1] or found[2]
    sources = Resolution(flags, environ, cwd)
    sources.read_dotenv("")
    value, source = sources.variable(variable)
    if not value:
        raise UsageInvalid(
            f"the side {name} is the database of ${variable}, which is not set",
            where=f"sides.{name}",
            then=f"set {variable}=postgresql://USER:PASSWORD@HOST:5432/DATABASE",
            code="side_url_missing",
        )
    return NamedSide(value, source)


def _table(sources: Resolution, key: str) -> tuple[dict[str, object], str]:
    if key not in sources.toml:
        return {}, ""
    value, where = sources.toml[key]
    if not isinstance(value, dict):
        raise _wrong(where, f"{key} is a table", f"[tool.pgready.{key}]")
    return value, where


def _side(name: str, text: object, where: str) -> str:
    if not isinstance(text, str) or not text:
        raise _wrong(where, f"sides.{name} takes a side in quotes", f'e.g. {name} = "$STAGING_DATABASE_URL"')
    if "://" in text and parse(text, f"{where}: sides.{name}").has_secret:
        raise _wrong(
            where,
            f"sides.{name}: a URL with a password does not belong into a file that is committed",
            f'{name} = "$STAGING_DATABASE_URL", and the URL in that environment variable',
        )
    return text


def _rule(value: object, number: int, where: str) -> IgnoreRule:
    place = f"{where}: parity.ignore, rule {number}"
    if not isinstance(value, dict):
        raise _wrong(place, "it is no table", "[[tool.pgready.parity.ignore]]")
    for key in value:
        if key not in _RULE:
            raise _wrong(place, f"{key} is no part of a rule", _near(key, _RULE))
    for key in ("object", "reason"):
        if not isinstance(value.get(key), str) or not str(value[key]).strip():
            raise _wrong(place, f"it lacks its {key}", 'e.g. object = "table public.tmp_*", reason = "…"')
    side = value.get("side", "")
    if not isinstance(side, str):
        raise _wrong(place, "its side is no name", "the name as it is given to pgready parity")
    return IgnoreRule(str(value["object"]), str(value["reason"]), _day(value.get("until"), place), side, place)


def _day(value: object, place: str) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        what = "its until is no date" if value is not None else "it lacks its until: nothing is ignored for ever"
        raise _wrong(place, what, 'e.g. until = "2027-01-01", the last day on which it holds') from None


def _near(key: str, known: tuple[str, ...]) -> str:
    near = nearest(key, known)
    return f"did you mean {near}?" if near else f"there are {', '.join(known)}"


def _wrong(where: str, what: str, then: str) -> UsageInvalid:
    return UsageInvalid(what, where=where, then=then)
