"""What a catalog does not hold: rules, publications, statistics, casts, …: found, named, weighed, mended."""

import os
import subprocess

import psycopg
import pytest

from pgready.commands.parity.run import parity
from pgready.commands.sides import Project
from pgready.embedded import EmbeddedServer
from pgready.report.story import silent

pytestmark = pytest.mark.matrix

BASE = """
CREATE TABLE t (a int PRIMARY KEY, b text, c int, d int);
CREATE TABLE u (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE FUNCTION plus(int, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION same(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2';
CREATE TYPE pair AS (x int, y int);
CREATE FUNCTION paired(int) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, $1)::pair';
CREATE FUNCTION unlike(pair, pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE FUNCTION before(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE SCHEMA other;
CREATE RULE keep AS ON DELETE TO t WHERE old.a < 0 DO INSTEAD NOTHING;
CREATE RULE write AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a, new.b);
CREATE STATISTICS together (dependencies) ON c, d FROM t;
CREATE STATISTICS sums ON (c + d) FROM t;
CREATE TYPE word AS ENUM ('a');
CREATE CAST (varchar AS word) WITH INOUT AS IMPLICIT;
CREATE TYPE row_type AS (w word, n int);
CREATE TABLE typed OF row_type;
CREATE PUBLICATION pub FOR TABLE t WITH (publish = 'insert, update');
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE CAST (int AS pair) WITH FUNCTION paired(int) AS ASSIGNMENT;
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION conf (COPY = simple);
CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = text);
CREATE OPERATOR << (FUNCTION = before, LEFTARG = pair, RIGHTARG = pair);
CREATE OPERATOR CLASS pairs FOR TYPE pair USING btree AS OPERATOR 1 <<, FUNCTION 1 unlike(pair, pair);
CREATE FOREIGN DATA WRAPPER wrap;
CREATE SERVER far FOREIGN DATA WRAPPER wrap OPTIONS (host 'h');
CREATE FOREIGN TABLE ft (a int NOT NULL, b text DEFAULT 'x', w word) SERVER far OPTIONS (name 'x');
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner IN SCHEMA other GRANT SELECT ON TABLES TO catalog_app;
ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner GRANT ALL ON SCHEMAS TO catalog_app WITH GRANT OPTION;
"""
# What it weighs, what it is called, what plants it; `15:` for what 14 does not have.
PLANTS = """
breaks | rule public.t.keep | DROP RULE keep ON t
breaks | rule public.t.more | CREATE RULE more AS ON UPDATE TO t DO ALSO NOTIFY x
breaks | rule public.t.keep | CREATE OR REPLACE RULE keep AS ON DELETE TO t WHERE old.a < 1 DO INSTEAD NOTHING
breaks | rule public.t.keep | ALTER TABLE t DISABLE RULE keep
breaks | rule public.v.write | DROP RULE write ON v
breaks | rule public.v.write | DROP VIEW v; CREATE VIEW v AS SELECT b, a FROM t
slows | statistics public.together | DROP STATISTICS together
slows | statistics public.together | DROP STATISTICS together; CREATE STATISTICS together (mcv) ON c, d FROM t
slows | statistics public.together | ALTER STATISTICS together SET STATISTICS 7
cosmetic | statistics public.extra | CREATE STATISTICS extra ON a, c FROM t
slows | statistics public.sums | DROP STATISTICS sums; CREATE STATISTICS sums ON (c - d) FROM t
cosmetic | typed table public.typed | ALTER TABLE typed NOT OF
breaks | enum public.word | ALTER TYPE word RENAME VALUE 'a' TO 'b'
breaks | publication pub | DROP PUBLICATION pub
breaks | publication pub | ALTER PUBLICATION pub SET (publish = 'insert')
breaks | publication pub | DROP PUBLICATION pub; CREATE PUBLICATION pub FOR ALL TABLES WITH (publish = 'insert, update')
breaks | publication another | CREATE PUBLICATION another FOR TABLE u
opens | table public.u of publication pub | ALTER PUBLICATION pub ADD TABLE u
breaks | table public.t of publication pub | ALTER PUBLICATION pub DROP TABLE t
15: breaks | table public.t of publication pub | ALTER PUBLICATION pub SET TABLE t (a, b)
15: breaks | table public.t of publication pub | ALTER PUBLICATION pub SET TABLE t WHERE (a > 1)
15: opens | schema other of publication pub | ALTER PUBLICATION pub ADD TABLES IN SCHEMA other
breaks | publication everything | DROP PUBLICATION everything
breaks | cast integer to public.pair | DROP CAST (int AS pair)
breaks | cast integer to public.pair | DROP CAST (int AS pair); CREATE CAST (int AS pair) WITH FUNCTION paired(int)
cosmetic | function public.less(public.pair, public.pair) | CREATE FUNCTION less(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR <# (FUNCTION = less, LEFTARG = pair, RIGHTARG = pair); CREATE OPERATOR CLASS more FOR TYPE pair USING btree AS OPERATOR 1 <#, FUNCTION 1 unlike(pair, pair); CREATE FUNCTION to_b(pair) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea'; CREATE CAST (pair AS bytea) WITH FUNCTION to_b(pair)
cosmetic | range public.spread | CREATE TYPE spread AS RANGE (subtype = int4)
breaks | cast public.pair to text | CREATE CAST (pair AS text) WITH INOUT
breaks | collation public.plain | DROP COLLATION plain
breaks | collation public.plain | DROP COLLATION plain; CREATE COLLATION plain (provider = libc, locale = 'POSIX')
cosmetic | collation public.more | CREATE COLLATION more FROM "C"
breaks | text search dictionary public.dict | DROP TEXT SEARCH DICTIONARY dict
breaks | text search dictionary public.dict | ALTER TEXT SEARCH DICTIONARY dict (STOPWORDS)
breaks | text search configuration public.conf | DROP TEXT SEARCH CONFIGURATION conf
breaks | text search configuration public.conf | ALTER TEXT SEARCH CONFIGURATION conf ALTER MAPPING FOR word WITH dict
breaks | operator public.===.integer.text | DROP OPERATOR === (int, text)
cosmetic | operator public.~~~.integer.text | CREATE OPERATOR ~~~ (FUNCTION = same, LEFTARG = int, RIGHTARG = text)
breaks | operator class public.pairs.btree | DROP OPERATOR CLASS pairs USING btree
cosmetic | operator family public.fam.btree | CREATE OPERATOR FAMILY fam USING btree
breaks | conversion public.conv | DROP CONVERSION conv
breaks | foreign table public.ft | DROP FOREIGN TABLE ft
breaks | foreign table public.ft | ALTER FOREIGN TABLE ft ALTER b TYPE varchar(3)
breaks | foreign server far | ALTER SERVER far OPTIONS (SET host 'g')
cosmetic | foreign server near | CREATE SERVER near FOREIGN DATA WRAPPER wrap
cosmetic | foreign data wrapper extra | CREATE FOREIGN DATA WRAPPER extra
cosmetic | user mapping far.catalog_app | CREATE USER MAPPING FOR catalog_app SERVER far OPTIONS (password 's3cr3t')
opens | default privileges of catalog_owner in other on TABLES for catalog_app | ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner IN SCHEMA other REVOKE SELECT ON TABLES FROM catalog_app
opens | default privileges of catalog_owner in other on TABLES for catalog_app | ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner IN SCHEMA other GRANT UPDATE ON TABLES TO catalog_app
opens | default privileges of catalog_owner on SCHEMAS for catalog_app | ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner REVOKE CREATE ON SCHEMAS FROM catalog_app
breaks | foreign server far | ALTER SERVER far OPTIONS (ADD port '5', DROP host)
breaks | foreign data wrapper wrap | ALTER FOREIGN DATA WRAPPER wrap OPTIONS (ADD debug 'true')
breaks | text search dictionary public.dict | ALTER TEXT SEARCH DICTIONARY dict (ACCEPT = false)
opens | default privileges of catalog_owner on FUNCTIONS for PUBLIC | ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
opens | default privileges of catalog_owner on TYPES for catalog_app | ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner GRANT USAGE ON TYPES TO catalog_app WITH GRANT OPTION
"""
FIRST = ("rule", "statistics", "publication", "publication table", "cast", "default privileges")


def plants(major):
    """Each plant that the version has; of a default run the first of some kinds."""
    for line in PLANTS.strip().splitlines():
        version, _, rest = line.partition(": ") if line[:2].isdigit() else ("0", "", line)
        if int(version) <= major:
            yield rest.split(" | ")


def compared(one, other, **options):
    """The side's result, the other's held against the first's."""
    return parity([one.url, other.url], Project({}), silent, **options).sides[1]


@pytest.fixture
def pair(server, make_database):
    """Two databases of BASE, and the roles that it names."""
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in sorted({"catalog_app", "catalog_owner"} - there):
            connection.execute(f"CREATE ROLE {name}")
    both = make_database(), make_database()
    for one in both:
        one.query(BASE)
    return both


def test_every_plant_is_found_and_mended(server, pair, capsys):
    """Each under its name with its weight; --fix, applied, leaves nothing."""
    reference, side = pair
    assert compared(reference, side).findings == ()
    listed = list(plants(server.major))
    if not os.environ.get("PGREADY_FULL_PARITY"):
        listed = listed[:: len(listed) // 6]
    wrong, found = [], 0
    for weight, name, sql in listed:
        try:
            side.query(sql)
        except psycopg.Error as e:
            wrong.append(f"{sql}\n   cannot be planted: {e}")
            continue
        result = compared(reference, side, fix=True)
        got = [(one.weight, one.object) for one in result.findings]
        found += (weight, name) in got
        if (weight, name) not in got:
            wrong.append(f"{sql}\n   wanted {weight} {name}, found {got}")
        assert "s3cr3t" not in result.fix
        try:
            side.query(result.fix)
        except psycopg.Error as e:
            wrong.append(f"{sql}\n   {e}\n{result.fix}")
        left = [(one.weight, one.object) for one in compared(reference, side).findings]
        if left and all(one[1] != "order of columns of view public.v" for one in left):
            wrong.append(f"{sql}\n   left {left}\n{result.fix}")
    with capsys.disabled():
        print(f"\nPostgreSQL {server.major}: beyond the catalog planted {len(listed)}, found {found}")
    assert not wrong, "\n".join(wrong)


def mended(reference, side):
    """What is left after --fix was applied, and the script."""
    script = compared(reference, side, fix=True).fix
    side.query(script)
    return [(one.weight, one.object) for one in compared(reference, side).findings], script


def test_default_privileges_of_the_side_do_not_open_what_is_made(make_database):
    """What --fix makes has the reference's rights, though the role's default privileges would give more and less."""
    defaults = """
        CREATE SCHEMA s;
        ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO PUBLIC;
        ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO PUBLIC;
        ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"""
    made = """
        CREATE TABLE s.t (id int GENERATED ALWAYS AS IDENTITY, n serial); CREATE VIEW s.v AS SELECT id FROM s.t;
        CREATE SEQUENCE s.q; CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"""
    bare, set_up = make_database(), make_database()
    bare.query("CREATE SCHEMA s;" + made)
    set_up.query(defaults)
    assert any(one.address[0] == "default privileges" for one in compared(bare, set_up).findings)
    assert mended(bare, set_up)[0] == []
    # The same defaults on both, and a reference that was made before them.
    first, second = make_database(), make_database()
    first.query("CREATE SCHEMA s;" + made + defaults.replace("CREATE SCHEMA s;", ""))
    second.query(defaults)
    left, script = mended(first, second)
    assert left == [], script
    assert len(second.query("SELECT 1 FROM pg_default_acl")) == 3


def test_a_column_that_publications_rules_and_statistics_hold(server, make_database):
    """One that is renamed, retyped or dropped on the other side is brought there with what holds it."""
    made = """
        CREATE TABLE t (id int PRIMARY KEY, {0} int NOT NULL, c int, d int);
        CREATE PUBLICATION p FOR TABLE t{1};
        CREATE RULE r AS ON UPDATE TO t WHERE new.{0} < 0 DO INSTEAD NOTHING;
        CREATE STATISTICS st ON {0}, c FROM t;"""
    lists = (" ({0}, id) WHERE (id > 1)", " WHERE (id > 1 AND c > 1)") if server.major >= 15 else ("", "")
    for held in lists:
        reference, side = make_database(), make_database()
        reference.query(made.format("new_name", held.format("new_name")).replace("c int", "c bigint"))
        side.query(made.format("old_name", held.format("old_name")))
        left, script = mended(reference, side)
        assert [one for one in left if not one[1].startswith("order of columns")] == [], script
        assert "hazard: subscribers" in script or server.major < 15


def test_what_a_side_cannot_hold_is_told(database, make_project):
    """A schema and a snapshot hold none of it: how many there are is said, and what migrations make counts."""
    project = make_project(migrations={"1_a": "CREATE TABLE a (id int PRIMARY KEY, b int);"})
    project.write_schema('datasource db {\n  provider = "postgresql"\n}\nmodel a {\n  id Int @id\n  b Int?\n}\n')
    database.query(
        "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING;"
        "CREATE STATISTICS s ON id, b FROM a; CREATE CAST (bool AS inet) WITH INOUT; CREATE PUBLICATION p;"
    )
    run = project.run("parity", "schema", database.url)
    assert run.returncode == 0, run.stdout
    assert "1 cast, 1 rule, 1 statistics, 1 publication, which this side has: a schema does not hold them" in run.stdout
    assert project.run("snapshot", database.url, "-o", "snap.json").returncode == 0
    run = project.run("parity", "snap.json", database.url, "--output-format", "markdown")
    assert "1 rule, 1 statistics, 1 publication, which this side has: a snapshot does not hold them" in run.stdout
    run = project.run("parity", "migrations", database.url)
    assert run.returncode == 4
    assert "rule public.a.r is not in the reference" in run.stdout
    project.migration("2_b", "CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING; CREATE STATISTICS s ON id, b FROM a;")
    project.migration("3_c", "CREATE CAST (bool AS inet) WITH INOUT; CREATE PUBLICATION p;")
    run = project.run("parity", "migrations", database.url)
    assert run.returncode == 0, run.stdout


def test_restored_elsewhere(server, make_database, pg_dump, client_bindir):
    """Dumped and restored on another server, of another version where the run's is not the newest: nothing differs."""
    source = make_database()
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in sorted({"catalog_app", "catalog_owner"} - there):
            connection.execute(f"CREATE ROLE {name}")
    source.query(BASE + "ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner GRANT ALL ON TABLES TO catalog_app;")
    with EmbeddedServer(password="x") as other:
        with psycopg.connect(other.url(tcp=False), autocommit=True) as connection:
            connection.execute("CREATE ROLE catalog_app; CREATE ROLE catalog_owner")
            connection.execute("CREATE DATABASE elsewhere")
        url = other.url("elsewhere")
        psql = [os.path.join(client_bindir, "psql"), "-q", "-X", "-d", url]
        subprocess.run(psql, input=pg_dump(source), text=True, check=True, capture_output=True)
        result = parity([source.url, url], Project({}), silent).sides[1]
    kinds = {"setting", "database setting", "role setting"}
    assert [one for one in result.findings if one.address[0] not in kinds] == []
