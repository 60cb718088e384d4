CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));
CREATE TABLE b (id int PRIMARY KEY, y int, x int, FOREIGN KEY (y, x) REFERENCES a (y, x));
CREATE TABLE c (id int PRIMARY KEY, first int NOT NULL, second int NOT NULL, CONSTRAINT named FOREIGN KEY (second, first) REFERENCES a (x, y) ON UPDATE CASCADE);
