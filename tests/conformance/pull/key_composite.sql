CREATE TABLE k (a int, b text, c uuid, d timestamptz, PRIMARY KEY (d, a, c), UNIQUE (b, a));
CREATE TABLE l (a int, b int, CONSTRAINT "Special Key" PRIMARY KEY (b, a));
CREATE TABLE m (a int, b int, c int, PRIMARY KEY (a, b) INCLUDE (c));
