-- preview: views
-- schemas: x, y
CREATE SCHEMA x; CREATE SCHEMA y; CREATE TYPE x.thing AS ENUM ('a'); CREATE VIEW y.thing AS SELECT 'a'::x.thing AS t; CREATE TABLE x.other (id int PRIMARY KEY);
