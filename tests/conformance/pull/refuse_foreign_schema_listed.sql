-- schemas: one
CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE two.a (id int PRIMARY KEY); CREATE TABLE one.b (id int PRIMARY KEY, a_id int, FOREIGN KEY (a_id) REFERENCES two.a);
