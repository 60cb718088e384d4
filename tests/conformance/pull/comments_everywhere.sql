CREATE TYPE mood AS ENUM ('ok'); COMMENT ON TYPE mood IS 'mood'; CREATE TABLE t (id int PRIMARY KEY, a int, m mood); COMMENT ON TABLE t IS 'table
of two lines'; COMMENT ON COLUMN t.a IS ''; COMMENT ON COLUMN t.m IS 'with "quotes"'; CREATE INDEX named ON t (a); COMMENT ON INDEX named IS 'index'; COMMENT ON CONSTRAINT t_pkey ON t IS 'key';
CREATE TABLE u (id int PRIMARY KEY, "a b" int); COMMENT ON COLUMN u."a b" IS 'c'; COMMENT ON SCHEMA public IS 'schema'; CREATE TABLE silent (id int PRIMARY KEY);
