CREATE TABLE a (x int, y int, z int, PRIMARY KEY (x, y), UNIQUE (y, z));
CREATE TABLE b (x int, y int, id int PRIMARY KEY, UNIQUE (x, y), FOREIGN KEY (x, y) REFERENCES a);
CREATE TABLE c (p int NOT NULL, q int, id int PRIMARY KEY, FOREIGN KEY (p, q) REFERENCES a (y, z) ON DELETE SET NULL);
CREATE TABLE d (x int, y int, n int, PRIMARY KEY (x, n), FOREIGN KEY (x, y) REFERENCES a (x, y) MATCH FULL);
CREATE TABLE e (x int UNIQUE, y int, id int PRIMARY KEY, FOREIGN KEY (x, y) REFERENCES a);
