CREATE TABLE movie (id int PRIMARY KEY);
CREATE TABLE actor (id int PRIMARY KEY, favourite int REFERENCES movie);
CREATE TABLE _cast ("A" int NOT NULL REFERENCES actor, "B" int NOT NULL REFERENCES movie, PRIMARY KEY ("A", "B"));
CREATE INDEX ON _cast ("B");
CREATE TABLE "_actorTomovie" ("A" int NOT NULL REFERENCES actor, "B" int NOT NULL REFERENCES movie, PRIMARY KEY ("A", "B"));
CREATE INDEX ON "_actorTomovie" ("B");
