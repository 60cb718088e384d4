"""Diffs from a live database, pgready's and Prisma's: the scripts, what they make, and what is left to do afterwards."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from conformance_diff import Differs, Refused
from conformance_diff_exceptions import comparable
from conformance_parsers import Files, Style

from fix_server import Database
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.data_loss import warnings_of
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import EMPTY, Side
from pgready.plan.prisma import NOTHING, prisma_sql
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.psl.analyse import analyse
from pgready.psl.schema import Schema
from pgready.psl.source import Source

Dump = Callable[..., str]
SYNTAX = "42601"
"""Where Prisma's script is no SQL, its server gets no further."""


def schema_of(files: Files) -> Schema | None:
    """The schema, None for one that is not valid."""
    return analyse([Source(path, text) for path, text in files]).schema


def seen(url: str, schema: Schema) -> Side:
    """What a connection with this schema's datasource sees of a database."""
    session = open_session(parse(url), "catalog")
    try:
        catalog = introspect(session)
    finally:
        session.close()
    named = schema.datasource.schemas if schema.datasource else ()
    return side_of_catalog(catalog, named, previews=schema.preview_features, style=schema.style)


def script_of(before: Side, after: Side, *, with_warnings: bool = False) -> str:
    """pgready's script, with the line end that the engine gives to nothing."""
    changes = prisma_changes(before, after)
    script = prisma_sql(changes, before, after, warnings_of(changes) if with_warnings else ())
    return script if script.endswith("\n") else script + "\n"


def carried_out(database: Database, script: str) -> str:
    """ "" where the script runs, else the code of its error."""
    if script.strip() == NOTHING:
        return ""
    try:
        with database.connect() as connection:
            connection.execute(script.encode())
    except psycopg.Error as e:
        return e.sqlstate or str(e)
    return ""


def _undoubled(script: str) -> str:
    return comparable(script).replace("''", "'").replace('""', '"')


@dataclass
class Held:
    """Holds diffs from live databases beside Prisma's; `wrong` tells what differs, `told` counts."""

    differs: Differs
    make_database: Callable[..., Database]
    dump: Dump
    record: Callable[[str, int], None]
    told: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, word: str) -> None:
        """One more of these."""
        self.told[word] = self.told.get(word, 0) + 1

    def done(self) -> None:
        """Record what was counted; fail with the first differences."""
        for word, number in self.told.items():
            self.record(f"diff live: {word}", number)
        assert not self.wrong, f"{len(self.wrong)} differences\n\n" + "\n\n".join(self.wrong[:3])

    def equal(self, name: str, theirs: str, ours: str) -> bool:
        """Whether two scripts are one; tells what they are where they are not."""
        if comparable(theirs) == comparable(ours):
            self.count("scripts equal")
            return True
        if _undoubled(theirs) == _undoubled(ours):
            self.count("scripts equal but for quotes that Prisma does not double")
            return True
        self.count("scripts different")
        self.wrong.append(f"{name}\nPrisma:\n{theirs}\npgready:\n{ours}")
        return False

    def change(self, name: str, style: Style, databases: tuple[Database, Database], after: Files) -> None:
        """Two equal databases are brought to `after`, one by Prisma's script, one by pgready's."""
        schema = schema_of(after)
        if schema is None:
            self.count("invalid")
            return
        wanted = side_of_schema(schema)
        one, other = databases
        try:
            theirs = self.differs.from_live(style, one.url, after)
        except Refused as e:
            self.wrong.append(f"{name}\nPrisma refuses: {e}")
            return
        ours = script_of(seen(one.url, schema), wanted)
        if not self.equal(name, theirs, ours):
            return
        failed, failed_ours = carried_out(one, theirs), carried_out(other, ours)
        if failed or failed_ours:
            # Where pgready mends a script of Prisma's, it runs.
            self.count("scripts that no server takes" if failed_ours else "scripts that only pgready's server takes")
            if failed_ours not in ("", failed) and failed != SYNTAX:
                self.wrong.append(
                    f"{name}\nPrisma's script fails with {failed!r}, pgready's with {failed_ours!r}:\n{ours}"
                )
            return
        if self.dump(one) != self.dump(other):
            self.wrong.append(f"{name}\nPrisma's dump:\n{self.dump(one)}\npgready's:\n{self.dump(other)}")
        self.count("dumps equal")
        left = self.differs.from_live(style, other.url, after)
        left_ours = script_of(seen(other.url, schema), wanted)
        self.count("second diffs empty" if left.strip() == NOTHING else "second diffs that Prisma does not have empty")
        if left != left_ours:
            self.wrong.append(f"{name}, once more\nPrisma:\n{left}\npgready:\n{left_ours}")

    def pair(self, name: str, style: Style, before: Files, after: Files, *, not_here: bool) -> None:
        """A change between two schemas, the first of which is a database."""
        schema = schema_of(before)
        if schema is None:
            self.count("invalid")
            return
        script = script_of(EMPTY, side_of_schema(schema))
        databases = (self.make_database(), self.make_database())
        for each in databases:
            failed = carried_out(each, script)
            if failed:
                self.count("not on this server")
                if not not_here:
                    self.wrong.append(f"{name}\nthe first schema fails with {failed}:\n{script}")
                return
        self.change(name, style, databases, after)

    def to_nothing(self, name: str, style: Style, database: Database, files: Files) -> None:
        """All that the files' datasource sees of a database goes."""
        schema = schema_of(files)
        assert schema is not None
        theirs = self.differs.from_live(style, database.url, files, to_empty=True)
        self.equal(f"{name}, to nothing", theirs, script_of(seen(database.url, schema), EMPTY))


# -- other schemas than the one that a database has ---------------------------------------------------------------------

_FIELD = re.compile(r"^  (\w+)( +)(String|Int|BigInt|Float|Decimal|Boolean|DateTime|Json|Bytes)(\?|\[\])?(.*)$")


def edited(text: str, chance: random.Random) -> str:
    """A schema as `db pull` writes it, with one to four changes; what comes of it may be invalid."""
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = [at for at, line in enumerate(lines) if line.startswith("  ") and "=" not in line]
        if places:
            at = chance.choice(places)
            lines[at : at + 1] = _changed(lines[at], chance)
    return "\n".join(lines)


def _changed(line: str, chance: random.Random) -> list[str]:
    """One line's successors."""
    field = _FIELD.match(line)
    if field is None:
        if "map: " in line and chance.random() < 0.6:
            return [line.replace('map: "', 'map: "x', 1)]
        if line.strip().startswith("@@map("):
            return [line.replace('@@map("', '@@map("x')]
        return [] if chance.random() < 0.5 else [line, f"  added{chance.randrange(9)} Int?"]
    name, blank, kind, arity, rest = field.groups(default="")
    roll = chance.randrange(9)
    if roll == 0:
        return []
    if roll == 1:
        return [f"  {name}{blank}{kind}{chance.choice(('', '?', '[]'))}{rest}"]
    if roll == 2:
        return [f"  {name}{blank}{kind}{arity}{re.sub(r' *@default[(](?:[^()]|[(][^()]*[)])*[)]', '', rest)}"]
    if roll == 3:
        return [f"  {name}{blank}{kind}{arity}{re.sub(r' *@db[.][A-Za-z]+([(][^()]*[)])?', '', rest)}"]
    if roll == 4:
        return [f"  {name}{blank}{chance.choice(('String', 'Int', 'BigInt', 'DateTime'))}{arity}"]
    if roll == 5:
        return [line + " @unique"]
    if roll == 6:
        return [line, f"  added{chance.randrange(9)} {chance.choice(('Int', 'String?', 'DateTime @default(now())'))}"]
    if roll == 7 and "@map" not in rest:
        return [line + f' @map("{name}_2")']
    return [line + {"Int": " @default(7)", "String": ' @default("it\'s")', "Boolean": " @default(true)"}.get(kind, "")]
