-- read: extra
CREATE SCHEMA extra; CREATE TABLE extra.t (id serial PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY);
