"""SQL files of contracts: what is read, and what is refused at which place."""

import re
from pathlib import Path

import pytest

from pgready.proof.contract import Contract, Parameter, Waiver
from pgready.proof.contracts.file import read_contracts
from pgready.psl.diagnostics import Diagnostic, Findings
from pgready.psl.source import Source
from pgready.report.diagnostics import human


def read(text: str, path: str = "contracts/q.sql") -> tuple[tuple[Contract, ...], list[Diagnostic]]:
    findings = Findings()
    return read_contracts(Source(path, text), findings), list(findings)


def the_one(text: str) -> Contract:
    contracts, found = read(text)
    assert not found, "\n".join(human(found))
    assert len(contracts) == 1
    return contracts[0]


FULL = """\
-- Queries of the invoices page.

-- name: invoices_by_client
-- The first page: newest first.
/* More
   for people. */
-- param client: uuid = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'
-- param limit: int = 50  -- a page
-- max_rows_read: 5_000
-- allow: sort, filter -- a client has at most 200 invoices
-- search_path: billing, public
SELECT *  -- all of it
FROM invoices
WHERE client_id = :client AND status::text <> ':none' AND tags[1:2] = '{}' OR client_id = :client
ORDER BY created_at DESC LIMIT :limit;
"""


def test_every_key_of_a_header_is_read():
    """Types, samples, limits, waivers with their reason and the search path arrive in the contract."""
    found = the_one(FULL)
    assert found.name == "invoices_by_client"
    assert (found.place.where(), found.line_of_sql, found.source) == ("contracts/q.sql:3:10", 12, "sql")
    assert found.parameters == (
        Parameter(1, "client", "uuid", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        Parameter(2, "limit", "int", "50"),
    )
    assert found.max_rows_read == 5000
    reason = "a client has at most 200 invoices"
    assert found.waivers == (Waiver("sort", reason), Waiver("filter", reason))
    assert found.search_path == "billing, public"
    assert found.sql.startswith("SELECT *")
    assert found.sql.endswith("LIMIT $2")
    assert "client_id = $1 AND status::text <> ':none' AND tags[1:2] = '{}' OR client_id = $1" in found.sql


def test_an_offset_of_the_sql_is_found_in_the_file():
    """Every word of the converted SQL stands where the contract says it stands, however long the placeholders were."""
    text = "-- name: a\nSELECT :a_long_name, x FROM é WHERE b = :b AND c = :c AND d = :a_long_name\nAND last"
    found = the_one(text)
    for word in ("SELECT", "x FROM", "é", "AND c", "AND d", "AND last"):
        offset = found.offset_in_file(found.sql.index(word))
        assert offset is not None
        assert text[offset:].startswith(word)
    for number, name in ((1, ":a_long_name"), (2, ":b"), (3, ":c")):
        offset = found.offset_in_file(found.sql.index(f"${number}"))
        assert offset is not None
        assert text[offset:].startswith(name)


@pytest.mark.parametrize(
    ("text", "name", "sql", "names"),
    [
        ("-- name: get-users^\n-- Doc.\nselect * from u where id = :id;", "get-users", "select * from u where id = $1", ["id"]),
        ("-- name: get_user(id, x)^\nselect :x, :id", "get_user", "select $1, $2", ["x", "id"]),
        ("-- name: add<!\ninsert into u (a) values (:a) returning id", "add", "insert into u (a) values ($1) returning id", ["a"]),
        ("-- name: gone!\ndelete from u where id = :id", "gone", "delete from u where id = $1", ["id"]),
        ("-- name: rows\n-- record_class: User\nselect 1 from u", "rows", "select 1 from u", []),
        ("-- name: GetUser :one\nSELECT * FROM u WHERE id = $1 LIMIT 1;", "GetUser", "SELECT * FROM u WHERE id = $1 LIMIT 1", [""]),
        ("-- name: GetUser :many\nSELECT * FROM u WHERE id = @id AND a <@ b", "GetUser", "SELECT * FROM u WHERE id = $1 AND a <@ b", ["id"]),
        (
            "-- name: Lists :many\nSELECT sqlc.embed(u) FROM u WHERE id = sqlc.arg(id) OR n = sqlc.narg('n')",
            "Lists",
            "SELECT u.* FROM u WHERE id = $1 OR n = $2",
            ["id", "n"],
        ),
        ("-- :name users-by-id :? :1\n-- :doc one user\nselect * from u where id = :id", "users-by-id", "select * from u where id = $1", ["id"]),
        ("-- name: p\nselect a %% 2 from u where b = %(b)s and c like 'x%%' and b2 = %(b)s", "p", "select a % 2 from u where b = $1 and c like 'x%' and b2 = $1", ["b"]),
        ("-- name: q\nselect * from u where a = %s and b = %s", "q", "select * from u where a = $1 and b = $2", ["", ""]),
        ("-- name: r\nselect a % b from u where c like 'x%' and d = :d", "r", "select a % b from u where c like 'x%' and d = $1", ["d"]),
        ("-- name: s\r\n-- param a: int\r\nselect 1\r\nfrom u where a = :a;\r\n", "s", "select 1\r\nfrom u where a = $1", ["a"]),
        ("-- name: t\nselect data ? 'key' from u where x -> :k = '1' /* :no */ and \":no\" = $$:no$$", "t", "select data ? 'key' from u where x -> $1 = '1' /* :no */ and \":no\" = $$:no$$", ["k"]),
        ("-- name: v\nselect f(a => :a, b := 2) from u for update skip locked", "v", "select f(a => $1, b := 2) from u for update skip locked", ["a"]),
        ("-- name: x\nselect * from u where id IN %s and b not in %s", "x", "select * from u where id IN ($1) and b not in ($2)", ["", ""]),
        ("-- name: w\nMERGE INTO u USING v ON u.id = v.id WHEN MATCHED THEN UPDATE SET a = :a", "w", "MERGE INTO u USING v ON u.id = v.id WHEN MATCHED THEN UPDATE SET a = $1", ["a"]),
    ],
)  # fmt: skip
def test_files_of_other_tools_are_read_as_they_are(text: str, name: str, sql: str, names: list[str]):
    """aiosql, sqlc, HugSQL and psycopg styles: names without their marks, placeholders as $n."""
    found = the_one(text)
    assert (found.name, found.sql) == (name, sql)
    assert [one.name for one in found.parameters] == names


def test_parameters_are_declared_by_number_too():
    """`$2` and `2` both name the second parameter; NULL is a sample that has to be asked for."""
    found = the_one("-- name: a\n-- param $1: text = null\n-- param 2 = 7\nselect $1, $2, $3")
    assert found.parameters == (Parameter(1, type="text", is_null=True), Parameter(2, sample="7"), Parameter(3))


def test_scripts_of_aiosql_are_no_contracts():
    """`#` marks a script of DDL: a file that has one can still be read."""
    contracts, found = read("-- name: make#\ncreate table a (); create table b ();\n-- name: a\nselect 1 from a")
    assert [one.name for one in contracts] == ["a"]
    assert not found


def test_prose_with_colons_is_no_key():
    """Comments for people stay comments, wherever they have a colon."""
    found = the_one(
        "-- name: a\n-- note: not a key\n-- See also: b\n-- TODO: c\n-- https://example.org\nselect 1 from a"
    )
    assert not found.waivers


CASES = {
    "SELECT 1 FROM a": ("name-missing", "1:1", "query has no name", "-- name: q"),
    "SELECT 1 FROM a;\n-- name: b\nSELECT 1": ("name-missing", "1:1", "has no name", "-- name:"),
    "-- name:\nSELECT 1": ("name-invalid", "1:9", "the name is missing", "letters"),
    "-- name: two words\nSELECT 1": ("name-invalid", "1:10", "`two words` is no name", "letters"),
    "-- name: a\n-- nothing": ("sql-missing", "1:10", "a has no query", ""),
    "-- name: a\nSELECT * FORM b": ("sql-invalid", "2:10", 'syntax error at or near "FORM"', ""),
    "-- name: a\nSELECT :é, 1 FROM b\n  WHER c = :c and d = :d": ("sql-invalid", "3:8", 'at or near "c"', ""),
    "-- name: a\nSELECT * FROM b WHERE c = ?": ("sql-invalid", "2:28", "end of input", "write parameters as `:name`"),
    "-- name: a\nSELECT :'b'": ("sql-invalid", "2:8", 'at or near ":"', "write parameters as `:name`"),
    "-- name: a\nSELECT 'x FROM b": ("sql-invalid", "2:8", "never ends", "close the quote"),
    "-- name: a\n\\d b": ("sql-invalid", "2:1", "backslash", "psql"),
    "-- name: a\nSELECT 1;\n\nSELECT 2;": ("two-statements", "4:1", "a has a second statement", "name of its own"),
    "-- name: a\nSELECT :a WHERE b = $1": ("style-mixed", "2:21", "in two ways", "`:name`"),
    "-- name: a\nCREATE TABLE b ()": ("not-a-query", "2:1", "CREATE TABLE is no query", "migration"),
    "-- name: a\nEXPLAIN SELECT 1": ("not-a-query", "2:1", "EXPLAIN is no query", "leave EXPLAIN out"),
    "-- name: a\nCOPY b FROM STDIN": ("not-a-query", "2:1", "COPY is no query", "query that COPY reads"),
    "-- name: a\nDO $$ BEGIN END $$": ("not-a-query", "2:1", "DO is no query", "DO block"),
    "-- name: a\nSET search_path = b": ("not-a-query", "2:1", "SET is no query", "search_path:"),
    "-- name: a\nBEGIN": ("not-a-query", "2:1", "BEGIN is no query", "one statement"),
    "-- name: a\nSELECT 1 INTO b FROM c": ("select-into", "2:15", "SELECT INTO makes a table", "INTO"),
    "-- name: a\nCREATE TABLE b AS SELECT 1": ("not-a-query", "2:1", "CREATE TABLE", "query itself"),
    "-- name: a\nWITH d AS (DELETE FROM b RETURNING *) SELECT * FROM d": ("modifying-cte", "2:6", "CTE d changes rows", ""),
    "-- name: a\n-- max_row_read: 5\nSELECT 1": ("header-unknown", "2:4", "`max_row_read`", "`max_rows_read`"),
    "-- name: a\n-- alow: sort -- x\nSELECT 1": ("header-unknown", "2:4", "`alow`", "`allow`"),
    "-- name: a\n-- row_limit: 5\nSELECT 1": ("header-unknown", "2:4", "`row_limit`", "keys are param"),
    "-- name: a\n-- max_rows_read: lots\nSELECT 1": ("limit-invalid", "2:19", "`lots` is no number", "500"),
    "-- name: a\n-- max_rows_read: 0\nSELECT 1": ("limit-invalid", "2:19", "`0` is no number", "above 0"),
    "-- name: a\n-- max_rows_read: 1\n-- max_rows_read: 2\nSELECT 1": ("header-twice", "3:4", "said twice", ""),
    "-- name: a\n-- allow: sort\nSELECT 1": ("waiver-reason", "2:11", "no reason", "-- allow: sort --"),
    "-- name: a\n-- allow: sort, scam -- x\nSELECT 1": ("waiver-unknown", "2:17", "`scam`", "`scan`"),
    "-- name: a\n-- allow: everything -- x\nSELECT 1": ("waiver-unknown", "2:11", "`everything`", "sort, scan"),
    "-- name: a\n-- param clint: int\nSELECT :client": ("parameter-unknown", "2:10", "`clint`", "`client`"),
    "-- name: a\n-- param a: int\n-- param a: int\nSELECT :a": ("parameter-twice", "3:10", "declared twice", ""),
    "-- name: a\n-- param a: foo bar\nSELECT :a": ("parameter-type", "2:13", "`foo bar` is no type", "uuid"),
    "-- name: a\n-- param a: int); DROP TABLE b; --\nSELECT :a": ("parameter-type", "2:13", "is no type", ""),
    "-- name: a\n-- param a: int = 1 2\nSELECT :a": ("parameter-value", "2:19", "cannot be read", "quotes"),
    "-- name: a\n-- param: a int\nSELECT :a": ("parameter-invalid", "2:4", "needs the parameter's name", "-- param"),
    "-- name: a\nSELECT :a\n-- param a: int": ("header-late", "3:4", "below the beginning", "move it up"),
    "-- name: a\n-- search_path:\nSELECT 1": ("header-empty", "2:16", "empty", "billing"),
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_what_is_wrong_is_told_at_its_place(text: str):
    """Code, line and column, words, and what to write instead; and no contract comes of it."""
    code, place, words, help_ = CASES[text]
    contracts, found = read(text)
    assert [one.code for one in found] == [code]
    assert found[0].span.where() == f"contracts/q.sql:{place}"
    assert words in found[0].message
    assert help_ in found[0].help
    assert all(one.name == "b" for one in contracts)


def test_all_errors_are_found_at_once_and_good_contracts_stay():
    """One broken block does not hide the next, not even with a quote that never ends."""
    blocks = [text for text in CASES if text.startswith("-- name: a\n")]
    text = "\n\n".join([*blocks, "-- name: good\nSELECT 1 FROM a"])
    contracts, found = read(text)
    assert [one.code for one in found] == [CASES[block][0] for block in blocks]
    assert [one.name for one in contracts] == ["good"]


def test_the_caret_stands_under_the_word():
    """The excerpt shows the file's own line, with a mark under what the parser stumbled over."""
    _, found = read("-- name: a\nSELECT :client_id\nFROM b WEHRE c = :client_id")
    assert "\n".join(human(found)).splitlines()[2:4] == ["3 | FROM b WEHRE c = :client_id", "  |              ^"]


def test_the_reference_shows_contracts_that_are_read():
    """The SQL of docs/reference/contracts.md is valid, key by key."""
    page = (Path(__file__).parents[2] / "docs/reference/contracts.md").read_text()
    blocks = re.findall(r"^```sql\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    contracts, found = read("\n".join(blocks))
    assert not found
    assert [one.name for one in contracts] == ["invoices_by_client", "pay_invoice"]
    assert contracts[0].waivers
