-- preview: views
CREATE TYPE mood AS ENUM ('x'); CREATE TABLE "V1" (id int PRIMARY KEY); CREATE VIEW "v-1" AS SELECT id::bigint AS "Id", 'x'::mood AS m, ARRAY['x'::mood] AS ms, id AS "9", 'a'::varchar(3) AS v, now()::timestamp(0) AS t, NULL::tsvector AS ts FROM "V1";
