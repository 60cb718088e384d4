"""What the project says about its smoke run: `smoke` of pgready.toml or `[tool.pgready.smoke]`.

Which older states are upgraded (`from`), how many replicas and rows, which losses of rows are meant, and the commands
of the services that are started behind `boot` or `wait`.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgready.errors import UsageInvalid
from pgready.project.resolution import Resolution
from pgready.project.suggest import nearest

_SMOKE = ("from", "replicas", "rows", "seed", "losses", "services")
_SERVICE = ("name", "command", "verb", "folder", "port", "health", "says", "timeout", "env")
_LOSS = ("table", "reason")


@dataclass(frozen=True, slots=True)
class Service:
    """A command that is started behind `verb`; `folder` is absolute.

    `port` 0 stands for a free one; it is in PORT and replaces `{port}` in `command`, `health` and `env`. `health` is a
    URL that answers 2xx once it serves, `says` a pattern of a line that it prints then; "" for none. `timeout` is in
    seconds.
    """

    name: str
    command: tuple[str, ...]
    verb: Literal["boot", "wait"]
    folder: str
    port: int = 0
    health: str = ""
    says: str = ""
    timeout: float = 60.0
    env: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class SmokeSettings:
    """What was found; `losses` maps a table (`schema.name`) to the reason why its rows may go."""

    refs: tuple[str, ...] = ()
    replicas: int | None = None
    rows: int | None = None
    seed: str | None = None
    losses: Mapping[str, str] = field(default_factory=dict)
    services: tuple[Service, ...] = ()
    where: str = ""


def smoke_settings(flags: Mapping[str, object], environ: Mapping[str, str], cwd: str) -> SmokeSettings:
    """What the project says; raises UsageInvalid with the place."""
    sources = Resolution(flags, environ, cwd)
    sources.read_config()
    if "smoke" not in sources.toml:
        return SmokeSettings()
    value, where = sources.toml["smoke"]
    if not isinstance(value, dict):
        raise _wrong(where, "smoke is a table", "[tool.pgready.smoke]")
    _known(value, _SMOKE, where, "smoke")
    refs = value.get("from", [])
    refs = [refs] if isinstance(refs, str) else refs
    if not isinstance(refs, list) or not all(isinstance(one, str) and one for one in refs):
        raise _wrong(where, "smoke.from takes Git refs", 'from = ["v1.2"]')
    seed = value.get("seed")
    if seed is not None and not isinstance(seed, str | int):
        raise _wrong(where, "smoke.seed is a word or a number", 'seed = "7"')
    services = value.get("services", [])
    if not isinstance(services, list) or not all(isinstance(one, dict) for one in services):
        raise _wrong(where, "smoke.services takes a list of tables", "[[tool.pgready.smoke.services]]")
    folder = os.path.join(cwd, sources.toml_folder)
    found = tuple(_service(one, number, folder, where) for number, one in enumerate(services, 1))
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(where, f"there are two services {name}", "give each a name of its own")
    return SmokeSettings(
        refs=tuple(refs),
        replicas=_number(value, "replicas", where, 2, 20),
        rows=_number(value, "rows", where, 1, 1000),
        seed=None if seed is None else str(seed),
        losses=_losses(value.get("losses", []), where),
        services=found,
        where=where,
    )


def _service(value: dict[str, object], number: int, folder: str, where: str) -> Service:
    name = value.get("name")
    place = f"{where}: smoke.services, {name if isinstance(name, str) and name else f'number {number}'}"
    _known(value, _SERVICE, place, "a service")
    if not isinstance(name, str) or not name:
        raise _wrong(place, "it lacks its name", 'name = "api"')
    texts: dict[str, str] = {}
    for key in ("folder", "health", "says"):
        text = value.get(key, "")
        if not isinstance(text, str):
            raise _wrong(place, f"its {key} takes a text in quotes", f'{key} = "…"')
        texts[key] = text
    verb = value.get("verb", "boot")
    if verb not in ("boot", "wait"):
        raise _wrong(place, f"its verb is boot or wait, not {verb}", 'verb = "boot"')
    port = value.get("port", 0)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port < 65536:
        raise _wrong(place, "its port is no port", "port = 8000, or leave it out: a free one is in $PORT")
    health = texts["health"]
    if health.startswith("/"):
        health = "http://127.0.0.1:{port}" + health
    if health and not re.match(r"https?://", health):
        raise _wrong(place, "its health is no URL and no path", 'health = "/readyz"')
    if texts["says"]:
        try:
            re.compile(texts["says"])
        except re.error as e:
            raise _wrong(place, f"its says is no pattern: {e}", 'says = "listening on"') from None
    env = value.get("env", {})
    if not isinstance(env, dict) or not all(isinstance(one, str) for one in env.values()):
        raise _wrong(place, "its env takes names and texts", 'env = { LOG_LEVEL = "debug" }')
    where_to = os.path.normpath(os.path.join(folder, texts["folder"]))
    if not os.path.isdir(where_to):
        raise _wrong(place, f"its folder {texts['folder']} is not there", 'folder = "services/api"')
    from pgready.project.values import convert

    timeout = convert("duration", value.get("timeout", "60s"), f"{place}: timeout")
    return Service(
        name=name,
        command=_command(value.get("command"), place),
        verb="wait" if verb == "wait" else "boot",
        folder=where_to,
        port=port,
        health=health,
        says=texts["says"],
        timeout=float(str(timeout)),
        env=dict(env),
    )


def _command(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, str):
        try:
            words = shlex.split(value)
        except ValueError:
            words = []
    else:
        words = list(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else []
    if not words or not words[0]:
        raise _wrong(place, "it lacks its command", 'command = "python services/api.py"')
    return tuple(words)


def _losses(value: object, where: str) -> dict[str, str]:
    found = {}
    for number, one in enumerate(value if isinstance(value, list) else [None], 1):
        place = f"{where}: smoke.losses, number {number}"
        if not isinstance(one, dict):
            raise _wrong(place, "it is no table", 'losses = [{ table = "public.draft", reason = "…" }]')
        _known(one, _LOSS, place, "a loss")
        for key in _LOSS:
            if not isinstance(one.get(key), str) or not str(one[key]).strip():
                raise _wrong(place, f"it lacks its {key}", '{ table = "public.draft", reason = "…" }')
        found[str(one["table"])] = str(one["reason"])
    return found


def _number(value: Mapping[str, object], key: str, where: str, least: int, most: int) -> int | None:
    one = value.get(key)
    if one is None:
        return None
    if not isinstance(one, int) or isinstance(one, bool) or not least <= one <= most:
        raise _wrong(where, f"smoke.{key} is a number from {least} to {most}", f"{key} = {max(least, 3)}")
    return one


def _known(value: Mapping[str, object], known: tuple[str, ...], where: str, what: str) -> None:
    for key in value:
        if key not in known:
            near = nearest(key, known)
            then = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
            raise _wrong(where, f"{key} is no part of {what}", then)


def _wrong(where: str, what: str, then: str) -> UsageInvalid:
    return UsageInvalid(what, where=where, then=then)
