-- preview: postgresqlExtensions
CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION cube;
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), a citext UNIQUE DEFAULT 'X', b hstore, c ltree, d ltree[], e cube NOT NULL UNIQUE, f citext[]); CREATE INDEX ON t USING gist (c); CREATE INDEX ON t USING gin (b); CREATE INDEX siglen ON t USING gist (c gist_ltree_ops (siglen=100));
