CREATE TABLE checked (
  id int PRIMARY KEY CHECK (id > 0), a int CONSTRAINT "a is small" CHECK (a < 100), b text CHECK (b <> ''),
  CHECK (a IS NULL OR b IS NOT NULL), CONSTRAINT late CHECK (a > -5) NOT VALID
);
CREATE TABLE also (id int PRIMARY KEY, CONSTRAINT no_check_here UNIQUE (id), x int CHECK (x = 1) NO INHERIT);
