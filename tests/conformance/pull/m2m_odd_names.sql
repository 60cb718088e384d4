CREATE TABLE "1st" (id int PRIMARY KEY);
CREATE TABLE "a-b" (id int PRIMARY KEY);
CREATE TABLE "_1stToa-b" ("A" int REFERENCES "1st", "B" int REFERENCES "a-b", PRIMARY KEY ("A", "B"));
CREATE INDEX ON "_1stToa-b" ("B");
CREATE TABLE "_odd name" ("A" int REFERENCES "1st", "B" int REFERENCES "a-b", PRIMARY KEY ("A", "B"));
CREATE INDEX ON "_odd name" ("B");
