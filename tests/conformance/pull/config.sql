-- only: 7
CREATE TABLE t (id int PRIMARY KEY, a varchar(3));
