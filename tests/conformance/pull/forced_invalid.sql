-- force
CREATE TABLE t (id int PRIMARY KEY);
