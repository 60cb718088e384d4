CREATE TABLE t (id int PRIMARY KEY, p point, r int4range NOT NULL, i interval DEFAULT '1 day', l tsvector[]);
