CREATE TABLE money_like (
  id numeric(20,0) PRIMARY KEY,
  a numeric,
  b numeric(5),
  c numeric(65,30) DEFAULT 1.5,
  d numeric(10,2) DEFAULT 0.00,
  e numeric(10,2) DEFAULT -12.34,
  f numeric(10,2)[] DEFAULT '{1.10,2.20}',
  g numeric DEFAULT 1e10,
  h numeric DEFAULT 'NaN',
  i decimal(3,3) DEFAULT .125,
  j numeric(1000,0)
);
