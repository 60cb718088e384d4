CREATE TABLE owner (id int PRIMARY KEY); CREATE TABLE pet (id int PRIMARY KEY, owner int REFERENCES owner, keeper int REFERENCES owner);
