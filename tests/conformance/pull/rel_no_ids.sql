CREATE TABLE a (id int UNIQUE, n text);
CREATE TABLE b (a_id int REFERENCES a (id));
CREATE TABLE c (id int PRIMARY KEY, a_id int REFERENCES a (id), b int);
CREATE TABLE d (id int UNIQUE NOT NULL, a_id int REFERENCES a (id));
