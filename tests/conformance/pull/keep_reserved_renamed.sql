CREATE TABLE "return" (id int PRIMARY KEY); CREATE TABLE "1st" (id int PRIMARY KEY, return_id int REFERENCES "return", "2nd" int); CREATE TYPE "4x" AS ENUM ('1', 'b');
