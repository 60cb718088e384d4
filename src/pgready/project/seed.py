"""The command that fills a database with its first rows: what the project says it is, as words, never as shell text.

Strongest first: `seed` of pgready.toml or `[tool.pgready]`, `migrations.seed` of prisma.config.ts, `prisma.seed` of the
nearest package.json (Prisma 6). Literals only.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from pgready.errors import UsageInvalid
from pgready.project.package_json import read_prisma
from pgready.project.resolution import Resolution

_SHELL = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1"})


@dataclass(frozen=True, slots=True)
class Seed:
    """`words` are the program and its arguments, `source` says where they stand.

    `environ` are the variables of `.env` that the environment lacks, as Prisma 6 hands them to its seed, and the URL by
    every name that the project may read; it may hold a password. `folders` are the `node_modules/.bin` of `cwd` and
    above, nearest first, which npx puts before PATH.
    """

    words: tuple[str, ...]
    source: str
    environ: Mapping[str, str] = field(repr=False)
    folders: tuple[str, ...]


def find_seed(flags: Mapping[str, object], environ: Mapping[str, str], cwd: str) -> Seed | None:
    """The project's seed command, or None; raises UsageInvalid for one that is no command, or that needs a shell."""
    sources = Resolution(flags, environ, cwd)
    sources.run()
    words: tuple[str, ...] = ()
    source = ""
    if "seed" in sources.toml:
        value, where = sources.toml["seed"]
        source = f"{where}: seed"
        words = _of_toml(value, source)
    elif sources.prisma is not None and sources.prisma.seed:
        source = f"{sources.prisma.path}:{sources.prisma.lines['migrations.seed']}"
        words = _as_prisma_splits(sources.prisma.seed)
    else:
        words, source = _of_package(cwd)
    if not source:
        return None
    if not words:
        raise UsageInvalid(
            f"{source}: the seed command is empty", where=source, then="write a program and its arguments"
        )
    for word in words:
        if word in _SHELL:
            raise UsageInvalid(
                f"{source}: the seed command holds {word}, and no shell runs it (Prisma runs none either)",
                where=source,
                then="put the commands into a script and name that, or write: sh -c with one argument"
                ' (seed = ["sh", "-c", "…"])',
                code="seed_shell",
            )
    given = {name: value for name, (value, _) in sources.dotenv.items() if name not in environ}
    return Seed(words, source, {**given, **_urls(sources)}, _binaries(cwd))


def _urls(sources: Resolution) -> dict[str, str]:
    """The URL of this run as DATABASE_URL, and as the variable that the project itself reads."""
    named = sources.prisma.url if sources.prisma else None
    if named is None and sources.schema.datasource is not None:
        named = sources.schema.datasource.url
    text, _, _ = sources.url_text("url", named, "DATABASE_URL")
    if not text:
        return {}
    own = [named.text] if named is not None and named.kind == "env" else []
    return dict.fromkeys(("DATABASE_URL", *own), text.strip())


def _of_toml(value: object, source: str) -> tuple[str, ...]:
    """A text in a shell's spelling, or a list of words as they are."""
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(value)
    if isinstance(value, str):
        try:
            return tuple(shlex.split(value))
        except ValueError:
            raise UsageInvalid(f"{source} has a quote that is never closed", where=source) from None
    raise UsageInvalid(f'{source} takes a command: "python seed.py" or ["python", "seed.py"]', where=source)


def _as_prisma_splits(command: str) -> tuple[str, ...]:
    """At spaces, a backslash before a space keeps it; quotes mean nothing (Prisma hands the text to execa)."""
    words: list[str] = []
    for piece in command.strip().split(" "):
        if words and words[-1].endswith("\\"):
            words[-1] = f"{words[-1][:-1]} {piece}"
        elif piece:
            words.append(piece)
    return tuple(words)


def _of_package(cwd: str) -> tuple[tuple[str, ...], str]:
    prisma, shown = read_prisma(cwd)
    command = prisma.get("seed")
    if command is None:
        return (), ""
    source = f"{shown}: prisma.seed"
    if not isinstance(command, str):
        raise UsageInvalid(f"{source} takes a command in quotes", where=source)
    return _as_prisma_splits(command), source


def _binaries(cwd: str) -> tuple[str, ...]:
    places = (os.path.join(folder, "node_modules", ".bin") for folder in _upward(cwd))
    return tuple(place for place in places if os.path.isdir(place))


def _upward(cwd: str) -> list[str]:
    folders = [os.path.abspath(cwd)]
    while (parent := os.path.dirname(folders[-1])) != folders[-1]:
        folders.append(parent)
    return folders
