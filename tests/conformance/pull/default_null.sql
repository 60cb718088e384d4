CREATE TABLE nulls (id int PRIMARY KEY, a text DEFAULT NULL, b int DEFAULT NULL::int, c jsonb DEFAULT NULL, d text DEFAULT NULL::varchar, e text[] DEFAULT NULL, f text NOT NULL DEFAULT NULL);
