CREATE TABLE a (id int primary key, t text, u text, "9" int); CREATE INDEX named ON a (t NULLS FIRST); CREATE UNIQUE INDEX ON a ("9" NULLS FIRST);
