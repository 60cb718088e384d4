CREATE TABLE blobs (
  id bytea PRIMARY KEY,
  a bytea DEFAULT '\x00ff',
  b bytea DEFAULT '',
  c bytea[] DEFAULT '{}',
  d bytea DEFAULT 'abc',
  e bytea DEFAULT decode('ff', 'hex'),
  f bytea UNIQUE
);
