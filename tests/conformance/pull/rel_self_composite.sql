CREATE TABLE node (tree int, id int, parent int, PRIMARY KEY (tree, id), FOREIGN KEY (tree, parent) REFERENCES node);
