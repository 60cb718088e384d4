-- preview: views
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b int[]);
CREATE VIEW "a view" AS SELECT id, a, b, now() AS at, 1.5::numeric(4,2) AS n, NULL::circle AS "1c" FROM t;
COMMENT ON VIEW "a view" IS 'seen';
COMMENT ON COLUMN "a view"."1c" IS 'round';
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
CREATE VIEW none AS SELECT;
