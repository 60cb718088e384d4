-- One of everything that the catalog knows and that PostgreSQL 14 can make. The same fingerprint on every version.
CREATE SCHEMA "Sales & Co";
CREATE SCHEMA billing AUTHORIZATION catalog_owner;
COMMENT ON SCHEMA billing IS 'money';
GRANT USAGE ON SCHEMA billing TO catalog_app;
CREATE SCHEMA pgready;
CREATE TABLE pgready.own (id int);
CREATE SCHEMA extras;
CREATE EXTENSION citext SCHEMA extras VERSION '1.6';
CREATE EXTENSION btree_gist SCHEMA extras VERSION '1.6';
COMMENT ON EXTENSION btree_gist IS 'ours';

CREATE TYPE billing.mood AS ENUM ('sad', 'ok', 'happy');
ALTER TYPE billing.mood ADD VALUE 'so-so' BEFORE 'ok';
ALTER TYPE billing.mood OWNER TO catalog_owner;
COMMENT ON TYPE billing.mood IS 'how it feels';
REVOKE USAGE ON TYPE billing.mood FROM PUBLIC;
CREATE DOMAIN billing.amount AS numeric(12,2) DEFAULT 0 NOT NULL CONSTRAINT not_negative CHECK (VALUE >= 0);
COMMENT ON DOMAIN billing.amount IS 'euros';
COMMENT ON CONSTRAINT not_negative ON DOMAIN billing.amount IS 'no debts';
CREATE DOMAIN code AS text COLLATE "C";
ALTER DOMAIN code ADD CONSTRAINT short CHECK (length(VALUE) < 9) NOT VALID;
CREATE TYPE address AS (street text COLLATE "C", numbers int[], place point, since timestamp(3) with time zone);
COMMENT ON COLUMN address.street IS 'and number';
COMMENT ON TYPE address IS 'where';
CREATE FUNCTION float8_distance(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8_distance, multirange_type_name = spans);
CREATE TYPE words AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);

CREATE SEQUENCE counter AS smallint INCREMENT 5 MINVALUE 10 MAXVALUE 500 START 20 CACHE 3 CYCLE;
COMMENT ON SEQUENCE counter IS 'counts';
GRANT USAGE, SELECT ON SEQUENCE counter TO catalog_app WITH GRANT OPTION;

CREATE TABLE billing.customer (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME billing.customer_counter START 100 INCREMENT 10 CACHE 2) PRIMARY KEY,
    tenant int NOT NULL,
    name varchar(80) NOT NULL COLLATE "C",
    email extras.citext,
    mood billing.mood DEFAULT 'ok',
    balance billing.amount,
    tags text[] DEFAULT '{a,b}' NOT NULL,
    grid int[3][4],
    born date DEFAULT CURRENT_DATE,
    seen timestamptz(6) DEFAULT now(),
    stay interval day to second(3) DEFAULT '1 day 02:00:00',
    pause interval(2),
    flags bit(3) DEFAULT B'101',
    loose bpchar,
    letter char,
    small "char" DEFAULT 'x',
    price numeric(10,2) DEFAULT 12.50,
    span span,
    address address,
    data jsonb DEFAULT '{"a": [1, 2]}'::jsonb,
    raw bytea DEFAULT '\xdead',
    search tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, name || ' ' || coalesce(email::text, ''))) STORED,
    at_zone timestamp DEFAULT (now() AT TIME ZONE 'utc'),
    year int DEFAULT extract(year FROM now()),
    fixed timestamptz DEFAULT '2020-01-01 12:00:00+02',
    CONSTRAINT customer_name_tenant UNIQUE (tenant, name) INCLUDE (email) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT customer_born CHECK (born > '1900-01-01' AND (name <> '' OR email IS NOT NULL)),
    CONSTRAINT customer_kind CHECK (mood = ANY (ARRAY['sad'::billing.mood, 'ok'])) NO INHERIT,
    CONSTRAINT customer_in CHECK (name IN ('a', 'b') OR name LIKE 'c%' OR tenant BETWEEN 1 AND 9)
);
ALTER TABLE billing.customer OWNER TO catalog_owner;
ALTER TABLE billing.customer ALTER data SET STORAGE EXTERNAL, ALTER name SET STATISTICS 500,
    ALTER data SET COMPRESSION pglz, ALTER tenant SET (n_distinct = -0.5);
ALTER TABLE billing.customer SET (fillfactor = 70, toast.autovacuum_enabled = false);
COMMENT ON TABLE billing.customer IS E'who\npays ''us''';
COMMENT ON COLUMN billing.customer.email IS 'may be shared';
COMMENT ON CONSTRAINT customer_born ON billing.customer IS 'plausible';
COMMENT ON CONSTRAINT customer_pkey ON billing.customer IS 'the key';
COMMENT ON INDEX billing.customer_pkey IS 'its index';
GRANT SELECT, INSERT ON billing.customer TO catalog_app;
GRANT UPDATE (email, name) ON billing.customer TO catalog_app;
GRANT SELECT ON billing.customer TO PUBLIC;

CREATE INDEX customer_lower ON billing.customer (lower(name) DESC NULLS LAST, tenant) WHERE (balance > 0 AND email IS NOT NULL);
CREATE UNIQUE INDEX customer_ops ON billing.customer (email extras.citext_pattern_ops, name COLLATE "POSIX") INCLUDE (tenant) WITH (fillfactor = 80);
CREATE INDEX customer_gin ON billing.customer USING gin (data jsonb_path_ops, search);
CREATE INDEX customer_gist ON billing.customer USING gist (search tsvector_ops (siglen = 128));
CREATE INDEX customer_hash ON billing.customer USING hash (name);
CREATE INDEX customer_brin ON billing.customer USING brin (seen) WITH (pages_per_range = 16);
CREATE INDEX customer_expressions ON billing.customer ((data ->> 'a'), ((tenant + 1)), name DESC);
COMMENT ON INDEX billing.customer_lower IS 'by name';

CREATE TABLE "Sales & Co"."Order ""Line""" (
    "customerId" bigint NOT NULL,
    "select" serial,
    quantity smallint DEFAULT 1 CHECK (quantity > 0),
    during tstzrange,
    room int,
    PRIMARY KEY ("customerId", "select"),
    CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room IS NOT NULL) DEFERRABLE,
    CONSTRAINT "customer fk" FOREIGN KEY ("customerId") REFERENCES billing.customer (id) MATCH FULL
        ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON CONSTRAINT no_overlap ON "Sales & Co"."Order ""Line""" IS 'one at a time';
COMMENT ON CONSTRAINT "customer fk" ON "Sales & Co"."Order ""Line""" IS 'who';
ALTER TABLE "Sales & Co"."Order ""Line""" ADD CONSTRAINT later FOREIGN KEY (room) REFERENCES billing.customer ON DELETE SET DEFAULT ON UPDATE RESTRICT NOT VALID,
    ADD CONSTRAINT later_check CHECK (room < 100) NOT VALID;
CREATE UNIQUE INDEX identity ON "Sales & Co"."Order ""Line""" ("select");
ALTER TABLE "Sales & Co"."Order ""Line""" REPLICA IDENTITY USING INDEX identity;
ALTER TABLE "Sales & Co"."Order ""Line""" CLUSTER ON "Order ""Line""_pkey";
CREATE UNLOGGED TABLE quick (id int GENERATED BY DEFAULT AS IDENTITY, body text, n serial);
ALTER TABLE quick REPLICA IDENTITY FULL;
REVOKE ALL ON quick FROM postgres;
GRANT ALL ON quick TO catalog_app;

CREATE TABLE event (id bigserial, at timestamptz NOT NULL, kind text NOT NULL DEFAULT 'x', customer bigint REFERENCES billing.customer,
    PRIMARY KEY (id, at), CHECK (kind <> '')) PARTITION BY RANGE (at);
CREATE INDEX event_kind ON event (kind, lower(kind));
CREATE TABLE event_2020 PARTITION OF event FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2021-01-01 00:00:00+00') PARTITION BY RANGE (at);
CREATE TABLE event_2020_a PARTITION OF event_2020 (kind DEFAULT 'a') FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-06-01 00:00:00+02');
CREATE TABLE listed (kind billing.mood) PARTITION BY LIST (kind);
CREATE TABLE listed_some PARTITION OF listed FOR VALUES IN ('sad', NULL);
CREATE TABLE event_2021 (customer bigint, kind text NOT NULL, id bigint NOT NULL, at timestamptz NOT NULL, CONSTRAINT event_kind_check CHECK (kind <> ''));
ALTER TABLE event ATTACH PARTITION event_2021 FOR VALUES FROM ('2021-01-01 00:00:00+00') TO (MAXVALUE);
CREATE TABLE event_rest PARTITION OF event DEFAULT;
CREATE TABLE hashed (id int, at date) PARTITION BY HASH (id, (lower(id::text)));
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE notice (event_id bigint, event_at timestamptz, FOREIGN KEY (event_id, event_at) REFERENCES event);
CREATE TABLE parent_a (a int NOT NULL, CHECK (a > 0));
CREATE TABLE parent_b (b int);
CREATE TABLE child (a int, c int, own text) INHERITS (parent_b, parent_a);

CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp AS $fn$
BEGIN
  NEW.seen := now(); -- $x$
  RETURN NEW;
END $fn$;
COMMENT ON FUNCTION stamp() IS 'stamps';
REVOKE EXECUTE ON FUNCTION stamp() FROM PUBLIC;
CREATE FUNCTION total(tenant int, VARIADIC extra numeric[] DEFAULT '{}') RETURNS TABLE (sum numeric, n bigint) STABLE PARALLEL SAFE COST 7 ROWS 5 LANGUAGE sql
    AS $$ SELECT sum(balance), count(*) FROM billing.customer c WHERE c.tenant = total.tenant $$;
CREATE FUNCTION total(tenant text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION modern(a int, m billing.mood DEFAULT 'ok') RETURNS bigint LANGUAGE sql IMMUTABLE STRICT LEAKPROOF
BEGIN ATOMIC
  SELECT count(*) FROM billing.customer WHERE tenant = a AND mood = m;
  SELECT extract(epoch FROM now())::bigint + a;
END;
CREATE PROCEDURE refresh(INOUT done boolean DEFAULT false, n int DEFAULT 3) LANGUAGE plpgsql AS 'BEGIN done := true; END';
CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1', PARALLEL = SAFE, COMBINEFUNC = numeric_mul);
CREATE AGGREGATE my_percentile(float8 ORDER BY "any") (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE every_row(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0', MSFUNC = int8inc, MINVFUNC = int8dec, MSTYPE = int8, MINITCOND = '0');
COMMENT ON AGGREGATE product(numeric) IS 'multiplies';
CREATE FUNCTION guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER guard_ddl ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'ALTER TABLE') EXECUTE FUNCTION guard();
ALTER EVENT TRIGGER guard_ddl DISABLE;
COMMENT ON EVENT TRIGGER guard_ddl IS 'guards';

CREATE TRIGGER stamp_it BEFORE INSERT OR UPDATE OF name, email ON billing.customer FOR EACH ROW WHEN (NEW.tenant > 0 AND NEW.name IS NOT NULL) EXECUTE FUNCTION stamp();
COMMENT ON TRIGGER stamp_it ON billing.customer IS 'when changed';
CREATE TRIGGER rows_of AFTER UPDATE ON billing.customer REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION stamp();
ALTER TABLE billing.customer ENABLE ALWAYS TRIGGER rows_of;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON quick DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stamp('an', 'argument');
ALTER TABLE quick DISABLE TRIGGER late;
CREATE TRIGGER each_event AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION stamp();

ALTER TABLE billing.customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE billing.customer FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON billing.customer FOR UPDATE TO catalog_app USING (tenant = current_setting('app.tenant')::int) WITH CHECK (tenant > 0);
CREATE POLICY nobody ON billing.customer AS RESTRICTIVE USING (EXISTS (SELECT 1 FROM quick q WHERE q.id = customer.id AND q.body = CURRENT_USER));
COMMENT ON POLICY own_rows ON billing.customer IS 'tenants';

CREATE VIEW simple AS SELECT id, name, tenant + 1 AS next, 'a.b'::text AS customer FROM billing.customer WHERE id > 0 AND customer.name <> 'customer.id' ORDER BY name DESC, customer.tenant;
CREATE VIEW conflict AS SELECT id AS tenant, tenant AS id FROM billing.customer c GROUP BY c.id, c.tenant HAVING count(*) > 1 ORDER BY c.tenant, c.id;
CREATE VIEW joined (a, b, c) AS SELECT c.id, o.quantity, e.* FROM billing.customer c JOIN "Sales & Co"."Order ""Line""" o ON o."customerId" = c.id LEFT JOIN LATERAL (SELECT count(*) FROM event WHERE customer = c.id) e ON true;
CREATE VIEW nested AS WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5), s AS (SELECT name FROM billing.customer WHERE tenant IN (SELECT tenant FROM billing.customer x WHERE x.id = customer.id))
  SELECT n, (SELECT max(s.name) FROM s) AS top, EXISTS (SELECT FROM billing.customer WHERE id = n) AS there FROM t;
CREATE VIEW united AS SELECT id FROM billing.customer UNION ALL SELECT id FROM quick ORDER BY id;
CREATE VIEW functions AS SELECT g, extract(year FROM now()) AS y, overlay('abc' PLACING 'x' FROM 2) AS o, trim(both 'x' from g::text) AS t, substring('abc' from 2 for 1) AS s, position('b' in 'abc') AS p, now() AT TIME ZONE 'UTC' AS z, g BETWEEN 1 AND 2 AS b, g IN (1, 2) AS i, coalesce(g, 0) AS c, nullif(g, 1) AS nu, greatest(g, 1) AS gr, CASE WHEN g > 1 THEN 'a' ELSE 'b' END AS k, row_number() OVER (PARTITION BY g ORDER BY g DESC) AS r, count(*) FILTER (WHERE g > 0) OVER w AS f, CURRENT_USER AS u, LOCALTIME AS l, ARRAY[g, 2] AS arr, ROW(g, 2) = ROW(1, g) AS ro, g::text || 'x' AS cat, g IS DISTINCT FROM 2 AS d, 'a' SIMILAR TO 'b' AS si, 'a' LIKE 'b' ESCAPE 'c' AS li FROM generate_series(1, 3) AS g WINDOW w AS (ORDER BY g);
CREATE VIEW whole AS SELECT c, c.id, (c.address).street, c.tags[1] AS tag, c.data #>> '{a,0}' AS deep FROM billing.customer c;
CREATE VIEW grouped AS SELECT tenant, mood, count(*) AS n, grouping(tenant) AS g FROM billing.customer GROUP BY GROUPING SETS ((tenant, mood), ROLLUP (tenant)) ORDER BY tenant NULLS FIRST LIMIT 10 OFFSET 2;
CREATE VIEW distinct_ones AS SELECT DISTINCT ON (tenant) tenant, name AS "Name", name AS n2 FROM billing.customer ORDER BY tenant, name FETCH FIRST 3 ROWS WITH TIES;
CREATE VIEW updatable WITH (security_barrier = true, check_option = local) AS SELECT id, body FROM quick WHERE body IS NOT NULL;
ALTER VIEW updatable ALTER COLUMN body SET DEFAULT 'view''s';
CREATE TRIGGER instead INSTEAD OF UPDATE ON updatable FOR EACH ROW EXECUTE FUNCTION stamp();
COMMENT ON VIEW updatable IS 'a view';
COMMENT ON COLUMN updatable.body IS 'its column';
GRANT SELECT ON updatable TO catalog_app;
GRANT UPDATE (body) ON updatable TO catalog_app;
CREATE MATERIALIZED VIEW stored WITH (fillfactor = 60) AS SELECT tenant, count(*) AS n FROM billing.customer GROUP BY tenant WITH NO DATA;
CREATE UNIQUE INDEX stored_tenant ON stored (tenant);
COMMENT ON MATERIALIZED VIEW stored IS 'stored';
CREATE TEMPORARY TABLE passing (id int);
