CREATE TABLE u (id point, n int NOT NULL UNIQUE);
CREATE TABLE v (id int8range PRIMARY KEY);
CREATE TABLE w (a int, b inet, c tsrange, PRIMARY KEY (a, c));
