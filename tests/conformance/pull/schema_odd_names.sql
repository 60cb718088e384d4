-- schemas: my schema, 1st, Ünï, select
CREATE SCHEMA "my schema"; CREATE SCHEMA "1st"; CREATE SCHEMA "Ünï"; CREATE SCHEMA "select";
CREATE TABLE "my schema".t (id serial PRIMARY KEY); CREATE TABLE "1st".t (id serial PRIMARY KEY); CREATE TABLE "Ünï".u (id int PRIMARY KEY, t int REFERENCES "my schema".t); CREATE TYPE "select".e AS ENUM ('a'); CREATE TABLE "select".v (id int PRIMARY KEY, e "select".e DEFAULT 'a');
