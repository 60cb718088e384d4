-- schemas: one
CREATE SCHEMA one; CREATE TABLE a (id int PRIMARY KEY);
