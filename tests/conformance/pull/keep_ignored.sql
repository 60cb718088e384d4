CREATE TABLE a (id int PRIMARY KEY, secret text, b_id int); CREATE TABLE b (id int PRIMARY KEY, n int, a_id int REFERENCES a); CREATE TABLE c (id int PRIMARY KEY);
