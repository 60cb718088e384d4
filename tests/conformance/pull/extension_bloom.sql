CREATE EXTENSION bloom;
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text);
CREATE INDEX ON t USING bloom (a, b); CREATE INDEX named ON t USING bloom (a) WITH (length = 80);
