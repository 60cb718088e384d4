CREATE TYPE mood AS ENUM ('a', 'c', 'd');
CREATE TABLE kept (id int PRIMARY KEY, m mood);
