CREATE DOMAIN label AS text DEFAULT 'from domain';
CREATE TABLE casts (
  id int PRIMARY KEY,
  a text DEFAULT 1, b text DEFAULT 1::text, c varchar(5) DEFAULT 'x'::text, d int DEFAULT '5'::int, e int DEFAULT 5.7,
  f numeric DEFAULT 5, g text DEFAULT true, h date DEFAULT '2020-01-01'::date, i bigint DEFAULT '7'::bigint, j float8 DEFAULT '1.5',
  k label, l label DEFAULT 'own', m char(5) DEFAULT 'ab', n text DEFAULT ('x'), o int DEFAULT (5), p int DEFAULT (-5), q int DEFAULT - 5,
  r smallint DEFAULT 5::smallint, s numeric(4,1) DEFAULT '2.5'::numeric, t boolean DEFAULT 'yes'::boolean, u int DEFAULT +4
);
