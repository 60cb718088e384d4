-- schemas: public, extra
-- preview: views
CREATE SCHEMA extra; CREATE TABLE v (id int PRIMARY KEY); CREATE VIEW extra.v AS SELECT 1 AS x;
