-- Tables, partitioned tables, views, materialized views, sequences and the relations of composite types.
SELECT c.oid,
       c.reltype,
       c.relnamespace,
       c.relname,
       c.relkind,
       c.relpersistence,
       c.relowner,
       c.reloptions,
       o.reloptions,
       m.amname,
       s.spcname,
       c.relrowsecurity,
       c.relforcerowsecurity,
       c.relreplident,
       c.relispopulated,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
FROM pg_class c
LEFT JOIN pg_class o ON o.oid = c.reltoastrelid AND o.reloptions IS NOT NULL
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c')
  AND c.relnamespace IN (:schemas)
  AND c.oid NOT IN (SELECT objid FROM pg_depend
                    WHERE refclassid = 'pg_extension'::regclass AND classid = 'pg_class'::regclass AND deptype = 'e')
