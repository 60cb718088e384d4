"""`pgready settings`: each value and where it came from, secrets masked."""

from __future__ import annotations

import sys
from typing import IO, Any

import click

from pgready.cli.options import common
from pgready.cli.start import settings_from
from pgready.project.settings import FIELDS, Settings
from pgready.project.url import Target

_ORDER = ("url", "direct_url", "schema_files", "migrations", *FIELDS)
_UNSET = {
    "url": "not set",
    "direct_url": "not set",
    "schema_files": "none",
    "schemas": "none",
    "migrations_schema": "the first of the search path",
    "schema_owner": "the connecting role",
    "color": "as the terminal can",
}


def show(settings: Settings, as_json: bool, out: IO[str]) -> None:
    """Write every setting with its source to `out`, as a table or as one JSON object; notes go last."""
    if as_json:
        import json

        json.dump(as_data(settings), out, indent=2, ensure_ascii=False)
        out.write("\n")
        return
    rows = [(name, _words(name, getattr(settings, name)), settings.sources.get(name, "")) for name in _ORDER]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, source in rows:
        out.write(f"{name:<{widths[0]}}  {value:<{min(widths[1], 60)}}  {source}".rstrip() + "\n")
    for note in notes(settings):
        out.write(f"note: {note}\n")


def as_data(settings: Settings) -> dict[str, object]:
    """The settings as data: `settings` maps a name to its value and source, `notes` lists what has no effect."""
    values = {
        name: {"value": _plain(getattr(settings, name)), "source": settings.sources.get(name, "")} for name in _ORDER
    }
    return {"settings": values, "notes": notes(settings)}


def notes(settings: Settings) -> list[str]:
    """Every note of the settings and of their URLs, each once."""
    found = list(settings.notes)
    for target in (settings.url, settings.direct_url):
        found.extend(target.notes if target else ())
    return list(dict.fromkeys(found))


def _plain(value: object) -> object:
    if isinstance(value, Target):
        return value.redacted
    return list(value) if isinstance(value, tuple) else value


def _words(name: str, value: object) -> str:
    if value is None or value == ():
        return _UNSET.get(name, "none")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "off" if name == "lock_timeout" and not value else f"{value:g} s"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return str(_plain(value))


@click.command()
@common(deploys=True)
def settings(**flags: Any) -> None:
    """Show every setting and where it came from; secrets are masked."""
    found = settings_from(flags)
    show(found, found.json, sys.stdout)
