-- schemas: core
CREATE SCHEMA core; CREATE TYPE core.kind AS ENUM ('a', 'b'); CREATE FUNCTION core.gen() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE TABLE core.t (id serial PRIMARY KEY, k core.kind DEFAULT 'a', g text DEFAULT core.gen(), ks core.kind[] DEFAULT ARRAY['a', 'b']::core.kind[]);
