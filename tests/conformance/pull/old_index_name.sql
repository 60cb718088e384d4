CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX my_name ON t (a, b); CREATE UNIQUE INDEX uni ON t (b); CREATE INDEX nulls_one ON t (a NULLS FIRST, b DESC NULLS LAST);
