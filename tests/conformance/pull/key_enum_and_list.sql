CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TABLE t (k kind PRIMARY KEY, n int);
CREATE TABLE u (k kind[] PRIMARY KEY);
CREATE TABLE v (k kind, l text[], UNIQUE (k, l), PRIMARY KEY (k));
CREATE TABLE w (id int PRIMARY KEY, k kind NOT NULL REFERENCES t);
