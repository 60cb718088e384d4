CREATE TABLE "a b" (id int PRIMARY KEY); CREATE TABLE "a-b" (id int PRIMARY KEY); CREATE TABLE a_b (id int PRIMARY KEY); CREATE TYPE "a.b" AS ENUM ('x');
CREATE TABLE c (id int PRIMARY KEY, "x y" int, "x-y" int, x_y int, e "a.b");
