CREATE TYPE mood AS ENUM ('sad', 'so-so', 'happy');
CREATE TABLE lists (id int PRIMARY KEY, a int[], b bigint[] NOT NULL, c text[] DEFAULT '{}', d varchar(20)[], e numeric(10,2)[], f numeric[], g timestamp(3)[], h timestamptz[], i mood[], j bool[], k uuid[], l jsonb[], m bytea[], n bit(3)[], o circle[], p interval[], q char(4)[], r time(2)[], s double precision[], t numeric(65,30)[], u inet[]);
