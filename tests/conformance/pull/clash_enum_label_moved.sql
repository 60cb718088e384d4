CREATE TYPE state AS ENUM ('c', 'a', 'new-one', 'b'); CREATE TABLE t (id int PRIMARY KEY, s state DEFAULT 'new-one', l state[] DEFAULT '{a,c}');
