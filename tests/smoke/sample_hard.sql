CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
CREATE TABLE tree (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent bigint REFERENCES tree, root bigint NOT NULL REFERENCES tree);
CREATE TABLE tenant (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL UNIQUE);
CREATE TABLE project (tenant_id uuid NOT NULL REFERENCES tenant, id serial, parent_id int, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, parent_id) REFERENCES project (tenant_id, id));
CREATE TYPE st AS ENUM ('x','y','z');
CREATE TABLE task (tenant_id uuid NOT NULL, project_id int NOT NULL, st st NOT NULL, ok bool NOT NULL, PRIMARY KEY (tenant_id, project_id, st, ok), FOREIGN KEY (tenant_id, project_id) REFERENCES project, FOREIGN KEY (tenant_id) REFERENCES tenant);
CREATE TABLE checked (id int PRIMARY KEY, code text NOT NULL CHECK (code ~ '^[A-Z]{3}-[0-9]{2,4}$'), pct numeric(4,3) NOT NULL CHECK (pct >= 0 AND pct <= 1),
  status text NOT NULL CHECK (status IN ('new','old')), lo int NOT NULL, hi int NOT NULL CHECK (hi > lo), starts timestamptz NOT NULL, ends timestamptz NOT NULL, CHECK (ends > starts),
  a int, b int, CHECK (num_nonnulls(a, b) = 1), iso char(2) NOT NULL UNIQUE CHECK (iso = upper(iso)), qty int NOT NULL CHECK (qty > 100), neg numeric NOT NULL CHECK (neg < 0), low text CHECK (lower(low) = low),
  big varchar(3) CHECK (length(big) = 3), c text, d text, CHECK ((c IS NULL) <> (d IS NULL)), CHECK (status <> 'old' OR a IS NOT NULL OR b IS NOT NULL));
CREATE DOMAIN email AS text CHECK (VALUE ~* '^[^@]+@[^@]+$');
CREATE DOMAIN pos AS int CHECK (VALUE > 0 AND VALUE < 50);
CREATE TYPE addr AS (street text, zip varchar(5), at point);
CREATE TABLE kinds (id uuid PRIMARY KEY, e email NOT NULL, p pos NOT NULL, ad addr NOT NULL, js json NOT NULL, jb jsonb[] NOT NULL, arr text[] NOT NULL, ip inet NOT NULL, cd cidr NOT NULL, mac macaddr NOT NULL, m8 macaddr8 NOT NULL,
  bt bit(4) NOT NULL, vb varbit(6) NOT NULL, mo money NOT NULL, iv interval NOT NULL, d date NOT NULL, t time NOT NULL, tz timetz NOT NULL, ts timestamp(3) NOT NULL, r int4range NOT NULL, tr tstzrange NOT NULL, mr datemultirange NOT NULL,
  tv tsvector NOT NULL, tq tsquery NOT NULL, ba bytea NOT NULL, f real NOT NULL, dd double precision NOT NULL, o oid NOT NULL, ln pg_lsn NOT NULL, bx box NOT NULL, pg polygon NOT NULL, ci circle NOT NULL, l line NOT NULL, ls lseg NOT NULL, pa path NOT NULL, ch "char" NOT NULL, nm name NOT NULL,
  s2 smallint NOT NULL, n53 numeric(5,3) NOT NULL, n22 numeric(2,2) NOT NULL, gen int GENERATED ALWAYS AS (s2 + 1) STORED, rc regclass NOT NULL);
CREATE EXTENSION btree_gist;
CREATE TABLE booking (id serial PRIMARY KEY, room int NOT NULL, during tstzrange NOT NULL, EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE TABLE ev (id bigserial, at timestamptz NOT NULL, k text NOT NULL, PRIMARY KEY (id, at, k)) PARTITION BY RANGE (at);
CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2020-02-01') TO ('2020-03-01') PARTITION BY LIST (k);
CREATE TABLE ev2a PARTITION OF ev2 FOR VALUES IN ('a','b');
CREATE TABLE one (id int PRIMARY KEY, profile int UNIQUE NOT NULL REFERENCES checked);
CREATE TABLE flag (on_ bool PRIMARY KEY);
CREATE TABLE trig (id int PRIMARY KEY, n int NOT NULL);
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.n > 5 THEN RAISE EXCEPTION ''too many''; END IF; RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON trig FOR EACH ROW EXECUTE FUNCTION no();
CREATE TABLE d1 (id int PRIMARY KEY, o int NOT NULL);
CREATE TABLE d2 (id int PRIMARY KEY, o int NOT NULL REFERENCES d1 DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE d1 ADD FOREIGN KEY (o) REFERENCES d2 DEFERRABLE;
