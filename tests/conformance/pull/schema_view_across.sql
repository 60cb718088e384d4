-- schemas: a, b
-- preview: views
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id int PRIMARY KEY, n text); CREATE VIEW a.v AS SELECT n FROM a.t; CREATE VIEW b.t AS SELECT 1 AS x; CREATE VIEW b.v AS SELECT * FROM a.t;
