CREATE TABLE hosts (
  id inet PRIMARY KEY,
  a cidr DEFAULT '10.0.0.0/8',
  b macaddr DEFAULT '08:00:2b:01:02:03',
  c macaddr8,
  d inet[] DEFAULT '{127.0.0.1}',
  e inet UNIQUE
);
