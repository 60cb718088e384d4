CREATE TABLE t (id int PRIMARY KEY, a varchar(30), b timestamptz, c smallint, d numeric(3,1));
