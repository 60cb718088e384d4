CREATE TABLE base (id int PRIMARY KEY, name text NOT NULL); CREATE TABLE extra (note text);
CREATE TABLE derived (more int) INHERITS (base, extra); CREATE TABLE deeper (UNIQUE (id)) INHERITS (derived); CREATE TABLE alone (id int PRIMARY KEY, base_id int REFERENCES base);
