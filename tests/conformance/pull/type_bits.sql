CREATE TABLE bits (
  id int PRIMARY KEY,
  a bit,
  b bit(8) DEFAULT B'10101010',
  c bit varying,
  d bit varying(16) DEFAULT X'ff',
  e bit(4)[] DEFAULT ARRAY[B'1010'],
  f varbit DEFAULT b'1'
);
