CREATE TABLE t (id int PRIMARY KEY, p point, q point NOT NULL, "9" int);
