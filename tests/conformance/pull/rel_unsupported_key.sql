CREATE TABLE a (id int4range PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, a_id int4range REFERENCES a);
CREATE TABLE c (id interval UNIQUE NOT NULL, n int UNIQUE NOT NULL);
CREATE TABLE d (id int PRIMARY KEY, c_id interval REFERENCES c (id), c_n int REFERENCES c (n));
