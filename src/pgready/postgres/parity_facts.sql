-- :server
SELECT current_setting('server_version_num'),
       current_setting('server_version'),
       current_database(),
       current_user,
       pg_catalog.pg_encoding_to_char(d.encoding),
       d.datcollate,
       d.datctype,
       d.datcollversion, -- since 15
       NULL, -- before 15
       pg_catalog.pg_database_collation_actual_version(d.oid) -- since 15
       NULL -- before 15
FROM pg_catalog.pg_database d
WHERE d.datname = current_database()
-- :settings
SELECT s.name, s.reset_val, s.source
FROM pg_catalog.pg_settings s
WHERE s.name IN (:names)
ORDER BY s.name
-- :stored
-- What ALTER ROLE and ALTER DATABASE … SET left; a role's value for this database before its value for all.
SELECT COALESCE(r.rolname, ''), c.one
FROM pg_catalog.pg_db_role_setting s
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
CROSS JOIN LATERAL unnest(s.setconfig) AS c(one)
WHERE s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
ORDER BY s.setdatabase, 1, 2
-- :collations
-- Collations that a column uses and whose library has another version now.
SELECT n.nspname, c.collname, c.collversion, pg_catalog.pg_collation_actual_version(c.oid)
FROM pg_catalog.pg_collation c
JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
WHERE c.collversion IS NOT NULL
  AND (c.oid >= 16384 OR c.oid IN (SELECT a.attcollation FROM pg_catalog.pg_attribute a WHERE a.attrelid >= 16384))
  AND c.collversion IS DISTINCT FROM pg_catalog.pg_collation_actual_version(c.oid)
ORDER BY 1, 2
-- :sequences
-- Sequences that a column draws from, where they stand, and whether the end of the column can be read through an index.
SELECT sn.nspname,
       s.relname,
       tn.nspname,
       t.relname,
       a.attname,
       q.seqincrement,
       CASE WHEN pg_catalog.has_sequence_privilege(s.oid, 'USAGE') OR pg_catalog.has_sequence_privilege(s.oid, 'SELECT')
            THEN COALESCE(pg_catalog.pg_sequence_last_value(s.oid)::text, 'none') END,
       pg_catalog.has_column_privilege(t.oid, a.attnum, 'SELECT')
           AND pg_catalog.has_schema_privilege(tn.oid, 'USAGE')
           AND NOT pg_catalog.row_security_active(t.oid),
       EXISTS (SELECT FROM pg_catalog.pg_index i
               JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
               JOIN pg_catalog.pg_am m ON m.oid = c.relam
               WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = a.attnum
                 AND m.amname = 'btree')
FROM pg_catalog.pg_sequence q
JOIN pg_catalog.pg_class s ON s.oid = q.seqrelid
JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.objsubid = 0
                           AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE NOT q.seqcycle
  AND (t.relkind = 'p' OR pg_catalog.pg_relation_size(t.oid) > 0) -- else there is no row that could be ahead
  AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  AND sn.nspname !~ '^pg_'
ORDER BY 1, 2
-- :unreadable
-- System catalogs that the structure is read from, and that this role was forbidden to read.
SELECT c.relname
FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'pg_catalog'::regnamespace
  AND c.relname IN (:names)
  AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
ORDER BY 1
