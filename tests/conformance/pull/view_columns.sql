-- preview: views
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE t (id int PRIMARY KEY, name varchar(20) NOT NULL, m mood DEFAULT 'ok', tags text[], at timestamptz(3), n numeric(5,2), p point);
CREATE VIEW everything AS SELECT *, 1 AS one, 'x' AS text_one, now() AS moment, count(*) OVER () AS counted, name || 'x' AS joined FROM t;
CREATE VIEW "Odd View" AS SELECT id AS "Some Id", name AS "1st", p AS "日" FROM t;
CREATE VIEW grouped AS SELECT m, array_agg(id) AS ids, sum(n) AS total FROM t GROUP BY m;
CREATE VIEW "select" AS SELECT 1 AS "model";
