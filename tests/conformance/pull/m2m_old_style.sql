CREATE TABLE "Post" (id serial PRIMARY KEY);
CREATE TABLE "Category" (id serial PRIMARY KEY);
CREATE TABLE "_CategoryToPost" ("A" int NOT NULL REFERENCES "Category", "B" int NOT NULL REFERENCES "Post");
CREATE UNIQUE INDEX "_CategoryToPost_AB_unique" ON "_CategoryToPost" ("A", "B");
CREATE INDEX "_CategoryToPost_B_index" ON "_CategoryToPost" ("B");
