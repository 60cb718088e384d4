-- Tables, materialized views and indexes as the last VACUUM or ANALYZE saw them: nothing here waits for a lock.
SELECT c.oid::bigint AS id, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltuples AS rows,
       c.relpages AS pages, (SELECT h.inhparent::bigint FROM pg_inherits AS h
                             WHERE h.inhrelid = c.oid ORDER BY h.inhseqno LIMIT 1) AS parent,
       c.relispartition AS is_partition, i.indrelid::bigint AS table_id, i.indpred IS NOT NULL AS is_partial,
       coalesce(pg_stat_get_live_tuples(c.oid), 0) AS live,
       c.relkind IN ('r', 'm') AND row_security_active(c.oid) AS is_secured
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'i') AND c.relpersistence <> 't'
  AND (i.indexrelid IS NULL OR i.indisvalid)
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'pgready'
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e'
                  AND d.objid = coalesce(i.indrelid, c.oid))
  AND (:schemas)
