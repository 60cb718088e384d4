-- preview: views
CREATE VIEW v AS SELECT 1 AS a;
