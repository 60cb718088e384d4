CREATE TABLE u (
  id int PRIMARY KEY, a int UNIQUE, b int, c int, d int UNIQUE, e text, f int,
  CONSTRAINT "named unique" UNIQUE (b, c), UNIQUE (a, b, c), UNIQUE (e) INCLUDE (f), UNIQUE NULLS NOT DISTINCT (f)
);
CREATE UNIQUE INDEX ON u (b DESC); CREATE UNIQUE INDEX second_on_a ON u (a); CREATE UNIQUE INDEX ON u (c DESC NULLS LAST, d ASC NULLS FIRST);
CREATE UNIQUE INDEX ON u (e text_pattern_ops); CREATE UNIQUE INDEX ON u (a, b) WHERE c IS NULL;
