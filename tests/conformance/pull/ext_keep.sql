CREATE EXTENSION citext; CREATE SCHEMA other; CREATE EXTENSION hstore SCHEMA other; CREATE EXTENSION cube; CREATE TABLE t (id int PRIMARY KEY, a citext, b other.hstore);
