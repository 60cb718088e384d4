"""migrate dev --online: the next migration in steps, applied by a deploy, after which nothing is left to do."""

import pytest
from developing import Answers

from pgready.sql.standalone import needs_no_transaction
from pgready.sql.statements import split

pytestmark = pytest.mark.matrix

FIRST = ["model Client {\n  id Int @id\n  name String?\n  age Int?\n  old Int?\n  @@index([old])\n}"]
NEXT = [
    "model Client {\n  id BigInt @id\n  name String\n  age Int? @unique\n  old Int?\n  orders Order[]\n}",
    "model Order {\n  id Int @id\n  clientId BigInt\n  client Client @relation(fields: [clientId], references: [id])\n}",
]


def test_in_steps(develop):
    """Each step is one that Prisma's deploy could run; the schema asks for nothing more."""
    develop.schema(*FIRST)
    develop("first")
    develop.database.query('INSERT INTO "Client" SELECT n, n, n, n FROM generate_series(1, 2500) n')
    develop.schema(*NEXT)
    done = develop("next", online=True, talk=Answers(agrees=True))
    assert len(done.steps) > 3, develop.said()
    assert list(done.steps) == sorted(done.steps) == develop.names[1:]
    stamps = [name[:14] for name in done.steps]
    assert len(set(stamps)) == len(stamps)
    for name in done.steps:
        statements = split((develop.folder / name / "migration.sql").read_text())
        assert len(statements) < 2 or not any(map(needs_no_transaction, statements))
    assert develop.database.query('SELECT count(*), sum(id), pg_typeof(min(id))::text FROM "Client"') == [
        (2500, 2500 * 2501 // 2, "bigint")
    ]
    again = develop("again", online=True)
    assert (again.created, again.applied) == (None, ())


def test_what_needs_no_steps_is_one(develop):
    """A new table is one migration, under its own name."""
    develop.schema(*FIRST)
    done = develop("first", online=True)
    assert [name[15:] for name in done.steps] == ["first"]
