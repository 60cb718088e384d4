"""`pgready migrate diff --full` as a user runs it: everything that a database holds, from and to every kind of side."""

import json

import pytest

pytestmark = pytest.mark.matrix

RICH = """
    CREATE TYPE kind AS ENUM ('a', 'b'); CREATE SCHEMA audit;
    CREATE TABLE note (id int PRIMARY KEY, text text CHECK (text <> ''), kind kind DEFAULT 'a');
    COMMENT ON TABLE note IS 'notes'; CREATE VIEW audit.loud AS SELECT id, upper(text) AS text FROM note;
    CREATE FUNCTION audit.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER stamp BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION audit.stamp();
    ALTER TABLE note ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON note USING (id > 0);"""
MODEL = """datasource db {
  provider = "postgresql"
}
model note {
  id   Int   @id
  text TYPE
  kind kind? @default(a)
}
enum kind {
  a
  b
}
"""


def test_between_databases(diff, database, make_database):
    """A summary, a script that makes one of the other, and then no difference, which the usual diff would not see."""
    other = make_database()
    other.query(RICH)
    sides = ("--from-url", database.url, "--to-url", other.url)
    told = diff(*sides, "--full").stdout.splitlines()
    assert "[+] table public.note" in told
    assert "[+] function audit.stamp()" in told
    assert diff(*sides, "--full", "--exit-code").returncode == 2
    database.query(diff(*sides, "--full", "--script").stdout)
    assert diff(*sides, "--full", "--exit-code").returncode == 0
    assert diff(*sides, "--full").stdout == "No difference detected.\n"
    other.query(
        "DROP TRIGGER stamp ON note; COMMENT ON TABLE note IS 'short'; ALTER TABLE note ALTER text SET STATISTICS 5"
    )
    assert diff(*sides).stdout == "No difference detected.\n"
    assert diff(*sides, "--full").stdout == (
        "[*] column public.note.text (statistics)\n"
        "[*] comment of table public.note: notes → short\n"
        "[-] trigger public.note.stamp\n"
    )


def test_json(diff, database):
    """Typed changes and statements in their parts."""
    database.query(RICH)
    data = json.loads(diff("--from-empty", "--to-url", database.url, "--full", "--json").stdout)
    assert data["different"] is True
    assert {"change": "created", "kind": "enum", "name": ["public", "kind"], "text": "enum public.kind"} in data[
        "changes"
    ]
    assert {one["part"] for one in data["statements"]} == {1}
    assert [one["sql"] for one in data["statements"] if one["kind"] == "policy"] == [
        'CREATE POLICY "mine" ON "public"."note" USING ((id > 0))'
    ]
    assert data["script"].startswith("SET search_path = '';\n")


def test_back_to_empty(diff, database):
    """Everything goes, and a new database is left."""
    database.query(RICH)
    sides = ("--from-url", database.url, "--to-empty", "--full")
    assert diff(*sides, "--script").stdout.startswith("-- Data is lost:\n--   table public.note\n\nSET ")
    database.query(diff(*sides, "--script").stdout)
    assert diff(*sides, "--exit-code").returncode == 0
    assert database.query("SELECT nspname::text FROM pg_namespace WHERE nspname IN ('public', 'audit')") == [
        ("public",)
    ]


def test_a_schema_says_what_it_can(diff, database, project):
    """A column that the schema changes is changed below a view, which is put back; what it cannot say stays."""
    database.query(RICH + "INSERT INTO note VALUES (1, 'x');")
    schema = project.path / "n.prisma"
    schema.write_text(MODEL.replace("TYPE", "String?"))
    sides = ("--from-url", database.url, "--to-schema", "n.prisma", "--full")
    assert diff(*sides, "--exit-code").returncode == 0
    schema.write_text(MODEL.replace("TYPE", "String? @db.VarChar(9)").replace("  b\n", "  b\n  c\n"))
    # The view in `audit` counts once the datasource lists that schema; else the server refuses what it stands on.
    assert "[*] column public.note.text (type)" in diff(*sides).stdout
    listed = schema.read_text().replace('postgresql"\n', 'postgresql"\n  schemas = ["public", "audit"]\n')
    listed = listed.replace("  kind kind? @default(a)\n}", '  kind kind? @default(a)\n  @@schema("public")\n}')
    schema.write_text(listed.replace("  c\n}", '  c\n  @@schema("public")\n}'))
    database.query(diff(*sides, "--script").stdout)
    assert diff(*sides, "--exit-code").returncode == 0
    assert database.query("SELECT text FROM audit.loud") == [("X",)]
    assert database.query("SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal") == [("stamp",)]


def test_migrations_without_owners(diff, database, project):
    """Held against a database of another owner, a folder's replay differs in what its scripts say, and in no owner."""
    folder = project.path / "scripts"
    (folder / "20260101000000_one").mkdir(parents=True)
    (folder / "20260101000000_one/migration.sql").write_text(RICH)
    database.query(
        RICH + "ALTER TABLE note OWNER TO pg_monitor; GRANT SELECT ON note TO PUBLIC; DROP POLICY mine ON note"
    )
    sides = ("--from-migrations", "scripts", "--to-url", database.url, "--full")
    assert diff(*sides, url=database.url).stdout == "[-] policy public.note.mine\n"
