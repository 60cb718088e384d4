CREATE TABLE grids (id int PRIMARY KEY, a int[], b int[3], c int[3][3], d text ARRAY, e text ARRAY[4], f int[] NOT NULL, g int[] NOT NULL DEFAULT '{}');
