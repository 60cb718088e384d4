CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE p (id int PRIMARY KEY, a int, b text, m mood, d date, ok boolean);
CREATE INDEX p1 ON p (a) WHERE ok; CREATE INDEX p2 ON p (a) WHERE NOT ok; CREATE INDEX p3 ON p (a) WHERE m = 'ok'; CREATE INDEX p4 ON p (a) WHERE b LIKE 'x"%\_';
CREATE INDEX p5 ON p (a) WHERE d > '2020-01-01'; CREATE INDEX p6 ON p (a) WHERE a IN (1, 2, 3); CREATE INDEX p7 ON p (a) WHERE b IN ('a', 'b') AND ok IS TRUE;
CREATE UNIQUE INDEX p8 ON p (b) WHERE m <> 'bad'::mood AND (a IS NOT NULL OR d IS NULL); CREATE INDEX p9 ON p (a) WHERE b = 'it''s'; CREATE UNIQUE INDEX p10 ON p (a) WHERE ok AND b IS NULL;
