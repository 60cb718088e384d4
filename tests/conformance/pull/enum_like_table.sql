CREATE TYPE status AS ENUM ('a', 'b');
CREATE TABLE "Status" (id int PRIMARY KEY, s status);
CREATE TABLE state (id int PRIMARY KEY);
CREATE TYPE "State" AS ENUM ('x');
