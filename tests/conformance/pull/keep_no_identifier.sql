CREATE TABLE a (x int); CREATE TABLE b (id int PRIMARY KEY, x int); CREATE TABLE c (y int UNIQUE);
