"""pgready's diffs from live databases against Prisma's own engines: scripts, what they make, warnings, and what is left.

A default run takes a few; PGREADY_CONFORMANCE=N all of the written pairs and databases, and N by chance (250 at most).
"""

import hashlib
import random
from collections.abc import Callable, Iterator

import conformance_diff
import conformance_parsers
import pytest
from conformance_amount import ASKED
from conformance_data_loss import DATABASES as WITH_DATA
from conformance_diff import Differs
from conformance_diff_exceptions import is_exception
from conformance_diff_live import Held, carried_out, edited, schema_of, script_of, seen
from conformance_diff_random import pair
from conformance_parsers import ParsersMissing, Style
from conformance_pull_random import database as by_chance
from test_pull_conformance import CASES, Case, ours

from diff_pairs import Pair, head, pairs
from fix_server import Database
from pgready.diff.data_loss import assess, counts_needed, data_losses
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import EMPTY

pytestmark = pytest.mark.prisma

STRIDE = 1 if ASKED else 75
DATABASES = 1 if ASKED else 16
WARNED = 3 if ASKED else 150
RANDOM = min(ASKED, 250) or 3
NOT_HERE = ("a()", "ops: raw", "extension", "geometry", "hstore", "Citext", "A()", "b()")
"""What a bare server may not have."""

PAIRS = [each for each in pairs() if not is_exception(each.name, each.id)]
WARNED_PAIRS = [each for each in PAIRS if "previewFeatures" not in each.after][::WARNED]
"""Not those of preview features, which this build of Prisma's engine forgets when it replays a history."""


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


@pytest.fixture
def held(
    differs: Differs, make_database: Callable[..., Database], pg_dump: Callable[..., str], record_property
) -> Held:
    """Holds diffs beside Prisma's."""
    return Held(differs, make_database, pg_dump, record_property)


def one_file(text: str):
    """A schema of one file."""
    return (("schema.prisma", text),)


def not_here(each: Pair) -> bool:
    """Whether a pair needs what a bare server may not have."""
    return any(word in each.before + each.after for word in NOT_HERE)


@pytest.mark.parametrize("each", PAIRS[:: 2 * STRIDE] + PAIRS[1 :: 2 * STRIDE], ids=lambda one: one.id)
def test_every_kind_of_change(held: Held, each: Pair) -> None:
    """Each kind of change, made on a server."""
    held.pair(each.id, each.style, one_file(each.before), one_file(each.after), not_here=not_here(each))
    held.done()


@pytest.mark.parametrize("seed", range(RANDOM))
def test_changes_by_chance(held: Held, seed: int) -> None:
    """Schemas by chance with changes by chance, made on a server."""
    style, before, after = pair(seed)
    held.pair(f"pair {seed}", style, before, after, not_here=True)
    held.done()


def _from_database(held: Held, name: str, sql: str, asked: Case, style: Style, seed: str) -> None:
    """A database of somebody's own hands: to the schema that it has, to that with changes, and to nothing."""
    databases = [held.make_database() for _ in range(4)]
    for each in databases:
        if sql.strip():
            each.query(sql)
    found = ours(databases[0].url, asked, style)
    if isinstance(found, str):
        return
    files = tuple(found[0])
    if schema_of(files) is None:  # what Prisma writes is not always what it reads
        held.count("pulled schemas that are invalid")
        return
    chance = random.Random(seed)
    held.to_nothing(f"{name} [{style}]", style, databases[0], files)
    held.change(f"{name} [{style}] to its own", style, (databases[0], databases[1]), files)
    for _ in range(20):
        then = tuple((path, edited(text, chance)) for path, text in files)
        if schema_of(then) is not None:
            held.change(f"{name} [{style}] edited", style, (databases[2], databases[3]), then)
            return


@pytest.mark.parametrize("asked", CASES[::DATABASES], ids=lambda one: one.name)
def test_databases_of_hand(held: Held, asked: Case) -> None:
    """What PSL cannot say is left alone, by the same script."""
    only = asked.says("only")
    style: Style = 6 if only == "6" else 7
    _from_database(held, asked.name, asked.sql, asked, style, asked.name)
    held.done()


@pytest.mark.parametrize("seed", range(RANDOM))
def test_databases_by_chance(held: Held, seed: int) -> None:
    """Databases by chance, with odd names, defaults and keys."""
    style: Style = 6 if seed % 2 else 7
    _from_database(held, f"database {seed}", by_chance(seed), Case("chance", "", ""), style, str(seed))
    held.done()


# -- data loss ---------------------------------------------------------------------------------------------------------

MIGRATIONS_TABLE = """\
CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL,
finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)"""


@pytest.mark.parametrize("each", WARNED_PAIRS, ids=lambda one: one.id)
def test_warnings_of_a_migration(held: Held, each: Pair) -> None:
    """The next migration's text, with what it warns of on top, after a history that made the first schema."""
    after = schema_of(one_file(each.after))
    before = schema_of(one_file(each.before))
    assert after is not None and before is not None
    script = script_of(EMPTY, side_of_schema(before))
    database = held.make_database()
    if carried_out(database, script):
        assert not_here(each)
        return
    found = seen(database.url, after)
    database.query(MIGRATIONS_TABLE)
    checksum = hashlib.sha256(script.encode()).hexdigest()
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) "
            "VALUES ('1', %s, now(), '1_init', 1)",
            (checksum,),
        )
    history = [["1_init", script]]
    asked = {"verb": "create", "url": database.url, "to": one_file(each.after), "history": history}
    theirs = held.differs.ask(each.style, asked)
    mine = script_of(found, side_of_schema(after), with_warnings=True)
    held.equal(each.id, theirs or "-- This is an empty migration.\n", mine)
    held.done()


@pytest.mark.parametrize("style", (6, 7))
def test_warnings_by_counts(held: Held, style: Style) -> None:
    """What is said before data is touched, with its numbers, in Prisma's order."""
    for case in WITH_DATA if ASKED else WITH_DATA[style - 6 :: 5]:
        database = held.make_database()
        database.query(case.sql)
        options = (
            {"schemas": case.schemas, **({"preview": "multiSchema"} if style == 6 else {})} if case.schemas else {}
        )
        files = one_file(head(style, options) + case.schema)
        theirs = held.differs.ask(style, {"verb": "push", "url": database.url, "to": files})
        schema = schema_of(files)
        assert schema is not None, case.name
        # Prisma carries out what nobody is warned of: the copy is as it was before.
        copy = held.make_database()
        copy.query(case.sql)
        findings = data_losses(prisma_changes(seen(copy.url, schema), side_of_schema(schema)))
        counts = {count: copy.query(count.sql)[0][0] for count in counts_needed(findings)}
        said = assess(findings, counts)
        assert [each.message for each in said.warnings] == theirs["warnings"], case.name
        assert [each.message for each in said.unexecutable] == theirs["unexecutable"], case.name
        held.count("databases with data")
    held.done()
