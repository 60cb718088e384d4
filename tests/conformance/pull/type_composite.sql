CREATE TYPE address AS (street text, number int);
CREATE TABLE people (id int PRIMARY KEY, home address, all_homes address[], home2 address NOT NULL DEFAULT ROW('x', 1)::address);
