-- only: 7
CREATE TABLE t (id int PRIMARY KEY, a int, ok boolean, u text); CREATE INDEX t_a_idx ON t (a) WHERE ok; CREATE UNIQUE INDEX t_u_key ON t (u) WHERE a > 3; CREATE UNIQUE INDEX t_a_u_key ON t (a, u) WHERE ok = false;
