SELECT t.oid, t.typnamespace, t.typname, t.typowner, r.rngsubtype,
       json_build_array(mn.nspname, m.typname),
       CASE WHEN NOT o.opcdefault THEN json_build_array(n.nspname, o.opcname) END,
       NULLIF(r.rngcollation, s.typcollation),
       (SELECT json_build_array(f.nspname, p.proname) FROM pg_proc p
        JOIN pg_namespace f ON f.oid = p.pronamespace WHERE p.oid = r.rngcanonical),
       (SELECT json_build_array(f.nspname, p.proname) FROM pg_proc p
        JOIN pg_namespace f ON f.oid = p.pronamespace WHERE p.oid = r.rngsubdiff)
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_namespace mn ON mn.oid = m.typnamespace
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace n ON n.oid = o.opcnamespace
WHERE t.typnamespace IN (:schemas)
  AND t.oid NOT IN (SELECT objid FROM pg_depend
                    WHERE refclassid = 'pg_extension'::regclass AND classid = 'pg_type'::regclass AND deptype = 'e')
