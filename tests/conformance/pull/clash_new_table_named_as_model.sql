CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE "User" (id int PRIMARY KEY, users_id int REFERENCES users); CREATE TYPE "Role" AS ENUM ('x'); CREATE TABLE roles (id int PRIMARY KEY, r "Role");
