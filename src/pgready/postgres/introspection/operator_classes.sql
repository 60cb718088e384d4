SELECT o.oid, n.nspname, o.opcname, o.opcdefault
FROM pg_opclass o
JOIN pg_namespace n ON n.oid = o.opcnamespace
