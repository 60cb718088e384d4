-- schemas: a, b, public
CREATE SCHEMA a; CREATE SCHEMA b;
CREATE TABLE a.item (id int PRIMARY KEY, n int UNIQUE); CREATE TABLE b.item (id int PRIMARY KEY, a_id int REFERENCES a.item, n int UNIQUE); CREATE TABLE public.item (id int PRIMARY KEY, b_id int REFERENCES b.item);
CREATE TYPE a.mood AS ENUM ('x'); CREATE TYPE b.mood AS ENUM ('y');
ALTER TABLE a.item ADD m a.mood DEFAULT 'x', ADD o b.mood DEFAULT 'y';
CREATE TABLE a.only (id int PRIMARY KEY, item_id int REFERENCES public.item);
