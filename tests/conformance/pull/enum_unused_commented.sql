CREATE TYPE one AS ENUM ('x');
CREATE TYPE two AS ENUM ('x');
CREATE TYPE three AS ENUM ();
COMMENT ON TYPE one IS 'first';
COMMENT ON TYPE three IS 'none';
CREATE TABLE t (id int PRIMARY KEY, a two);
COMMENT ON COLUMN t.a IS 'which';
