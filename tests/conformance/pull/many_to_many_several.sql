CREATE TABLE "Post" (id int PRIMARY KEY, main_tag int); CREATE TABLE "Tag" (id int PRIMARY KEY, post int REFERENCES "Post"(id));
CREATE TABLE "_first" ("A" int NOT NULL REFERENCES "Post"(id), "B" int NOT NULL REFERENCES "Tag"(id), PRIMARY KEY ("A", "B")); CREATE INDEX ON "_first"("B");
CREATE TABLE "_second" ("A" int NOT NULL REFERENCES "Post"(id), "B" int NOT NULL REFERENCES "Tag"(id), extra int, PRIMARY KEY ("A", "B")); CREATE INDEX ON "_second"("B");
CREATE TABLE "X y" (id int PRIMARY KEY); CREATE TABLE "_XyTo" (a int NOT NULL REFERENCES "Post"(id), b int NOT NULL REFERENCES "X y"(id), PRIMARY KEY (a, b)); CREATE INDEX ON "_XyTo"(b);
CREATE TABLE "class" (id int PRIMARY KEY); CREATE TABLE "_ClassToX" ("A" int NOT NULL REFERENCES "X y"(id), "B" int NOT NULL REFERENCES "class"(id), PRIMARY KEY ("A", "B")); CREATE INDEX ON "_ClassToX"("B");
