-- force
CREATE TABLE a (id int PRIMARY KEY, n text);
