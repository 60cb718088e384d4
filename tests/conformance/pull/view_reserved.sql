-- preview: views
CREATE VIEW "class" AS SELECT 1 AS id;
ALTER VIEW "class" ALTER COLUMN id SET DEFAULT 7;
