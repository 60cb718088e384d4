-- schemas: s1, s2
CREATE SCHEMA s1; CREATE SCHEMA s2;
CREATE TYPE s1.thing AS ENUM ('x'); CREATE TABLE s2.thing (id int PRIMARY KEY, t s1.thing[] DEFAULT '{x}'); CREATE TABLE s1.other (id int PRIMARY KEY, thing int REFERENCES s2.thing);
