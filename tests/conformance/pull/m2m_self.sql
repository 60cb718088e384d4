CREATE TABLE "User" (id serial PRIMARY KEY);
CREATE TABLE "_Friends" ("A" int NOT NULL REFERENCES "User", "B" int NOT NULL REFERENCES "User", PRIMARY KEY ("A", "B"));
CREATE INDEX ON "_Friends" ("B");
CREATE TABLE "_UserToUser" ("A" int NOT NULL REFERENCES "User", "B" int NOT NULL REFERENCES "User", PRIMARY KEY ("A", "B"));
CREATE INDEX ON "_UserToUser" ("B");
