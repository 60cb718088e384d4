CREATE TABLE a (id int primary key, t text); CREATE INDEX ON a (lower(t));
