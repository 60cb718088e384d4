"""Single differences: what it is called, what it weighs, the statement that plants it in the rich database.

`weight | finding's object | statement`; a line may begin with `15:` or `18:` for what older servers do not have. Each is
planted alone. What is made in `BASE` on top of tests/catalog/rich.sql gives them ground.
"""

from dataclasses import dataclass

BASE = """
CREATE TABLE t (a int NOT NULL, b text, c numeric(5,1) DEFAULT 1.5, d varchar(10), e bigint GENERATED ALWAYS AS IDENTITY,
    f int GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT t_pkey PRIMARY KEY (a));
CREATE INDEX t_i ON t (b);
CREATE UNIQUE INDEX t_u ON t (d);
CREATE TABLE u (a int, b int, at int4range, CONSTRAINT u_ck CHECK (a > 0), CONSTRAINT u_uq UNIQUE (a, b),
    CONSTRAINT u_fk FOREIGN KEY (a) REFERENCES t (a), CONSTRAINT u_ex EXCLUDE USING gist (at WITH &&));
CREATE VIEW w AS SELECT a, b FROM t;
CREATE TYPE pair AS (x int, y text);
CREATE TYPE span2 AS RANGE (subtype = int4);
CREATE DOMAIN small AS int DEFAULT 3 CONSTRAINT small_ck CHECK (VALUE < 100);
CREATE TRIGGER t_tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE u ENABLE ROW LEVEL SECURITY;
CREATE POLICY u_all ON u USING (a > 0);
CREATE POLICY u_strict ON u AS RESTRICTIVE USING (b > 0);
CREATE FUNCTION f1(x int) RETURNS int LANGUAGE sql AS 'SELECT x';
CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
CREATE INDEX m_i ON m (one);
GRANT SELECT ON t TO catalog_app;
CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION guard();
"""

PLANTS = """
cosmetic | schema another | CREATE SCHEMA another
breaks | schema vacant | DROP SCHEMA vacant
cosmetic | comment of schema billing | COMMENT ON SCHEMA billing IS 'x'
opens | owner of schema billing | ALTER SCHEMA billing OWNER TO catalog_app
breaks | grants of schema billing | REVOKE USAGE ON SCHEMA billing FROM catalog_app
opens | grants of schema billing | GRANT CREATE ON SCHEMA billing TO catalog_app
cosmetic | extension hstore | CREATE EXTENSION hstore SCHEMA extras
breaks | extension citext | ALTER EXTENSION citext SET SCHEMA public
cosmetic | comment of extension btree_gist | COMMENT ON EXTENSION btree_gist IS 'theirs'
cosmetic | enum public.e2 | CREATE TYPE e2 AS ENUM ('a')
cosmetic | enum public.part_e | ALTER TYPE part_e ADD VALUE 'c'
cosmetic | enum public.lone | ALTER TYPE lone ADD VALUE 'three'
breaks | enum public.lone | ALTER TYPE lone RENAME VALUE 'one' TO 'won'
breaks | enum public.lone | DROP TYPE lone
breaks | enum public.lone | DROP TYPE lone; CREATE TYPE lone AS ENUM ('two', 'one')
cosmetic | comment of enum billing.mood | COMMENT ON TYPE billing.mood IS NULL
opens | owner of enum billing.mood | ALTER TYPE billing.mood OWNER TO catalog_app
opens | grants of enum billing.mood | GRANT USAGE ON TYPE billing.mood TO PUBLIC
cosmetic | domain public.d2 | CREATE DOMAIN d2 AS text
breaks | domain public.small | DROP DOMAIN small
breaks | domain public.small | DROP DOMAIN small; CREATE DOMAIN small AS bigint DEFAULT 3 CONSTRAINT small_ck CHECK (VALUE < 100)
breaks | domain public.small | ALTER DOMAIN small SET NOT NULL
opens | domain billing.amount | ALTER DOMAIN billing.amount DROP NOT NULL
breaks | domain public.text_c | DROP DOMAIN text_c; CREATE DOMAIN text_c AS text COLLATE "POSIX"
breaks | domain default public.small | ALTER DOMAIN small DROP DEFAULT
breaks | domain default public.small | ALTER DOMAIN small SET DEFAULT 4
cosmetic | domain default public.code | ALTER DOMAIN code SET DEFAULT 'x'
opens | domain check public.small.small_ck | ALTER DOMAIN small DROP CONSTRAINT small_ck
breaks | domain check public.small.more | ALTER DOMAIN small ADD CONSTRAINT more CHECK (VALUE > 1)
breaks | domain check public.small.small_ck | ALTER DOMAIN small DROP CONSTRAINT small_ck; ALTER DOMAIN small ADD CONSTRAINT small_ck CHECK (VALUE < 99)
cosmetic | domain check public.code.short | ALTER DOMAIN code VALIDATE CONSTRAINT short
cosmetic | comment of domain check billing.amount.not_negative | COMMENT ON CONSTRAINT not_negative ON DOMAIN billing.amount IS 'x'
cosmetic | comment of domain billing.amount | COMMENT ON DOMAIN billing.amount IS 'x'
opens | owner of domain billing.amount | ALTER DOMAIN billing.amount OWNER TO catalog_app
breaks | grants of domain public.small | REVOKE USAGE ON TYPE small FROM PUBLIC
cosmetic | composite public.c2 | CREATE TYPE c2 AS (a int)
breaks | composite public.pair | DROP TYPE pair
breaks | composite public.pair | ALTER TYPE pair ADD ATTRIBUTE z int
breaks | composite public.pair | ALTER TYPE pair DROP ATTRIBUTE y
breaks | composite public.pair | ALTER TYPE pair RENAME ATTRIBUTE y TO z
breaks | composite public.pair | ALTER TYPE pair ALTER ATTRIBUTE x TYPE bigint
breaks | composite public.pair | ALTER TYPE pair ALTER ATTRIBUTE y TYPE text COLLATE "C"
cosmetic | comment of attribute public.pair.x | COMMENT ON COLUMN pair.x IS 'x'
cosmetic | comment of composite public.pair | COMMENT ON TYPE pair IS 'x'
opens | owner of composite public.pair | ALTER TYPE pair OWNER TO catalog_app
breaks | grants of composite public.pair | REVOKE USAGE ON TYPE pair FROM PUBLIC
breaks | range public.span2 | DROP TYPE span2
cosmetic | range public.r2 | CREATE TYPE r2 AS RANGE (subtype = int4)
breaks | range public.span2 | DROP TYPE span2; CREATE TYPE span2 AS RANGE (subtype = int8)
breaks | range public.span2 | DROP TYPE span2; CREATE TYPE span2 AS RANGE (subtype = int4, multirange_type_name = many)
breaks | range public.words | DROP TYPE words; CREATE TYPE words AS RANGE (subtype = text, collation = "C")
breaks | range public.words | DROP TYPE words; CREATE TYPE words AS RANGE (subtype = text, collation = "POSIX", subtype_opclass = text_pattern_ops)
breaks | range public.spandiff | DROP TYPE spandiff; CREATE TYPE spandiff AS RANGE (subtype = float8)
breaks | range public.spancan | DROP TYPE spancan CASCADE; CREATE TYPE spancan AS RANGE (subtype = int4)
cosmetic | comment of range public.span2 | COMMENT ON TYPE span2 IS 'x'
opens | owner of range public.span2 | ALTER TYPE span2 OWNER TO catalog_app
breaks | grants of range public.span2 | REVOKE USAGE ON TYPE span2 FROM PUBLIC
cosmetic | sequence public.s2 | CREATE SEQUENCE s2
breaks | sequence public.counter | DROP SEQUENCE counter
breaks | sequence public.counter | ALTER SEQUENCE counter INCREMENT 7
breaks | sequence public.counter | ALTER SEQUENCE counter NO CYCLE
slows | sequence public.counter | ALTER SEQUENCE counter CACHE 9
breaks | sequence public.counter | ALTER SEQUENCE counter MAXVALUE 600
breaks | sequence public.counter | ALTER SEQUENCE counter MINVALUE 5
breaks | sequence public.counter | ALTER SEQUENCE counter START 30
breaks | sequence public.counter | ALTER SEQUENCE counter AS bigint
cosmetic | sequence public.counter | ALTER SEQUENCE counter OWNED BY quick.n
15: breaks | sequence public.counter | ALTER SEQUENCE counter SET UNLOGGED
cosmetic | comment of sequence public.counter | COMMENT ON SEQUENCE counter IS NULL
breaks | grants of sequence public.counter | REVOKE USAGE ON SEQUENCE counter FROM catalog_app
opens | owner of sequence public.counter | ALTER SEQUENCE counter OWNER TO catalog_owner
cosmetic | table public.t3 | CREATE TABLE t3 (a int)
breaks | table public.u | DROP TABLE u
breaks | table public.order3 | ALTER TABLE order3 SET UNLOGGED
slows | table public.quick | ALTER TABLE quick SET LOGGED
opens | table billing.customer | ALTER TABLE billing.customer DISABLE ROW LEVEL SECURITY
opens | table billing.customer | ALTER TABLE billing.customer NO FORCE ROW LEVEL SECURITY
breaks | table public.t | ALTER TABLE t ENABLE ROW LEVEL SECURITY
breaks | table public.t | ALTER TABLE t FORCE ROW LEVEL SECURITY
slows | table public.t | ALTER TABLE t SET (fillfactor = 50)
slows | table public.t | ALTER TABLE t SET (toast.autovacuum_enabled = false)
15: slows | table public.t | ALTER TABLE t SET ACCESS METHOD heap2
breaks | table public.parted | DROP TABLE parted; CREATE TABLE parted (a int) PARTITION BY LIST (a)
breaks | table public.child | ALTER TABLE child NO INHERIT parent_b
breaks | partition public.event_rest | ALTER TABLE event DETACH PARTITION event_rest
breaks | partition public.hashed_0 | ALTER TABLE hashed DETACH PARTITION hashed_0; ALTER TABLE hashed ATTACH PARTITION hashed_0 FOR VALUES WITH (MODULUS 2, REMAINDER 1)
cosmetic | comment of table public.t | COMMENT ON TABLE t IS 'x'
opens | owner of table public.t | ALTER TABLE t OWNER TO catalog_app
breaks | grants of table public.t | REVOKE SELECT ON t FROM catalog_app
opens | grants of table public.t | GRANT INSERT ON t TO PUBLIC
opens | grants of table public.t | GRANT SELECT ON t TO catalog_app WITH GRANT OPTION
opens | grants of table public.t | GRANT SELECT ON t TO CURRENT_USER WITH GRANT OPTION
breaks | replica identity public.t | ALTER TABLE t REPLICA IDENTITY NOTHING
breaks | replica identity public.t | ALTER TABLE t REPLICA IDENTITY FULL
breaks | replica identity Sales & Co.Order "Line" | ALTER TABLE "Sales & Co"."Order ""Line\"\"\" REPLICA IDENTITY DEFAULT
cosmetic | column public.t.more | ALTER TABLE t ADD more int
breaks | column public.t.must | ALTER TABLE t ADD must int NOT NULL
breaks | column public.u.b | ALTER TABLE u DROP b CASCADE
cosmetic | column public.t.d | ALTER TABLE t ALTER d TYPE varchar(11)
breaks | column public.t.d | ALTER TABLE t ALTER d TYPE varchar(9)
cosmetic | column public.t.d | ALTER TABLE t ALTER d TYPE text
breaks | column public.t.c | ALTER TABLE t ALTER c TYPE numeric(4,1)
cosmetic | column public.t.c | ALTER TABLE t ALTER c TYPE numeric(6,1)
breaks | column public.quick.n | ALTER TABLE quick ALTER n TYPE bigint
breaks | column public.t.b | DROP VIEW w; ALTER TABLE t ALTER b TYPE text[] USING ARRAY[b]; CREATE VIEW w AS SELECT a, 'x'::text AS b FROM t
breaks | column public.t.b | DROP VIEW w; ALTER TABLE t ALTER b TYPE text COLLATE "C"; CREATE VIEW w AS SELECT a, b FROM t
slows | column public.t.b | ALTER TABLE t ALTER b SET STORAGE MAIN
slows | column public.t.b | ALTER TABLE t ALTER b SET COMPRESSION pglz
slows | column public.t.b | ALTER TABLE t ALTER b SET STATISTICS 7
slows | column public.t.b | ALTER TABLE t ALTER b SET (n_distinct = 5)
breaks | column public.t.f | ALTER TABLE t ALTER f DROP EXPRESSION
breaks | column public.t.f | ALTER TABLE t DROP f, ADD f int GENERATED ALWAYS AS (a + 2) STORED
18: breaks | column public.t.f | ALTER TABLE t DROP f, ADD f int GENERATED ALWAYS AS (a + 1)
cosmetic | comment of column public.t.b | COMMENT ON COLUMN t.b IS 'x'
opens | grants of column public.t.b | GRANT UPDATE (b) ON t TO catalog_app
breaks | grants of column billing.customer.name | REVOKE UPDATE (name) ON billing.customer FROM catalog_app
cosmetic | order of columns of public.order3 | DROP TABLE order3; CREATE TABLE order3 (b int, a int)
cosmetic | inheritance of column public.kid.a | DROP TABLE kid; CREATE TABLE kid () INHERITS (parent_a)
breaks | default public.t.c | ALTER TABLE t ALTER c DROP DEFAULT
breaks | default public.t.c | ALTER TABLE t ALTER c SET DEFAULT 2.5
cosmetic | default public.t.d | ALTER TABLE t ALTER d SET DEFAULT 'x'
breaks | identity public.t.e | ALTER TABLE t ALTER e DROP IDENTITY
breaks | identity public.u.b | ALTER TABLE u ALTER b SET NOT NULL, ALTER b ADD GENERATED ALWAYS AS IDENTITY
opens | identity public.t.e | ALTER TABLE t ALTER e SET GENERATED BY DEFAULT
breaks | identity public.quick.id | ALTER TABLE quick ALTER id SET GENERATED ALWAYS
breaks | identity public.t.e | ALTER TABLE t ALTER e SET INCREMENT 3
slows | identity public.t.e | ALTER TABLE t ALTER e SET CACHE 30
cosmetic | identity public.t.e | ALTER SEQUENCE t_e_seq RENAME TO other_seq
opens | not null public.t.e | ALTER TABLE t ALTER e DROP IDENTITY, ALTER e DROP NOT NULL
breaks | not null public.t.b | ALTER TABLE t ALTER b SET NOT NULL
18: cosmetic | not null public.nn.a | ALTER TABLE nn RENAME CONSTRAINT must TO ought
18: opens | not null public.nn.a | ALTER TABLE nn DROP CONSTRAINT must, ADD CONSTRAINT must NOT NULL a NOT VALID
18: opens | not null public.nn.a | ALTER TABLE nn ALTER CONSTRAINT must NO INHERIT
opens | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq
breaks | key public.quick.k | ALTER TABLE quick ADD CONSTRAINT k UNIQUE (n)
opens | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq
cosmetic | key public.u.u_uq | ALTER TABLE u RENAME CONSTRAINT u_uq TO u_uq2
breaks | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq, ADD CONSTRAINT u_uq UNIQUE (b, a)
breaks | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq, ADD CONSTRAINT u_uq UNIQUE (a, b) DEFERRABLE
breaks | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq, ADD CONSTRAINT u_uq UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED
breaks | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq, ADD CONSTRAINT u_uq PRIMARY KEY (a, b)
slows | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq, ADD CONSTRAINT u_uq UNIQUE (a, b) INCLUDE (at)
slows | key public.u.u_uq | ALTER INDEX u_uq SET (fillfactor = 70)
15: breaks | key public.u.u_uq | ALTER TABLE u DROP CONSTRAINT u_uq, ADD CONSTRAINT u_uq UNIQUE NULLS NOT DISTINCT (a, b)
18: breaks | key public.temporal.temporal_uq | ALTER TABLE temporal DROP CONSTRAINT temporal_uq, ADD CONSTRAINT temporal_uq UNIQUE (id, at)
cosmetic | comment of key public.u.u_uq | COMMENT ON CONSTRAINT u_uq ON u IS 'x'
cosmetic | comment of index public.u.u_uq | COMMENT ON INDEX u_uq IS 'x'
opens | exclusion public.u.u_ex | ALTER TABLE u DROP CONSTRAINT u_ex
breaks | exclusion public.u.u_ex2 | ALTER TABLE u ADD CONSTRAINT u_ex2 EXCLUDE USING gist (at WITH =)
breaks | exclusion public.u.u_ex | ALTER TABLE u DROP CONSTRAINT u_ex, ADD CONSTRAINT u_ex EXCLUDE USING gist (at WITH =)
breaks | exclusion public.u.u_ex | ALTER TABLE u DROP CONSTRAINT u_ex, ADD CONSTRAINT u_ex EXCLUDE USING gist (at WITH &&) DEFERRABLE
breaks | exclusion public.u.u_ex | ALTER TABLE u DROP CONSTRAINT u_ex, ADD CONSTRAINT u_ex EXCLUDE USING gist (at WITH &&) DEFERRABLE INITIALLY DEFERRED
breaks | exclusion public.u.u_ex | ALTER TABLE u DROP CONSTRAINT u_ex, ADD CONSTRAINT u_ex EXCLUDE USING gist (at WITH &&) WHERE (a > 1)
cosmetic | comment of exclusion public.u.u_ex | COMMENT ON CONSTRAINT u_ex ON u IS 'x'
opens | check public.u.u_ck | ALTER TABLE u DROP CONSTRAINT u_ck
breaks | check public.t.ck | ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)
cosmetic | check public.u.u_ck | ALTER TABLE u RENAME CONSTRAINT u_ck TO u_ck2
breaks | check public.u.u_ck | ALTER TABLE u DROP CONSTRAINT u_ck, ADD CONSTRAINT u_ck CHECK (a > 1)
opens | check public.u.u_ck | ALTER TABLE u DROP CONSTRAINT u_ck, ADD CONSTRAINT u_ck CHECK (a > 0) NOT VALID
opens | check public.u.u_ck | ALTER TABLE u DROP CONSTRAINT u_ck, ADD CONSTRAINT u_ck CHECK (a > 0) NO INHERIT
18: opens | check public.u.u_ck | ALTER TABLE u DROP CONSTRAINT u_ck, ADD CONSTRAINT u_ck CHECK (a > 0) NOT ENFORCED
cosmetic | comment of check public.u.u_ck | COMMENT ON CONSTRAINT u_ck ON u IS 'x'
opens | foreign key public.u.u_fk | ALTER TABLE u DROP CONSTRAINT u_fk
breaks | foreign key public.quick.fk | ALTER TABLE quick ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES t
cosmetic | foreign key public.u.u_fk | ALTER TABLE u RENAME CONSTRAINT u_fk TO u_fk2
breaks | foreign key public.u.u_fk | ALTER TABLE u DROP CONSTRAINT u_fk, ADD CONSTRAINT u_fk FOREIGN KEY (b) REFERENCES t (a)
breaks | foreign key public.u.u_fk | ALTER TABLE u DROP CONSTRAINT u_fk, ADD CONSTRAINT u_fk FOREIGN KEY (a) REFERENCES billing.customer (id)
breaks | foreign key public.u.u_fk | ALTER TABLE u DROP CONSTRAINT u_fk, ADD CONSTRAINT u_fk FOREIGN KEY (a) REFERENCES t (a) ON DELETE CASCADE
breaks | foreign key public.u.u_fk | ALTER TABLE u DROP CONSTRAINT u_fk, ADD CONSTRAINT u_fk FOREIGN KEY (a) REFERENCES t (a) ON UPDATE SET NULL
breaks | foreign key public.u.u_fk | ALTER TABLE u DROP CONSTRAINT u_fk, ADD CONSTRAINT u_fk FOREIGN KEY (a) REFERENCES t (a) MATCH FULL
breaks | foreign key public.u.u_fk | ALTER TABLE u ALTER CONSTRAINT u_fk DEFERRABLE
breaks | foreign key public.u.u_fk | ALTER TABLE u ALTER CONSTRAINT u_fk DEFERRABLE INITIALLY DEFERRED
opens | foreign key public.u.u_fk | ALTER TABLE u DROP CONSTRAINT u_fk, ADD CONSTRAINT u_fk FOREIGN KEY (a) REFERENCES t (a) NOT VALID
18: opens | foreign key public.u.u_fk | ALTER TABLE u ALTER CONSTRAINT u_fk NOT ENFORCED
15: breaks | foreign key public.two.two_fk | ALTER TABLE two DROP CONSTRAINT two_fk, ADD CONSTRAINT two_fk FOREIGN KEY (x, y) REFERENCES one (a, b) ON DELETE SET NULL (y)
18: breaks | foreign key public.temporal2.temporal2_fk | ALTER TABLE temporal2 DROP CONSTRAINT temporal2_fk, ADD CONSTRAINT temporal2_fk FOREIGN KEY (id, at) REFERENCES plain2 (id, at)
cosmetic | comment of foreign key public.u.u_fk | COMMENT ON CONSTRAINT u_fk ON u IS 'x'
slows | index public.t.t_i | DROP INDEX t_i
opens | index public.t.t_u | DROP INDEX t_u
slows | index public.t.i2 | CREATE INDEX i2 ON t (c)
breaks | index public.t.i2 | CREATE UNIQUE INDEX i2 ON t (c)
cosmetic | index public.t.t_i | ALTER INDEX t_i RENAME TO t_i2
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (c)
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (b DESC)
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (b NULLS FIRST)
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (b text_pattern_ops)
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (b COLLATE "C")
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (lower(b))
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t USING hash (b)
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (b) INCLUDE (c)
slows | index public.t.t_i | DROP INDEX t_i; CREATE INDEX t_i ON t (b) WHERE a > 5
breaks | index public.t.t_i | DROP INDEX t_i; CREATE UNIQUE INDEX t_i ON t (b)
opens | index public.t.t_u | DROP INDEX t_u; CREATE INDEX t_u ON t (d)
15: breaks | index public.t.t_u | DROP INDEX t_u; CREATE UNIQUE INDEX t_u ON t (d) NULLS NOT DISTINCT
slows | index public.t.t_i | ALTER INDEX t_i SET (fillfactor = 60)
slows | index billing.customer.customer_gist | DROP INDEX billing.customer_gist; CREATE INDEX customer_gist ON billing.customer USING gist (search tsvector_ops (siglen = 64))
slows | cluster public.t | ALTER TABLE t CLUSTER ON t_i
slows | attachment public.pi_1.pi_1_i | DELETE FROM pg_inherits WHERE inhrelid = 'pi_1_i'::regclass; UPDATE pg_class SET relispartition = false WHERE oid = 'pi_1_i'::regclass; DELETE FROM pg_depend WHERE objid = 'pi_1_i'::regclass AND deptype IN ('P', 'S')
slows | index public.t.t_i | UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_i'::regclass
cosmetic | comment of index public.t.t_i | COMMENT ON INDEX t_i IS 'x'
breaks | trigger public.t.t_tr | DROP TRIGGER t_tr ON t
breaks | trigger public.u.tr | CREATE TRIGGER tr AFTER INSERT ON u EXECUTE FUNCTION stamp()
breaks | trigger public.t.t_tr | DROP TRIGGER t_tr ON t; CREATE TRIGGER t_tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp()
breaks | trigger state public.t.t_tr | ALTER TABLE t DISABLE TRIGGER t_tr
breaks | trigger state public.t.t_tr | ALTER TABLE t ENABLE REPLICA TRIGGER t_tr
cosmetic | comment of trigger public.t.t_tr | COMMENT ON TRIGGER t_tr ON t IS 'x'
breaks | policy public.u.u_all | DROP POLICY u_all ON u
opens | policy public.u.u_strict | DROP POLICY u_strict ON u
opens | policy public.u.p2 | CREATE POLICY p2 ON u USING (true)
breaks | policy public.u.p2 | CREATE POLICY p2 ON u AS RESTRICTIVE USING (false)
opens | policy public.u.u_all | ALTER POLICY u_all ON u USING (a > 1)
opens | policy public.u.u_all | ALTER POLICY u_all ON u WITH CHECK (a > 1)
opens | policy public.u.u_all | ALTER POLICY u_all ON u TO catalog_app
opens | policy public.u.u_all | DROP POLICY u_all ON u; CREATE POLICY u_all ON u FOR DELETE USING (a > 0)
opens | policy public.u.u_strict | DROP POLICY u_strict ON u; CREATE POLICY u_strict ON u USING (b > 0)
cosmetic | comment of policy public.u.u_all | COMMENT ON POLICY u_all ON u IS 'x'
cosmetic | function public.f2() | CREATE FUNCTION f2() RETURNS int LANGUAGE sql AS 'SELECT 1'
breaks | function public.f1(integer) | DROP FUNCTION f1(int)
breaks | function public.f1(integer) | CREATE OR REPLACE FUNCTION f1(x int) RETURNS int LANGUAGE sql AS 'SELECT x + 1'
breaks | function public.f1(integer) | ALTER FUNCTION f1(int) SECURITY DEFINER
breaks | function public.f1(integer) | DROP FUNCTION f1(int); CREATE PROCEDURE f1(x int) LANGUAGE sql AS 'SELECT x'
breaks | function public.product(numeric) | DROP AGGREGATE product(numeric)
cosmetic | comment of function public.f1(integer) | COMMENT ON FUNCTION f1(int) IS 'x'
opens | owner of function public.f1(integer) | ALTER FUNCTION f1(int) OWNER TO catalog_app
breaks | grants of function public.f1(integer) | REVOKE EXECUTE ON FUNCTION f1(int) FROM PUBLIC
cosmetic | view public.v2 | CREATE VIEW v2 AS SELECT 1 AS one
breaks | view public.w | DROP VIEW w
breaks | view public.w | CREATE OR REPLACE VIEW w AS SELECT a, b FROM t WHERE a > 1
breaks | view public.w | ALTER VIEW w RENAME COLUMN b TO bb
breaks | view public.w | DROP VIEW w; CREATE VIEW w AS SELECT a, b::varchar AS b FROM t
opens | view public.w | ALTER VIEW w SET (security_barrier = true)
15: opens | view public.w | ALTER VIEW w SET (security_invoker = true)
opens | view public.updatable | ALTER VIEW updatable RESET (check_option)
breaks | view public.w | DROP VIEW w; CREATE MATERIALIZED VIEW w AS SELECT a, b FROM t WITH NO DATA
slows | view public.stored | ALTER MATERIALIZED VIEW stored SET (fillfactor = 61)
breaks | content public.m | REFRESH MATERIALIZED VIEW m WITH NO DATA
cosmetic | content public.stored | REFRESH MATERIALIZED VIEW stored
slows | index public.m.m_i | DROP INDEX m_i
breaks | view default public.updatable.body | ALTER VIEW updatable ALTER body DROP DEFAULT
cosmetic | view default public.w.a | ALTER VIEW w ALTER a SET DEFAULT 4
cosmetic | comment of view public.w | COMMENT ON VIEW w IS 'x'
cosmetic | comment of column public.updatable.body | COMMENT ON COLUMN updatable.body IS 'y'
opens | owner of view public.w | ALTER VIEW w OWNER TO catalog_app
opens | grants of view public.w | GRANT SELECT ON w TO catalog_app
breaks | grants of column public.updatable.body | REVOKE UPDATE (body) ON updatable FROM catalog_app
breaks | trigger public.updatable.instead | DROP TRIGGER instead ON updatable
opens | event trigger watching | DROP EVENT TRIGGER watching
breaks | event trigger more | CREATE EVENT TRIGGER more ON sql_drop EXECUTE FUNCTION guard()
opens | event trigger watching | DROP EVENT TRIGGER watching; CREATE EVENT TRIGGER watching ON sql_drop EXECUTE FUNCTION guard()
opens | event trigger watching | DROP EVENT TRIGGER watching; CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION guard()
opens | event trigger watching | DROP EVENT TRIGGER watching; CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION guard2()
breaks | state of event trigger watching | ALTER EVENT TRIGGER watching DISABLE
breaks | state of event trigger guard_ddl | ALTER EVENT TRIGGER guard_ddl ENABLE
cosmetic | comment of event trigger guard_ddl | COMMENT ON EVENT TRIGGER guard_ddl IS 'x'
opens | owner of event trigger watching | ALTER EVENT TRIGGER watching OWNER TO plant_root
"""

MORE = """
CREATE SCHEMA vacant;
CREATE TYPE lone AS ENUM ('one', 'two');
CREATE DOMAIN text_c AS text COLLATE "C";
CREATE TYPE spandiff AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE spancan;
CREATE FUNCTION spancan_canonical(spancan) RETURNS spancan LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE spancan AS RANGE (subtype = int4, canonical = spancan_canonical);
CREATE TABLE parted (a int) PARTITION BY RANGE (a);
CREATE TABLE order3 (a int, b int);
CREATE TABLE one (a int, b int, UNIQUE (a, b));
CREATE TABLE two (x int, y int, CONSTRAINT two_fk FOREIGN KEY (x, y) REFERENCES one (a, b) ON DELETE SET NULL);
CREATE TABLE kid (a int NOT NULL) INHERITS (parent_a);
CREATE TABLE pi (a int) PARTITION BY LIST (a);
CREATE TABLE pi_1 PARTITION OF pi FOR VALUES IN (1);
CREATE INDEX pi_i ON ONLY pi (a);
CREATE INDEX pi_1_i ON pi_1 (a);
ALTER INDEX pi_i ATTACH PARTITION pi_1_i;
CREATE TYPE part_e AS ENUM ('a', 'b');
CREATE TABLE by_e (k part_e, n int) PARTITION BY LIST (k);
CREATE TABLE by_e_a PARTITION OF by_e FOR VALUES IN ('a');
CREATE FUNCTION guard2() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
"""

SINCE_18 = """
CREATE TABLE nn (a int CONSTRAINT must NOT NULL);
CREATE TABLE temporal (id int4range, at int4range, CONSTRAINT temporal_uq UNIQUE (id, at WITHOUT OVERLAPS));
CREATE TABLE plain2 (id int4range, at int4range, UNIQUE (id, at), CONSTRAINT plain2_t UNIQUE (id, at WITHOUT OVERLAPS));
CREATE TABLE temporal2 (id int4range, at int4range,
    CONSTRAINT temporal2_fk FOREIGN KEY (id, PERIOD at) REFERENCES plain2 (id, PERIOD at));
"""


@dataclass(frozen=True)
class Plant:
    """One difference: it weighs `weight` and is found under the name of `object`."""

    weight: str
    object: str
    sql: str

    @property
    def kind(self) -> str:
        """Which kind of object, or what of one."""
        words = self.object.split()
        return " ".join(words[: 2 if words[1] in _SECOND else 1])


_SECOND = ("check", "default", "key", "null", "trigger", "identity", "state", "of")


def plants(major: int) -> list[Plant]:
    """Those that a server of this version can have."""
    found = []
    for line in PLANTS.strip().splitlines():
        head, bar, rest = line.partition(": ")
        since = int(head) if bar and head.isdigit() else 0
        weight, object_, sql = (rest if since else line).split(" | ", 2)
        if major >= since:
            found.append(Plant(weight, object_, sql))
    return found


def base(major: int) -> str:
    """What the plants stand on, on top of the rich script."""
    return BASE + MORE + (SINCE_18 if major >= 18 else "")
