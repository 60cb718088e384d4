CREATE TABLE prices (
  id int PRIMARY KEY,
  a money,
  b money NOT NULL DEFAULT 12.50,
  c money DEFAULT '$1,000.00',
  d money[]
);
