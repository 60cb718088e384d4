CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE ranges (
  id int4range PRIMARY KEY,
  a int8range, b numrange, c tsrange, d tstzrange, e daterange DEFAULT '[2020-01-01,2021-01-01)',
  f span, g int4multirange, h tstzrange[]
);
