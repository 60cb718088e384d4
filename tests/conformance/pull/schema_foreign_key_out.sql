-- schemas: a
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TYPE b.e AS ENUM ('x'); CREATE DOMAIN b.d AS int; CREATE TABLE a.t (id int PRIMARY KEY, e b.e, d b.d);
