CREATE TABLE nothing (a int, b text);
CREATE TABLE nullable_unique (a int UNIQUE, b text);
CREATE TABLE expression_unique (a int, b text NOT NULL);
CREATE UNIQUE INDEX ON expression_unique (lower(b));
CREATE TABLE partial_unique (a int NOT NULL);
CREATE UNIQUE INDEX ON partial_unique (a) WHERE a > 0;
CREATE TABLE fine (a int NOT NULL, b int NOT NULL, UNIQUE (a, b));
CREATE TABLE half (a int NOT NULL, b int, UNIQUE (a, b));
