CREATE TABLE floats (
  id int PRIMARY KEY,
  a real DEFAULT 1.5,
  b double precision DEFAULT 0.1,
  c float(10) DEFAULT -2,
  d float8 DEFAULT 'Infinity',
  e float8 DEFAULT 1e-7,
  f real[] DEFAULT '{0.5,1}',
  g float8 DEFAULT 3,
  h float8 DEFAULT pi()
);
