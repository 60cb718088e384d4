CREATE TABLE a (id int primary key, n int); CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE b (id int primary key, a_id int references a);
