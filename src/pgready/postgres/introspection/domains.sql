SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typbasetype, t.typtypmod, t.typnotnull,
       COALESCE(pg_get_expr(t.typdefaultbin, 0), t.typdefault),
       NULLIF(t.typcollation, b.typcollation)
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd'
  AND t.typnamespace IN (:schemas)
  AND t.oid NOT IN (SELECT objid FROM pg_depend
                    WHERE refclassid = 'pg_extension'::regclass AND classid = 'pg_type'::regclass AND deptype = 'e')
