CREATE TABLE wide (id int PRIMARY KEY, a int, b int, c int, d int, e int, f int, g int, h int);
CREATE INDEX ON wide (a, b, c, d, e, f, g, h);
CREATE INDEX ON wide (h DESC, g, f DESC, e, d DESC);
CREATE INDEX ON wide (a, a);
CREATE INDEX wide_b_idx ON wide (b);
CREATE INDEX same_again ON wide (b);
CREATE INDEX ON wide (c) INCLUDE (d, e);
