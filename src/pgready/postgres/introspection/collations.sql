SELECT c.oid, n.nspname, c.collname
FROM pg_collation c
JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.oid IN (SELECT attcollation FROM pg_attribute WHERE attrelid >= 16384)
   OR c.oid IN (SELECT typcollation FROM pg_type WHERE oid >= 16384)
   OR c.oid IN (SELECT rngcollation FROM pg_range WHERE rngtypid >= 16384)
