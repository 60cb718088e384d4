CREATE TABLE person (id int PRIMARY KEY, mother int REFERENCES person, father int REFERENCES person, spouse int UNIQUE REFERENCES person, boss_id int NOT NULL REFERENCES person ON DELETE RESTRICT);
