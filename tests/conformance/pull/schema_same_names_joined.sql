-- schemas: one, two
CREATE SCHEMA one; CREATE SCHEMA two;
CREATE TABLE one.a (id int PRIMARY KEY); CREATE TABLE two.a (id int PRIMARY KEY); CREATE TABLE two.b (id int PRIMARY KEY, a_id int REFERENCES one.a, a2_id int REFERENCES two.a);
CREATE TABLE one."_aTob" ("A" int REFERENCES one.a, "B" int REFERENCES two.b, PRIMARY KEY ("A", "B")); CREATE INDEX ON one."_aTob" ("B");
