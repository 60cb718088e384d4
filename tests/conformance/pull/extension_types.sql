CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION cube;
CREATE TABLE e (id citext PRIMARY KEY, a hstore, b ltree, c cube, d citext[], e citext DEFAULT 'X', f hstore DEFAULT 'a=>1', g citext UNIQUE NOT NULL);
CREATE INDEX ON e USING gin (a); CREATE INDEX ON e USING gist (b); CREATE INDEX trig ON e USING gist (c);
