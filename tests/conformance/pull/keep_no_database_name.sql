CREATE TABLE "User" (id int PRIMARY KEY, "firstName" text); CREATE TABLE "userSettings" (id int PRIMARY KEY, "user_id" int UNIQUE REFERENCES "User");
