-- preview: views
CREATE TABLE t (id int PRIMARY KEY, n text); CREATE VIEW stats AS SELECT id, n, 1 AS k FROM t; CREATE VIEW unseen AS SELECT 1 AS x;
