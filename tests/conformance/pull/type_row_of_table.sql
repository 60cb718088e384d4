CREATE TABLE inner_one (id int PRIMARY KEY);
CREATE TABLE outer_one (id int PRIMARY KEY, whole inner_one, many inner_one[]);
