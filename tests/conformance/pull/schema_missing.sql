-- schemas: public, nowhere
CREATE TABLE t (id int PRIMARY KEY);
