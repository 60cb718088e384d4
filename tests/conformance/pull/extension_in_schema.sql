-- schemas: public, ext
CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext; CREATE TABLE t (id int PRIMARY KEY, a ext.citext, b text, c text); CREATE INDEX ON t USING gin (b ext.gin_trgm_ops); CREATE INDEX ON t USING gist (c ext.gist_trgm_ops (siglen = 32));
