"""Changes that meet each other: each ends where it should, and no row is lost that the change itself does not drop."""

import pytest
from catalog_read import read_url
from fully import assert_same, run_script

from pgready.plan.full import full_plan

pytestmark = pytest.mark.matrix

LONG, ODD, ODD_OLD = "c" * 63, "é" * 31 + "x", "é" * 29 + "_old"
QUOTED = '"T ""q"""'
# before, after, and what the data is then
CASES = {
    "a view on a changed column": (
        """CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 7);
        CREATE VIEW v AS SELECT id, n FROM t WHERE n > 0; CREATE VIEW w AS SELECT n FROM v;
        COMMENT ON VIEW v IS 'v'; COMMENT ON COLUMN w.n IS 'n'; ALTER VIEW v OWNER TO catalog_owner;
        GRANT SELECT ON w TO catalog_app; CREATE POLICY p ON t USING (n > 0); CREATE INDEX i ON t (n) WHERE n > 0;""",
        """CREATE TABLE t (id int PRIMARY KEY, n bigint);
        CREATE VIEW v AS SELECT id, n FROM t WHERE n > 0; CREATE VIEW w AS SELECT n FROM v;
        COMMENT ON VIEW v IS 'v'; COMMENT ON COLUMN w.n IS 'n'; ALTER VIEW v OWNER TO catalog_owner;
        GRANT SELECT ON w TO catalog_app; CREATE POLICY p ON t USING (n > 0); CREATE INDEX i ON t (n) WHERE n > 0;""",
        {"SELECT id, n FROM t": [(1, 7)]},
    ),
    "a view that gains a column keeps what reads it": (
        """CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v;""",
        """CREATE TABLE t (id int, n int); CREATE VIEW v AS SELECT id, n FROM t; CREATE VIEW w AS SELECT id FROM v;""",
        {},
    ),
    "tables that swap names": (
        """CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (y text);
        CREATE INDEX i ON b (y);""",
        """CREATE TABLE b (x int PRIMARY KEY); CREATE TABLE a (y text); CREATE INDEX i ON a (y);""",
        {},
    ),
    "indexes and constraints that swap names": (
        """CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (b > 0), CONSTRAINT u UNIQUE (a),
        CONSTRAINT w UNIQUE (b)); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b); INSERT INTO t VALUES (1, 2);""",
        """CREATE TABLE t (a int, b int, CONSTRAINT d CHECK (a > 0), CONSTRAINT c CHECK (b > 0), CONSTRAINT w UNIQUE (a),
        CONSTRAINT u UNIQUE (b)); CREATE INDEX j ON t (a); CREATE INDEX i ON t (b);""",
        {"SELECT * FROM t": [(1, 2)]},
    ),
    "indexes and constraints by other names": (
        """CREATE TABLE t (a int CONSTRAINT ca CHECK (a > 0), b int, CONSTRAINT k PRIMARY KEY (b), CONSTRAINT u UNIQUE (a));
        CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'i'; COMMENT ON CONSTRAINT k ON t IS 'k'; ALTER TABLE t CLUSTER ON i;
        CREATE INDEX j ON t (b); CREATE TABLE r (b int CONSTRAINT f REFERENCES t); CREATE INDEX taken ON r (b);""",
        """CREATE TABLE t (a int CONSTRAINT cb CHECK (a > 0), b int, CONSTRAINT "K" PRIMARY KEY (b), CONSTRAINT v UNIQUE (a));
        CREATE INDEX "I" ON t (a); COMMENT ON INDEX "I" IS 'I'; COMMENT ON CONSTRAINT "K" ON t IS 'k';
        CREATE INDEX taken ON t (b); CREATE TABLE r (b int CONSTRAINT g REFERENCES t); ALTER TABLE t CLUSTER ON taken;""",
        {},
    ),
    "a table and a view that swap names": (
        "CREATE TABLE a (x int); CREATE VIEW b AS SELECT x FROM a; CREATE TYPE c AS (x int);",
        "CREATE TABLE b (x int); CREATE VIEW a AS SELECT x FROM b; CREATE SEQUENCE c;",
        {},
    ),
    "kinds of types that swap names": (
        "CREATE TYPE a AS ENUM ('x'); CREATE DOMAIN b AS text; CREATE TABLE t (a a, b b); INSERT INTO t VALUES ('x', 'x')",
        "CREATE TYPE b AS ENUM ('x'); CREATE DOMAIN a AS text; CREATE TABLE t (a a, b b);",
        {"SELECT a::text, b::text FROM t": [("x", "x")]},
    ),
    "foreign keys in a circle come and go": (
        """CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;""",
        """CREATE TABLE c (id int PRIMARY KEY, d int); CREATE TABLE d (id int PRIMARY KEY, c int REFERENCES c);
        ALTER TABLE c ADD FOREIGN KEY (d) REFERENCES d;""",
        {},
    ),
    "both ends of a foreign key change type": (
        """CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a, s int REFERENCES b (s) UNIQUE);
        INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1);""",
        """CREATE TABLE a (id text PRIMARY KEY); CREATE TABLE b (a text REFERENCES a, s bigint REFERENCES b (s) UNIQUE);""",
        {"SELECT * FROM b": [("1", 1)]},
    ),
    "the key that a foreign key stands on": (
        """CREATE TABLE a (id int CONSTRAINT old PRIMARY KEY, x int UNIQUE); CREATE TABLE b (a int REFERENCES a);
        INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1);""",
        """CREATE TABLE a (id int CONSTRAINT new PRIMARY KEY, x int); CREATE TABLE b (a int REFERENCES a);""",
        {"SELECT a FROM b": [(1,)]},
    ),
    "labels of an enum that are used at once": (
        """CREATE TYPE e AS ENUM ('a', 'c'); CREATE TABLE t (e e DEFAULT 'a'); INSERT INTO t VALUES ('c');""",
        """CREATE TYPE e AS ENUM ('0', 'a', 'b', 'c', 'd'); CREATE TABLE t (e e DEFAULT 'b' CHECK (e <> 'd'));
        CREATE INDEX i ON t (e) WHERE e = '0';""",
        {"SELECT e::text FROM t": [("c",)]},
    ),
    "an enum that loses labels": (
        """CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE DOMAIN d AS e CHECK (VALUE <> 'b'); CREATE TYPE k AS (e e, n int);
        CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS 'SELECT $1'; COMMENT ON TYPE e IS 'e'; COMMENT ON FUNCTION f(e) IS 'f';
        GRANT EXECUTE ON FUNCTION f(e) TO catalog_app; ALTER TYPE e OWNER TO catalog_owner;
        CREATE TABLE t (e e DEFAULT 'a', es e[] DEFAULT '{a}', d d, k k, x text);
        CREATE INDEX i ON t (e) WHERE e <> 'a'; CREATE VIEW v AS SELECT e, f(e) AS g FROM t;
        INSERT INTO t VALUES ('c', '{a,c}', 'c', ROW('a', 1), 'x');""",
        """CREATE TYPE e AS ENUM ('c', 'a'); CREATE DOMAIN d AS e CHECK (VALUE <> 'a'); CREATE TYPE k AS (e e, n int);
        CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS 'SELECT $1'; COMMENT ON TYPE e IS 'e'; COMMENT ON FUNCTION f(e) IS 'f';
        GRANT EXECUTE ON FUNCTION f(e) TO catalog_app; ALTER TYPE e OWNER TO catalog_owner;
        CREATE TABLE t (e e DEFAULT 'a', es e[] DEFAULT '{a}', d d, k k, x text);
        CREATE INDEX i ON t (e) WHERE e <> 'a'; CREATE VIEW v AS SELECT e, f(e) AS g FROM t;""",
        {"SELECT e::text, es::text, d::text, k::text, x FROM t": [("c", "{a,c}", "c", "(a,1)", "x")]},
    ),
    "a range in use": (
        """CREATE TYPE r AS RANGE (subtype = int, multirange_type_name = multirange_of_r);
        CREATE TABLE t (r r, m multirange_of_r); INSERT INTO t VALUES ('[1,3)', '{[1,3)}');""",
        """CREATE TYPE r AS RANGE (subtype = bigint, multirange_type_name = multirange_of_r);
        CREATE TABLE t (r r, m multirange_of_r);""",
        {"SELECT r::text, m::text FROM t": [("[1,3)", "{[1,3)}")]},
    ),
    "a composite type in use": (
        """CREATE TYPE c AS (a int, b text); CREATE TABLE t (c c); INSERT INTO t VALUES (ROW(1, 'x'));
        COMMENT ON COLUMN c.b IS 'b';""",
        """CREATE TYPE c AS (a int, n int); CREATE TABLE t (c c); COMMENT ON COLUMN c.n IS 'n'""",
        {"SELECT (c).a FROM t": [(1,)]},
    ),
    "a function with other arguments": (
        """CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n';
        CREATE TABLE t (n int DEFAULT f(1) CHECK (f(n) > 0), g int GENERATED ALWAYS AS (f(n)) STORED);
        CREATE INDEX i ON t (f(n)); CREATE VIEW v AS SELECT f(n) AS f FROM t; INSERT INTO t VALUES (5);""",
        """CREATE FUNCTION f(n int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n';
        CREATE TABLE t (n int DEFAULT f(1) CHECK (f(n) > 0), g int GENERATED ALWAYS AS (f(n)) STORED);
        CREATE INDEX i ON t (f(n)); CREATE VIEW v AS SELECT f(n) AS f FROM t;""",
        {"SELECT n, g FROM t": [(5, 5)]},
    ),
    "a function with another body stays": (
        """CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (n int DEFAULT f());
        GRANT EXECUTE ON FUNCTION f() TO catalog_app;""",
        """CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 2; END';
        CREATE TABLE t (n int DEFAULT f()); GRANT EXECUTE ON FUNCTION f() TO catalog_app;""",
        {},
    ),
    "a trigger's function and what fires it": (
        """CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (n int);
        CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION f();
        CREATE TRIGGER b BEFORE UPDATE OF n ON t FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE t DISABLE TRIGGER b; COMMENT ON TRIGGER a ON t IS 'a';""",
        """CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (n bigint);
        CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION f();
        CREATE TRIGGER b BEFORE UPDATE OF n ON t FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE t DISABLE TRIGGER b; COMMENT ON TRIGGER a ON t IS 'a';""",
        {},
    ),
    "serial and identity": (
        """CREATE TABLE t (a serial PRIMARY KEY, b int NOT NULL, c int GENERATED ALWAYS AS IDENTITY);
        INSERT INTO t (b) VALUES (1);""",
        """CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, b serial, c int NOT NULL);""",
        {"SELECT a, b, c FROM t": [(1, 1, 1)]},
    ),
    "a sequence that changes hands": (
        """CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE SEQUENCE s OWNED BY a.n; CREATE SEQUENCE f;
        CREATE SEQUENCE stays OWNED BY a.n; ALTER TABLE b OWNER TO catalog_owner; SELECT nextval('s'), nextval('stays');""",
        """CREATE TABLE b (n int DEFAULT 1); CREATE SEQUENCE s OWNED BY b.n; CREATE SEQUENCE f OWNED BY b.n;
        CREATE SEQUENCE stays; ALTER TABLE b OWNER TO catalog_app; GRANT USAGE ON SEQUENCE s TO catalog_owner;""",
        {"SELECT nextval('s'), nextval('stays')": [(2, 2)]},
    ),
    "columns of partitions": (
        """CREATE TABLE p (id int, at date, x int) PARTITION BY RANGE (at);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE p2 (at date, x int, id int); ALTER TABLE p ATTACH PARTITION p2 DEFAULT;
        CREATE VIEW v AS SELECT id FROM p1; CREATE INDEX i ON p (x); INSERT INTO p VALUES (1, '2020-05-05', 3);""",
        """CREATE TABLE p (id bigint NOT NULL, at date, y text DEFAULT 'y' CHECK (y <> '')) PARTITION BY RANGE (at);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2020-07-01');
        CREATE TABLE p2 (y text DEFAULT 'z' CONSTRAINT p_y_check CHECK (y <> ''), at date, id bigint NOT NULL);
        ALTER TABLE p ATTACH PARTITION p2 DEFAULT;
        CREATE VIEW v AS SELECT id FROM p1; CREATE INDEX i ON p (y); ALTER TABLE p ADD UNIQUE (id, at);""",
        {"SELECT id, y FROM p": [(1, "y")]},
    ),
    "a partition that goes and its parent is referred to": (
        """CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE r (p int REFERENCES p);
        INSERT INTO p VALUES (1), (2); INSERT INTO r VALUES (1);""",
        """CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        CREATE TABLE r (p int REFERENCES p);""",
        {"SELECT p FROM r": [(1,)]},
    ),
    "labels that go from under a partition key": (
        """CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE p (k e, x int) PARTITION BY RANGE (x);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (5) PARTITION BY LIST (k);
        CREATE TABLE p1b PARTITION OF p1 FOR VALUES IN ('b'); CREATE TABLE p2 PARTITION OF p DEFAULT;
        CREATE TABLE q (k e PRIMARY KEY, x int) PARTITION BY LIST (k); CREATE TABLE q1 PARTITION OF q FOR VALUES IN ('a');
        CREATE TABLE q2 PARTITION OF q DEFAULT; CREATE INDEX q_x ON q (x); CREATE VIEW v AS SELECT k FROM q;
        CREATE TABLE r (k e REFERENCES q); COMMENT ON COLUMN q.k IS 'k'; GRANT SELECT ON q TO catalog_app;
        INSERT INTO p VALUES ('b', 1), ('a', 9); INSERT INTO q VALUES ('a', 1), ('b', 2); INSERT INTO r VALUES ('b');""",
        """CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE p (k e, x int) PARTITION BY RANGE (x);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (5) PARTITION BY LIST (k);
        CREATE TABLE p1b PARTITION OF p1 FOR VALUES IN ('b'); CREATE TABLE p2 PARTITION OF p DEFAULT;
        CREATE TABLE q (k e PRIMARY KEY, x int) PARTITION BY LIST (k); CREATE TABLE q1 PARTITION OF q FOR VALUES IN ('a');
        CREATE TABLE q2 PARTITION OF q DEFAULT; CREATE INDEX q_x ON q (x); CREATE VIEW v AS SELECT k FROM q;
        CREATE TABLE r (k e REFERENCES q); COMMENT ON COLUMN q.k IS 'k'; GRANT SELECT ON q TO catalog_app;""",
        {
            "SELECT k::text, x FROM p ORDER BY x": [("b", 1), ("a", 9)],
            "SELECT k::text FROM v ORDER BY 1": [("a",), ("b",)],
            "SELECT k::text FROM r": [("b",)],
        },
    ),
    "rights that an owner may give on, and then not": (
        """CREATE TABLE t (a int); GRANT SELECT, INSERT ON t TO CURRENT_USER WITH GRANT OPTION; CREATE SEQUENCE s;
        GRANT ALL ON SEQUENCE s TO CURRENT_USER WITH GRANT OPTION; GRANT SELECT ON t TO catalog_app WITH GRANT OPTION;""",
        "CREATE TABLE t (a int); CREATE SEQUENCE s;",
        {},
    ),
    "a partition that becomes a table": (
        """CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        INSERT INTO p VALUES (1);""",
        """CREATE TABLE p1 (id int PRIMARY KEY);""",
        {"SELECT id FROM p1": [(1,)]},
    ),
    "children and their parents": (
        """CREATE TABLE a (x int CHECK (x > 0), y int); CREATE TABLE b (z int) INHERITS (a);
        CREATE TABLE c (x int, y int, z int); INSERT INTO b VALUES (1, 2, 3); INSERT INTO c VALUES (4, 5, 6);""",
        """CREATE TABLE a (x bigint, n text NOT NULL DEFAULT 'n'); CREATE TABLE b (z int, y int) INHERITS (a);
        CREATE TABLE c (x bigint, z int, n text NOT NULL DEFAULT 'n') INHERITS (a);""",
        {"SELECT x, n FROM a ORDER BY x": [(1, "n"), (4, "n")]},
    ),
    "materialized views above a changed table": (
        """CREATE TABLE t (id int, n int); INSERT INTO t VALUES (1, 2); CREATE MATERIALIZED VIEW m AS SELECT id, n FROM t;
        CREATE UNIQUE INDEX m_id ON m (id); CREATE MATERIALIZED VIEW o AS SELECT count(*) FROM m WITH NO DATA;
        GRANT SELECT ON m TO catalog_app; COMMENT ON INDEX m_id IS 'id';""",
        """CREATE TABLE t (id int, n text); CREATE MATERIALIZED VIEW m AS SELECT id, n FROM t;
        CREATE UNIQUE INDEX m_id ON m (id); CREATE MATERIALIZED VIEW o AS SELECT count(*) FROM m WITH NO DATA;
        GRANT SELECT ON m TO catalog_app; COMMENT ON INDEX m_id IS 'id'; REFRESH MATERIALIZED VIEW o;""",
        {"SELECT n FROM m": [("2",)]},
    ),
    "owners, rights and who may do what": (
        """CREATE SCHEMA s; CREATE TABLE s.t (a int, b int); GRANT ALL ON s.t TO catalog_app WITH GRANT OPTION;
        GRANT SELECT (a) ON s.t TO catalog_owner; GRANT USAGE ON SCHEMA s TO catalog_app;
        CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION s.f() FROM PUBLIC;""",
        """CREATE SCHEMA s; CREATE TABLE s.t (a int, b int); GRANT SELECT ON s.t TO catalog_app;
        GRANT UPDATE (b) ON s.t TO catalog_app; ALTER SCHEMA s OWNER TO catalog_owner;
        CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT ALL ON FUNCTION s.f() TO catalog_app;
        ALTER TABLE s.t OWNER TO catalog_owner;""",
        {},
    ),
    "a schema and an extension go with all that is in them": (
        """CREATE SCHEMA s; CREATE EXTENSION citext SCHEMA s; CREATE TABLE s.t (c s.citext); CREATE TABLE k (c s.citext);
        CREATE TYPE s.e AS ENUM ('a'); CREATE VIEW v AS SELECT c FROM s.t; INSERT INTO k VALUES ('C');""",
        "CREATE TABLE k (c text);",
        {"SELECT c FROM k": [("C",)]},
    ),
    "types whose casts are by hand": (
        """CREATE TABLE t (a text, b int, c timestamp, d varchar(9), f json, g numeric, h boolean);
        INSERT INTO t VALUES ('7', 1, '2020-01-02 03:04', 'abc', '{"a": 1}', 1.5, true);""",
        """CREATE TABLE t (a int, b text, c date, d varchar(3), f jsonb, g double precision, h text);""",
        {"SELECT a, b, c::text, d, f::text, g, h FROM t": [(7, "1", "2020-01-02", "abc", '{"a": 1}', 1.5, "true")]},
    ),
    "a list and a single value": ("CREATE TABLE t (a int, b text)", "CREATE TABLE t (a bigint[], b varchar(3)[])", {}),
    "names at their limits": (
        f"""CREATE TYPE "{ODD}" AS ENUM ('a', 'b'); CREATE TABLE {QUOTED} ("{LONG}" "{ODD}");
        CREATE TYPE "{ODD_OLD}" AS ENUM ('a'); INSERT INTO {QUOTED} VALUES ('a');""",
        f"""CREATE TYPE "{ODD}" AS ENUM ('b', 'a'); CREATE TABLE {QUOTED} ("{LONG}" "{ODD}" NOT NULL);
        CREATE TYPE "{ODD_OLD}" AS ENUM ('a');""",
        {f"SELECT t::text FROM {QUOTED} AS t": [("(a)",)]},
    ),
    "a domain that asks for more": (
        """CREATE DOMAIN d AS text; CREATE DOMAIN i AS text; CREATE TABLE t (d d, ds i[]); INSERT INTO t VALUES ('x', '{y}');""",
        """CREATE DOMAIN d AS text DEFAULT 'd' NOT NULL CHECK (VALUE <> ''); CREATE DOMAIN i AS text CHECK (VALUE <> '');
        CREATE TABLE t (d d, ds i[]);""",
        {"SELECT d, ds::text FROM t": [("x", "{y}")]},
    ),
    "policies and row security": (
        """CREATE TABLE t (n int); CREATE POLICY a ON t USING (n > 0); CREATE POLICY b ON t FOR UPDATE TO catalog_app USING (n > 1);
        CREATE POLICY c ON t AS RESTRICTIVE USING (n > 2); ALTER TABLE t ENABLE ROW LEVEL SECURITY;""",
        """CREATE TABLE t (n int); CREATE POLICY a ON t TO catalog_app USING (n > 5) WITH CHECK (n > 6);
        CREATE POLICY b ON t FOR DELETE TO catalog_app USING (n > 1); CREATE POLICY c ON t USING (n > 2);
        ALTER TABLE t FORCE ROW LEVEL SECURITY;""",
        {},
    ),
    "what a replica knows rows by": (
        """CREATE TABLE t (a int NOT NULL, b int NOT NULL, x text); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b);
        ALTER TABLE t REPLICA IDENTITY USING INDEX i; ALTER TABLE t CLUSTER ON i; ALTER TABLE t ALTER x SET STORAGE MAIN;
        ALTER TABLE t SET (fillfactor = 50, autovacuum_enabled = false);""",
        """CREATE TABLE t (a int NOT NULL, b int NOT NULL, x text); CREATE UNIQUE INDEX i ON t (a, b); CREATE UNIQUE INDEX j ON t (b);
        ALTER TABLE t CLUSTER ON j; ALTER TABLE t ALTER x SET STATISTICS 7; ALTER TABLE t SET (fillfactor = 60);""",
        {},
    ),
    "a view and a function that read each other go": (
        """CREATE VIEW v AS SELECT 1 AS a; CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
        CREATE OR REPLACE VIEW v AS SELECT * FROM f(); CREATE VIEW w AS SELECT * FROM v;""",
        "CREATE VIEW w AS SELECT 1 AS a;",
        {},
    ),
    "a table and functions that need each other": (
        """CREATE TABLE a (id int, n bigint); INSERT INTO a VALUES (1, 1);
        CREATE FUNCTION whole(a) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.id > 0';
        CREATE FUNCTION rows_() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM a; END;
        ALTER TABLE a ADD CHECK (whole(a.*)), ALTER n SET DEFAULT rows_();""",
        """CREATE TABLE a (id bigint, n bigint, m bigint);
        CREATE FUNCTION rows_() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM a WHERE a.id > 0; END;
        ALTER TABLE a ALTER m SET DEFAULT rows_();""",
        {"SELECT id, n, m FROM a": [(1, 1, None)]},
    ),
    "unlogged, and back": (
        "CREATE TABLE a (id serial); CREATE UNLOGGED TABLE b (id serial); INSERT INTO a VALUES (1);",
        "CREATE UNLOGGED TABLE a (id serial); CREATE TABLE b (id serial);",
        {"SELECT id FROM a": [(1,)]},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hard(name, roles, database, make_database):
    """Each case, there and back: as one script, then the same catalog, and the rows."""
    before, after, rows = CASES[name]
    database.query(before)
    other = make_database()
    other.query(after)
    wanted, first = read_url(other.url), read_url(database.url)
    run_script(database.url, full_plan(first, wanted).script)
    assert_same(database.url, wanted)
    for query, expected in rows.items():
        assert database.query(query) == expected
    run_script(database.url, full_plan(wanted, first).script)
    assert_same(database.url, first)


def test_what_is_lost_is_told(database, make_database):
    """Tables, columns and attributes that go with their data, on top of the script; not what is made from others."""
    database.query("""CREATE TYPE c AS (a int, b int); CREATE TABLE gone (x int); CREATE TABLE t (a int, c c,
        g int GENERATED ALWAYS AS (a + 1) STORED, "x
        y" int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t;""")
    other = make_database()
    other.query("""CREATE TYPE c AS (a int); CREATE TABLE t (a int, c c, g int GENERATED ALWAYS AS (a + 2) STORED);""")
    plan = full_plan(read_url(database.url), read_url(other.url))
    assert plan.script.startswith(
        "-- Data is lost:\n--   column public.t.x         y\n--   table public.gone\n--   attribute public.c.b\n\nSET "
    )
    run_script(database.url, plan.script)
    assert_same(database.url, read_url(other.url))


def test_a_rename_is_no_drop(database, make_database):
    """An index or key by another name is not built again, and what stands on it stays."""
    database.query(
        "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY, b int CONSTRAINT f REFERENCES t); CREATE INDEX i ON t (b)"
    )
    other = make_database()
    other.query(
        "CREATE TABLE t (a int CONSTRAINT l PRIMARY KEY, b int CONSTRAINT g REFERENCES t); CREATE INDEX j ON t (b)"
    )
    statements = full_plan(read_url(database.url), read_url(other.url)).statements
    assert [one.sql for one in statements] == [
        'ALTER TABLE "public"."t" RENAME CONSTRAINT "f" TO "g"',
        'ALTER INDEX "public"."i" RENAME TO "j"',
        'ALTER TABLE "public"."t" RENAME CONSTRAINT "k" TO "l"',
    ]
