"""`db push` against Prisma's own engines' schemaPush: the same warnings and refusals, the same database afterwards.

A default run takes a few; PGREADY_CONFORMANCE=N all of the written pairs and databases with data.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import conformance_diff
import conformance_parsers
import pytest
from conformance_amount import ASKED
from conformance_data_loss import DATABASES
from conformance_diff import Differs, Refused
from conformance_diff_exceptions import is_exception
from conformance_diff_live import schema_of
from conformance_parsers import Files, ParsersMissing, Style

from diff_pairs import Pair, head, pairs
from fix_server import Database
from pgready.commands.push import Proposal, Pushed, push
from pgready.diff.others import NOTHING_EXTERNAL, External
from pgready.errors import Declined, PgreadyError
from pgready.plan.prisma import NOTHING
from pgready.project.resolution import resolve
from pgready.psl.schema import Schema
from pgready.report.story import silent

pytestmark = pytest.mark.prisma

BLIND = ("partialIndexes", "postgresqlExtensions")
"""Previews that Prisma's schemaPush does not read the database with, other than its diff."""

ALL = [each for each in pairs() if not is_exception(each.name, each.id)]
PAIRS = [each for each in ALL if not any(word in each.before + each.after for word in BLIND)]
SEEN = [each for each in ALL if "partialIndexes" in each.before and "partialIndexes" in each.after]
STRIDE = 1 if ASKED else 70
WITH_DATA = DATABASES if ASKED else DATABASES[::4]


@pytest.fixture(scope="module")
def differs() -> Iterator[Differs]:
    """Both of Prisma's engines; skips with a word without them, fails where PGREADY_REQUIRE_PRISMA is set."""
    try:
        both = conformance_diff.set_up()
    except ParsersMissing as e:
        if conformance_parsers.required():
            pytest.fail(str(e))
        pytest.skip(str(e))
    yield both
    both.close()


@dataclass
class Pushes:
    """Pushes, pgready's on one database and Prisma's on another that is like it."""

    differs: Differs
    folder: Path
    dump: Callable[..., str]
    told: dict[str, int] = field(default_factory=dict)
    external: External = NOTHING_EXTERNAL

    def count(self, word: str) -> None:
        """One more of these."""
        self.told[word] = self.told.get(word, 0) + 1

    def ours(self, database: Database, schema: Schema, *, accepts: bool) -> tuple[Pushed | None, list[str], list[str]]:
        """What pgready did, what it warned of and what it says is impossible."""
        warned: list[str] = []

        def consent(proposal: Proposal) -> None:
            warned.extend(proposal.warnings)
            if not accepts:
                raise Declined("no", code="data_loss")

        settings = resolve({"url": database.url, "timeout": "20s"}, {}, str(self.folder))
        try:
            return push(settings, silent, schema, consent, self.external), warned, []
        except Declined as e:
            impossible = e.detail.splitlines() if e.code == "unexecutable" else []
            return None, warned, impossible

    def same(self, name: str, style: Style, databases: tuple[Database, Database], after: Files) -> None:
        """Both are asked, then told to go on."""
        mine, other = databases
        schema = schema_of(after)
        assert schema is not None, name
        before = self.dump(mine)
        external = {"tables": self.external.tables, "enums": self.external.enums}
        request = {"verb": "push", "url": other.url, "to": after, "external": external}
        try:
            theirs = self.differs.ask(style, request)
            if theirs["warnings"] and not theirs["unexecutable"]:
                self.differs.ask(style, {**request, "force": True})
        except Refused as e:
            # Prisma stops half-way; pgready either can (it orders a few things better) or changes nothing at all.
            try:
                done, *_ = self.ours(mine, schema, accepts=True)
            except PgreadyError:
                assert self.dump(mine) == before, f"{name}: {e}"
                self.count("failed in both, undone in pgready's")
            else:
                assert done is not None, name
                self.count("failed in Prisma's only")
            return
        done, warned, impossible = self.ours(mine, schema, accepts=False)
        assert (warned, impossible) == (theirs["warnings"] if not impossible else [], theirs["unexecutable"]), name
        if done is None:
            assert self.dump(mine) == before, name
        if impossible:
            self.count("refused alike")
            return
        if done is None:
            self.count("warned alike")
            done, *_ = self.ours(mine, schema, accepts=True)
        assert done is not None, name
        assert self.dump(mine) == self.dump(other), name
        again = self.differs.ask(style, {**request, "url": mine.url})
        once_more, *_ = self.ours(other, schema, accepts=True)
        assert once_more is not None, name
        left = once_more.proposal.difference.changes
        assert bool(left) == bool(again["executedSteps"]), f"{name}: {again}, {left}"
        self.count("second pushes with steps, as Prisma's" if left else "second pushes empty")
        self.count("equal")


@pytest.fixture
def pushes(differs: Differs, tmp_path: Path, pg_dump: Callable[..., str], record_property) -> Iterator[Pushes]:
    """Pushes on both sides; its counts are told at the end of the run."""
    one = Pushes(differs, tmp_path, pg_dump)
    yield one
    for word, number in one.told.items():
        record_property(f"diff push: {word}", number)


def one_file(text: str) -> Files:
    """A schema of one file."""
    return (("schema.prisma", text),)


@pytest.mark.parametrize("each", PAIRS[::STRIDE], ids=lambda one: one.id)
def test_from_schema_to_schema(pushes: Pushes, make_database: Callable[..., Database], each: Pair) -> None:
    """Both engines make the first schema, then the second, each in its own database."""
    databases = (make_database(), make_database())
    pushes.same(f"{each.id}, first", each.style, databases, one_file(each.before))
    if pushes.told.get("equal"):
        pushes.same(each.id, each.style, databases, one_file(each.after))


@pytest.mark.parametrize("each", SEEN[:: 1 if ASKED else 6], ids=lambda one: one.id)
def test_what_prismas_push_is_blind_to(pushes: Pushes, make_database: Callable[..., Database], each: Pair) -> None:
    """Prisma makes a partial index again at every push, which fails; pgready's push sees what Prisma's diff sees."""
    database = make_database()
    for text in (each.before, each.after):
        schema = schema_of(one_file(text))
        assert schema is not None
        pushes.ours(database, schema, accepts=True)
        assert pushes.differs.from_live(each.style, database.url, one_file(text)).strip() == NOTHING
        again, *_ = pushes.ours(database, schema, accepts=False)
        assert again is not None
        assert not again.proposal.difference.changes
    pushes.count("pushes of partial indexes")


@pytest.mark.parametrize("style", [6, 7])
def test_on_data(pushes: Pushes, make_database: Callable[..., Database], style: Style) -> None:
    """Counts decide what is warned of and what is refused."""
    for case in WITH_DATA:
        options = (
            {"schemas": case.schemas, **({"preview": "multiSchema"} if style == 6 else {})} if case.schemas else {}
        )
        databases = (make_database(), make_database())
        for database in databases:
            database.query(case.sql)
        pushes.same(case.name, style, databases, one_file(head(style, options) + case.schema))


@pytest.mark.parametrize("style", [6, 7])
def test_what_is_external(pushes: Pushes, make_database: Callable[..., Database], style: Style) -> None:
    """Left alone on both sides, keys to it made, and a schema of nothing else not created."""
    pushes.external = External(("one.users", "one.gone", "two.far"), ("one.kind",))
    options = {"schemas": "one,two", **({"preview": "multiSchema"} if style == 6 else {})}
    text = """model users {
  id Int @id
  kind kind?
  orders Order[]
  @@schema("one")
}
enum kind {
  a
  b
  @@schema("one")
}
model Order {
  id Int @id
  user users @relation(fields: [userId], references: [id])
  userId Int
  @@schema("one")
}
model far {
  id Int @id
  @@schema("two")
}
"""
    databases = (make_database(), make_database())
    for database in databases:
        database.query(
            "CREATE SCHEMA one; CREATE TYPE one.kind AS ENUM ('a'); CREATE TABLE one.gone (id int);"
            "CREATE TABLE one.users (id int PRIMARY KEY, kind one.kind, note text); INSERT INTO one.users VALUES (1)"
        )
    pushes.same("external", style, databases, one_file(head(style, options) + text))
    assert pushes.told.get("second pushes empty") == 1
    assert databases[0].query("SELECT to_regnamespace('two')") == [(None,)]
