-- force
CREATE TYPE mood AS ENUM ('a'); CREATE TABLE one (id int PRIMARY KEY, m mood, t int); CREATE TABLE two (id int PRIMARY KEY, o int REFERENCES one(id)); CREATE TABLE three (id int PRIMARY KEY, t int REFERENCES two(id)); CREATE TYPE other AS ENUM ('x');
