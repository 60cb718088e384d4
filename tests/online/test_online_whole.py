"""Migrations that are safe because they are one transaction are not offered in pieces."""

import pytest

from pgready.hazards.rewrite.folders import Folder, Sourced
from pgready.hazards.rewrite.way import Piece
from pgready.hazards.rewrite.whole import missing_between, why_whole
from pgready.sql.statements import split


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("LOCK TABLE t; UPDATE t SET a = 1;", "statement 1 keeps others away"),
        ("LOCK t IN SHARE ROW EXCLUSIVE MODE; SELECT 1;", "statement 1 keeps others away"),
        ("ALTER TABLE t DISABLE TRIGGER ALL; UPDATE t SET a = 1; ALTER TABLE t ENABLE TRIGGER ALL;", "statement 1 takes"),
        ("DROP TRIGGER g ON t; UPDATE t SET a = 1; CREATE OR REPLACE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f();",
         "statement 1 takes"),
        ("ALTER TABLE t DISABLE ROW LEVEL SECURITY, ADD a int; ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "statement 1 takes"),
        ("ALTER TABLE t ADD b int; UPDATE t SET b = a; ALTER TABLE t DROP COLUMN IF EXISTS a;", "write to a after statement 2"),
        ('UPDATE t SET "B" = 1; ALTER TABLE t RENAME COLUMN "B" TO c;', "write to B after statement 1"),
        ("INSERT INTO u SELECT * FROM t; DROP TABLE x, t CASCADE;", "write to t after statement 1 and before statement 2"),
        ("CREATE TABLE u AS SELECT * FROM t; ALTER TABLE t RENAME TO old;", "write to t after"),
        ("INSERT INTO a SELECT * FROM t WHERE old; DELETE FROM t WHERE old;", "write to t after statement 1"),
        ("ALTER TABLE t ADD keep bool; UPDATE t SET keep = true WHERE a; TRUNCATE t;", "write to t after statement 2"),
        ("DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint; CREATE VIEW v AS SELECT a FROM t;", "statement 1 takes"),
        ("ALTER TABLE t RENAME TO u; CREATE TABLE t (a int);", "statement 1 takes"),
        ("DROP FUNCTION f(int); CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql RETURN 1;", "statement 1 takes"),
        # What may be cut.
        ("DELETE FROM t WHERE a; DELETE FROM t WHERE b;", ""),
        ("DROP VIEW v; CREATE FUNCTION v() RETURNS int LANGUAGE sql RETURN 1;", ""),
        ("LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE; ALTER TABLE t ADD a int;", ""),
        ("UPDATE t SET a = 1; ALTER TABLE t ALTER a SET NOT NULL, DROP CONSTRAINT c;", ""),
        ("UPDATE t SET a = 1; ALTER TABLE t DROP COLUMN b; DROP TABLE u;", ""),
        ("ALTER TABLE t DROP COLUMN b; UPDATE t SET a = 1;", ""),
        ("UPDATE t SET a = 1; ALTER TABLE t RENAME CONSTRAINT a TO b;", ""),
        ("DROP TRIGGER g ON t; CREATE TRIGGER h AFTER INSERT ON t EXECUTE FUNCTION f();", ""),
    ],
)  # fmt: skip
def test_what_must_stay_one_transaction(script, said):
    """Locks that are held on purpose, guards that are off for a while, copies of what is dropped behind them."""
    statements = split(script)
    apart = [Folder("", (Sourced(Piece(one.text), number, rewritten=False),)) for number, one in enumerate(statements)]
    found = why_whole(statements, apart)
    together = Folder("", tuple(one for each in apart for one in each.pieces))
    assert why_whole(statements, [together]) == ""
    assert (said in found) if said else found == ""


def test_what_is_missing_meanwhile():
    """A constraint or index that is dropped and made anew is told where it is made."""
    script = "ALTER TABLE t DROP CONSTRAINT k; DROP INDEX IF EXISTS s.i; ALTER TABLE t ADD CONSTRAINT k UNIQUE (a); CREATE INDEX i ON t (a);"
    found = missing_between(split(script))
    assert [(number, text.split()[4]) for number, text in found.items()] == [(2, "k"), (3, "i")]
