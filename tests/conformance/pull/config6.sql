-- only: 6
CREATE TABLE t (id int PRIMARY KEY);
