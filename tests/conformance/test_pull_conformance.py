"""`db pull` against Prisma's own engines, of 6.19 and of 7: the same schema and the same warnings, byte for byte.

Each `pull/*.sql` is a database; a `.prisma` beside it is the schema so far (several files of it begin with
`// --- path`). Lines of the script say more: `-- schemas: a, b` and `-- preview: views` for the configuration where there
is no `.prisma`, `-- read: a,b` for schemas asked for, `-- force`, and `-- only: 7`.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from conformance_amount import ASKED
from conformance_pull_edits import edited, evolution
from conformance_pull_random import database

from fix_prisma import Engine, EngineError
from fix_server import Database
from pgready.catalog.to_psl import schema_text
from pgready.errors import UsageInvalid
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

pytestmark = pytest.mark.prisma

PULL = Path(__file__).parent / "pull"
STRIDE = 1 if ASKED else 12
RANDOM = min(ASKED, 200) or 3
URL = '\n  url = env("DATABASE_URL")'
EMPTY = "P4001"
REFUSED = {"pull_schema_invalid": "P1012", "pull_foreign_schema": "P4002"}

Style = Literal[6, 7]
Pulled = tuple[list[tuple[str, str]], str | None] | str
"""Files and warnings, or Prisma's code for what it does not pull."""


@dataclass(frozen=True)
class Case:
    """A database and what is asked of it."""

    name: str
    sql: str
    schema: str

    def says(self, word: str) -> str | None:
        """What a line `-- word: …` says, "" for `-- word`, None without it."""
        found = re.search(rf"^-- {word}(?:: *(.*))?$", self.sql, re.MULTILINE)
        return None if found is None else found[1] or ""

    def files(self, style: Style) -> list[tuple[str, str]]:
        """The schema so far, as Prisma of this style takes it."""
        text = self.schema
        if "datasource" not in text:
            text = self._configuration() + text
        if style == 6 and not re.search(r"^\s*url\b", text, re.MULTILINE):
            text = re.sub(r'provider += "postgres\w*"', lambda found: found[0] + URL, text)
        parts = re.split(r"^// --- (.*)\n", text, flags=re.MULTILINE)
        return [("schema.prisma", text)] if len(parts) == 1 else list(zip(parts[1::2], parts[2::2], strict=True))

    def _configuration(self) -> str:
        def listed(words: str) -> str:
            return ", ".join(f'"{word.strip()}"' for word in words.split(","))

        schemas, preview = self.says("schemas"), self.says("preview")
        lines = ["datasource db {", '  provider = "postgresql"']
        lines += [f"  schemas = [{listed(schemas)}]"] if schemas else []
        lines += ["}", ""]
        if preview:
            lines += [
                "generator client {",
                '  provider = "prisma-client-js"',
                f"  previewFeatures = [{listed(preview)}]",
                "}",
                "",
            ]
        return "\n".join(lines)


def case(path: Path) -> Case:
    """The case of a script."""
    schema = path.with_suffix(".prisma")
    text = schema.read_text(encoding="utf-8") if schema.exists() else ""
    return Case(path.stem, path.read_text(encoding="utf-8"), text)


CASES = [case(path) for path in sorted(PULL.glob("*.sql"))]


def ours(url: str, asked: Case, style: Style) -> Pulled:
    """pgready's."""
    session = open_session(parse(url), "pull")
    try:
        catalog = introspect(session)
    finally:
        session.close()
    read = asked.says("read")
    try:
        pulled = schema_text(
            catalog,
            [Source(*file) for file in asked.files(style)],
            keep=asked.says("force") is None,
            schemas=None if read is None else read.split(","),
            style=style,
        )
    except UsageInvalid as e:
        return REFUSED[e.code]
    if pulled.is_empty:
        return EMPTY
    return sorted((one.path, one.text) for one in pulled.files), pulled.warnings


def theirs(engine: Engine, url: str, asked: Case, style: Style) -> Pulled:
    """Prisma's, or another code of it."""
    more = {"files": json.dumps(asked.files(style))}
    read = asked.says("read")
    if read is not None:
        more["namespaces"] = read
    if asked.says("force") is not None:
        more["force"] = "yes"
    try:
        found = engine.ask("introspect", url, **more)
    except EngineError as e:
        return e.code or str(e)
    return sorted((one["path"], one["content"]) for one in found["schema"]["files"]), found["warnings"]


@pytest.mark.parametrize("asked", CASES[::STRIDE], ids=lambda one: one.name)
def test_pull_is_prismas(asked: Case, engines: dict[str, Engine], make_database: Callable[..., Database]) -> None:
    """Both engines write what pgready writes."""
    database = make_database()
    if asked.sql.strip():
        try:
            database.query(asked.sql)
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as e:
            if "extension" not in str(e):
                raise
            pytest.skip(f"this server: {e.diag.message_primary}")
    only = asked.says("only")
    for style in (6, 7):
        if only is None or only == str(style):
            found, wanted = ours(database.url, asked, style), theirs(engines[str(style)], database.url, asked, style)
            assert found == wanted or by_name(found) == by_name(wanted), f"Prisma {style}"


def by_name(pulled: Pulled) -> Pulled:
    """The answer with its views by name: Prisma has them in the order in which they lie in `pg_class`."""
    if isinstance(pulled, str):
        return pulled
    files, warnings = pulled
    in_order = [(path, "\n\n".join(_sorted_views(text.rstrip().split("\n}\n")))) for path, text in files]
    return in_order, None if warnings is None else "\n".join(_sorted_views(warnings.split("\n")))


def _sorted_views(parts: list[str]) -> list[str]:
    """The parts, those that are of views in the places of views, by name."""
    of_view = re.compile(r"^view |view\", name: |View: \"", re.MULTILINE)
    views = iter(sorted(one for one in parts if of_view.search(one)))
    return [next(views) if of_view.search(one) else one for one in parts]


@pytest.mark.parametrize("seed", range(RANDOM))
def test_pull_by_chance_is_prismas(
    seed: int, engines: dict[str, Engine], make_database: Callable[..., Database]
) -> None:
    """Both engines write what pgready writes, also when they pull again with what they wrote."""
    made = make_database()
    made.query(database(seed))
    style: Style = 7 if seed % 2 else 6
    asked = Case(f"chance {seed}", "", "")
    found = ours(made.url, asked, style)
    assert found == theirs(engines[str(style)], made.url, asked, style)
    assert not isinstance(found, str)
    ((_, text),) = found[0]
    if analyse([Source("schema.prisma", text)]).is_valid:  # what Prisma writes is not always what it reads
        again = Case(f"chance {seed}, again", "", text)
        found, wanted = ours(made.url, again, style), theirs(engines[str(style)], made.url, again, style)
        assert found == wanted or found == with_lost_ignores(wanted, found)


@pytest.mark.parametrize("seed", range(RANDOM))
def test_pull_over_an_edited_schema_is_prismas(
    seed: int, engines: dict[str, Engine], make_database: Callable[..., Database]
) -> None:
    """Both engines write what pgready writes after a team edited the schema and somebody changed the database."""
    made = make_database()
    made.query(database(seed, is_plain=True))
    style: Style = 7 if seed % 2 else 6
    first = ours(made.url, Case(f"chance {seed}", "", ""), style)
    assert not isinstance(first, str)
    asked = Case(f"chance {seed}, edited", "", edited(first[0][0][1], seed))
    if not analyse([Source(*file) for file in asked.files(style)]).is_valid:
        return  # Prisma does not write how it wants everything to be read
    made.query(evolution(seed))
    found, wanted = ours(made.url, asked, style), theirs(engines[str(style)], made.url, asked, style)
    assert found == wanted or found == with_lost_ignores(wanted, found)


def with_lost_ignores(theirs: Pulled, ours: Pulled) -> Pulled:
    """Prisma's answer with the `@ignore` that it loses when it pulls again, where its schema is not valid.

    It looks for `@@ignore` at the wrong model of a relation, and writes a schema that it refuses the next time.
    """
    if isinstance(theirs, str) or isinstance(ours, str):
        return theirs
    if analyse([Source(*one) for one in theirs[0]]).is_valid or len(theirs[0]) != len(ours[0]):
        return theirs
    files = []
    for (path, text), (_, better) in zip(theirs[0], ours[0], strict=True):
        both = list(zip(text.splitlines(), better.splitlines(), strict=False))
        lines = [_lost(one, other) for one, other in both]
        files.append((path, "".join(f"{line}\n" for line in lines)))
    return files, theirs[1]


def _lost(line: str, better: str) -> str:
    return better if line.split() == better.removesuffix("@ignore").split() else line
