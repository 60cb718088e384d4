CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int, a2_id int UNIQUE, gone_id int); CREATE INDEX ON b (a_id);
