CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t VALUES (1, 1), (2, 1);
CREATE INDEX good ON t (a);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'good'::regclass;
