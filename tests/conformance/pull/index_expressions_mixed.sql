CREATE TABLE e (id int PRIMARY KEY, a int, b text, c jsonb);
CREATE INDEX ON e (lower(b));
CREATE INDEX ON e (a, lower(b));
CREATE INDEX ON e ((c ->> 'x'), a);
CREATE UNIQUE INDEX only_expr ON e ((a + 1));
CREATE INDEX part ON e (a) WHERE lower(b) = 'x';
CREATE INDEX both_kinds ON e (upper(b)) WHERE a > 1;
CREATE INDEX ON e USING gin (to_tsvector('simple', b));
