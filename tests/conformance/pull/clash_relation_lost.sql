CREATE TABLE owner (id int PRIMARY KEY); CREATE TABLE pet (id int PRIMARY KEY, owner_id int);
