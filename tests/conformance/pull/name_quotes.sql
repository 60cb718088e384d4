CREATE TABLE "quote""inside" (id int PRIMARY KEY, "col""umn" int, "single'quote" text, "back\slash" int, "semi;colon" int, "new
line" int, "tab	in" int, "dollar$" int, "per%cent" int, "@at" int);
CREATE INDEX "index""quoted" ON "quote""inside" ("col""umn", "back\slash");
CREATE UNIQUE INDEX ON "quote""inside" ("single'quote");
CREATE TABLE child (id int PRIMARY KEY, "the ""parent" int CONSTRAINT "fk ""x\y" REFERENCES "quote""inside");
