-- The schemas that may hold structure of somebody's: no system or temporary ones, and not pgready's own.
SELECT n.oid,
       n.nspname,
       CASE WHEN n.oid = 2200 AND (n.nspowner = 10 OR pg_get_userbyid(n.nspowner) = 'pg_database_owner')
            THEN NULL ELSE n.nspowner END,
       n.oid IN (SELECT objid FROM pg_depend
                 WHERE refclassid = 'pg_extension'::regclass AND classid = 'pg_namespace'::regclass AND deptype = 'e')
FROM pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgready')
