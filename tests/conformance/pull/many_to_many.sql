CREATE TABLE "Post" (id int PRIMARY KEY); CREATE TABLE "Tag" (id int PRIMARY KEY);
CREATE TABLE "_PostToTag" ("A" int NOT NULL REFERENCES "Post"(id) ON DELETE CASCADE ON UPDATE CASCADE, "B" int NOT NULL REFERENCES "Tag"(id) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A", "B")); CREATE INDEX "_PostToTag_B_index" ON "_PostToTag"("B");
CREATE TABLE "Fan" (id int PRIMARY KEY); CREATE TABLE "_friends" ("A" int NOT NULL REFERENCES "Fan"(id), "B" int NOT NULL REFERENCES "Fan"(id)); CREATE UNIQUE INDEX "_friends_AB_unique" ON "_friends"("A", "B"); CREATE INDEX "_friends_B_index" ON "_friends"("B");
CREATE TABLE "_likes" ("A" int NOT NULL REFERENCES "Fan"(id), "B" int NOT NULL REFERENCES "Post"(id)); CREATE UNIQUE INDEX ON "_likes"("A", "B"); CREATE INDEX ON "_likes"("B");
CREATE TABLE "_noindex" ("A" int NOT NULL REFERENCES "Fan"(id), "B" int NOT NULL REFERENCES "Tag"(id), PRIMARY KEY ("A", "B"));
CREATE TABLE "nounderscore" ("A" int NOT NULL REFERENCES "Fan"(id), "B" int NOT NULL REFERENCES "Tag"(id), PRIMARY KEY ("A", "B")); CREATE INDEX ON nounderscore ("B");
CREATE TABLE "_wrongway" ("A" int NOT NULL REFERENCES "Tag"(id), "B" int NOT NULL REFERENCES "Fan"(id), PRIMARY KEY ("A", "B")); CREATE INDEX ON "_wrongway" ("B");
