"""A migrations folder and its schema, held against each other by pgready and by Prisma's engines."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fix_boot import Project
from fix_prisma import Engine, EngineError

_DATASOURCE = re.compile(r"^(?:datasource\s+\w+\s*\{)(.*?)^\}", re.M | re.S)
_URLS = re.compile(r"^[ \t]*(?:url|directUrl|shadowDatabaseUrl)[ \t]*=.*\n", re.M)
_PROVIDER = re.compile(r"^([ \t]*)provider[ \t]*=.*\n", re.M)
_PREVIEWS = re.compile(r"^([ \t]*previewFeatures[ \t]*=[ \t]*)\[([^\]]*)\]", re.M)
# Of the others 7 says that it knows no such feature.
_OF_SEVEN = frozenset((
    "fullTextSearchPostgres", "nativeDistinct", "partialIndexes", "postgresqlExtensions", "relationJoins",
    "schemaEngineDriverAdapters", "shardKeys", "strictUndefinedChecks", "typedSql", "views",
))  # fmt: skip

_EXTENSION = re.compile(r"-- \w+Extension\n.*;\n\n")
_NOTHING = "-- This is an empty migration."

Files = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class History:
    """Where a real history is: the folder of migrations, and a schema file or folder."""

    name: str
    migrations: Path
    schema: Path

    def files(self, version: str) -> Files:
        """The schema as this version of Prisma takes it: 6 with a URL in the datasource, 7 without."""
        found = [self.schema] if self.schema.is_file() else sorted(self.schema.rglob("*.prisma"))
        root = self.schema.parent if self.schema.is_file() else self.schema
        return tuple((str(each.relative_to(root)), _for(version, each.read_text())) for each in found)


def _for(version: str, text: str) -> str:
    if version == "7":
        text = _PREVIEWS.sub(_known, text)
    block = _DATASOURCE.search(text)
    if block is None:
        return text
    body = _URLS.sub("", block[1])
    if version == "6":
        body = _PROVIDER.sub(lambda found: f'{found[0]}{found[1]}url = env("DATABASE_URL")\n', body, count=1)
    return text[: block.start(1)] + body + text[block.end(1) :]


def _known(found: re.Match[str]) -> str:
    names = [name for name in re.findall(r'"(\w+)"', found[2]) if name in _OF_SEVEN]
    return f"{found[1]}[{', '.join(map(json.dumps, names))}]"


@dataclass(frozen=True)
class Answer:
    """What one of the two says to a diff: a script and whether it is of anything, or a refusal."""

    script: str
    different: bool
    refusal: str = ""


@dataclass(frozen=True)
class Held:
    """Both answers to one question."""

    question: str
    ours: Answer
    theirs: Answer

    @property
    def equal(self) -> bool:
        """The same script and the same exit, or both refuse.

        Prisma's WASM build forgets the schema's preview features in its shadow database, and finds each extension that
        the schema declares missing there; its native build does not, and pgready does not either.
        """
        if self.ours.refusal or self.theirs.refusal:
            return bool(self.ours.refusal and self.theirs.refusal)
        if "migrations" in self.question:
            return _without_extensions(self.ours.script) == _without_extensions(self.theirs.script)
        return self.ours == self.theirs


def _without_extensions(script: str) -> str:
    return _EXTENSION.sub("", script + "\n\n").strip() or _NOTHING


def held(history: History, engine: Engine, project: Project, url: str, sides: Sequence[str]) -> Iterator[Held]:
    """The schema against `sides` ("migrations", "database"), both ways; `url` is of the live database."""
    files = history.files(engine.version)
    schema = project.path / f"schema-{engine.version}"
    shutil.rmtree(schema, ignore_errors=True)
    for path, text in files:
        (schema / path).parent.mkdir(parents=True, exist_ok=True)
        (schema / path).write_text(text)
    flags = {
        "schema": ("schema", str(schema if len(files) > 1 else schema / files[0][0])),
        "migrations": ("migrations", str(history.migrations)),
        "database": ("url", url),
    }
    named = {"schema": "schema", "migrations": f"migrations:{history.migrations}", "database": "database"}
    for side in sides:
        for before, after in ((side, "schema"), ("schema", side)):
            words = [f"--from-{flags[before][0]}", flags[before][1], f"--to-{flags[after][0]}", flags[after][1]]
            mine = ours(project, url, *words)
            other = theirs(lambda a=named[before], b=named[after]: engine.diff(url, files, a, b))
            yield Held(f"{history.name}, Prisma {engine.version}, {before} → {after}", mine, other)


def ours(project: Project, url: str, *words: str) -> Answer:
    """`migrate diff --script --exit-code`, with the shadow database beside the live one."""
    words = ("migrate", "diff", *words, "--shadow", "server", "--script", "--exit-code")
    done = project.run(*words, url=url, timeout=300)
    if done.returncode not in (0, 2):
        return Answer("", different=False, refusal=done.stderr)
    return Answer(done.stdout.rstrip("\n"), done.returncode == 2)


def theirs(ask: Callable[[], dict[str, object]]) -> Answer:
    """The same of Prisma's engine."""
    try:
        said = ask()
    except EngineError as e:
        return Answer("", different=False, refusal=str(e))
    return Answer(str(said["stdout"] or "").rstrip("\n"), said["exitCode"] == 2)
