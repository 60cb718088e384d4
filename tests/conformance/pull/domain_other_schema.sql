CREATE SCHEMA lib;
CREATE DOMAIN lib.code AS char(4);
CREATE TYPE lib.colour AS ENUM ('red');
CREATE TABLE item (id int PRIMARY KEY, a lib.code NOT NULL, b lib.colour, c lib.colour[]);
