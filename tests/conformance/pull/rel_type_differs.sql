CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a, a2 smallint REFERENCES a);
CREATE TABLE c (code varchar(10) PRIMARY KEY);
CREATE TABLE d (id int PRIMARY KEY, code text REFERENCES c);
