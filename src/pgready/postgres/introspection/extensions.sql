-- Extensions that initdb did not bring (plpgsql); a comment that is the control file's own is none.
SELECT e.oid, e.extname, n.nspname, e.extversion, a.comment,
       (SELECT json_agg(r.extname) FROM pg_depend d JOIN pg_extension r ON r.oid = d.refobjid
        WHERE d.classid = 'pg_extension'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_extension'::regclass
          AND r.oid >= 16384),
       e.extrelocatable
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions() a ON a.name = e.extname
WHERE e.oid >= 16384
