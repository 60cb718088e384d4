CREATE TABLE search (
  id int PRIMARY KEY,
  a tsvector, b tsquery, c regclass, d regproc, e oid, f xid, g pg_lsn, h txid_snapshot, i xml,
  j oid[] , l oid DEFAULT 1
);
