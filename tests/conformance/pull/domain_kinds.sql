CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN mail AS varchar(80) NOT NULL;
CREATE DOMAIN tags AS text[];
CREATE DOMAIN deeper AS positive;
CREATE TYPE mood AS ENUM ('ok');
CREATE DOMAIN moody AS mood DEFAULT 'ok';
CREATE DOMAIN exact AS numeric(8,3);
CREATE DOMAIN stamp AS timestamptz(3) DEFAULT now();
CREATE TABLE typed (id positive PRIMARY KEY, a mail, b tags, c deeper, d moody, e positive[], f exact, g stamp, h positive NOT NULL DEFAULT 5, i mail UNIQUE, j positive DEFAULT NULL);
