CREATE SCHEMA numbers;
CREATE SEQUENCE numbers.seq;
CREATE TABLE a (id int PRIMARY KEY DEFAULT nextval('numbers.seq'), b bigint DEFAULT nextval('numbers.seq'::regclass));
