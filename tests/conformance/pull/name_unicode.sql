CREATE TABLE "élève" (id int PRIMARY KEY, "âge" int, "Ελληνικά" text, "имя" text, "имя2" text, "a中b" int, "🙂" int, "naïve_ü" int);
CREATE TABLE "Кот" (id int PRIMARY KEY, "élève_id" int REFERENCES "élève");
CREATE TABLE "Ångström" (id int PRIMARY KEY); CREATE TYPE "цвет" AS ENUM ('красный', 'blue é');
CREATE TABLE "ok" ("цвет" "цвет" PRIMARY KEY);
