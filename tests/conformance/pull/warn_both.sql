-- preview: views
CREATE TABLE b (id int PRIMARY KEY, "9" int, p point, q text); CREATE VIEW z AS SELECT 1 AS "9", NULL::point AS p, 1 AS q, 1 AS "8";
