CREATE SEQUENCE counter START 100;
CREATE SEQUENCE "Odd Name" INCREMENT 5 MINVALUE -10 MAXVALUE 1000 CYCLE CACHE 3;
CREATE TABLE counted (
  id int PRIMARY KEY DEFAULT nextval('counter'),
  a bigint DEFAULT nextval('"Odd Name"'),
  b text DEFAULT nextval('counter'),
  c int DEFAULT nextval('counter') + 1,
  d int DEFAULT currval('counter'),
  e numeric DEFAULT nextval('counter')
);
