SELECT h.inhrelid, n.nspname, p.relname
FROM pg_inherits h
JOIN pg_class p ON p.oid = h.inhparent
JOIN pg_namespace n ON n.oid = p.relnamespace
WHERE p.relkind IN ('r', 'p')
ORDER BY h.inhseqno
