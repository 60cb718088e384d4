-- schemas: a, b
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TYPE a.e AS ENUM ('x'); CREATE TYPE b.e AS ENUM ('y', 'z'); CREATE TYPE b."E" AS ENUM ('q');
CREATE TABLE a.t (id int PRIMARY KEY, p a.e DEFAULT 'x', q b.e[] DEFAULT '{y,z}', r b."E"); CREATE TABLE b.t (id int PRIMARY KEY, p a.e DEFAULT 'x', q b.e DEFAULT 'z');
