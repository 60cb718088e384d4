-- schemas: public
-- read: extra,public
CREATE SCHEMA extra; CREATE TABLE extra.t (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY);
