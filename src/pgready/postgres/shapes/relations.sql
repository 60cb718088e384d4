-- Tables, partitioned tables and materialized views of the database's own, with their files as they are now.
SELECT c.oid::bigint AS id, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
       pg_relation_filepath(c.oid) AS path, coalesce(pg_relation_size(c.oid), 0) / 8192 AS blocks,
       coalesce((SELECT o.option_value::int FROM pg_options_to_table(c.reloptions) AS o
                 WHERE o.option_name = 'fillfactor'), 100) AS fillfactor,
       (SELECT i.inhparent::bigint FROM pg_inherits AS i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno LIMIT 1) AS parent,
       c.relispartition AS is_partition,
       coalesce(pg_get_expr(c.relpartbound, c.oid), '') AS bound,
       (SELECT p.partattrs::text FROM pg_partitioned_table AS p
        WHERE p.partrelid = c.oid AND p.partstrat = 'r') AS partition_key,
       (SELECT p.partattrs::text FROM pg_partitioned_table AS p
        WHERE p.partrelid = c.oid AND p.partstrat = 'l') AS list_key
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend AS d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
