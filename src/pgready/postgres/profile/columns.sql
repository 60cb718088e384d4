-- Statistics of columns and of indexes' expressions. Values leave the server for enums and booleans only: the CASE
-- stands here, so that no other value crosses the wire.
WITH RECURSIVE based AS (
    SELECT t.oid AS id, t.typtype, t.typbasetype, t.oid AS base FROM pg_type AS t
    UNION ALL
    SELECT b.id, t.typtype, t.typbasetype, t.oid
    FROM based AS b JOIN pg_type AS t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
), listed AS (
    SELECT id FROM based WHERE typtype = 'e' OR base = 'bool'::regtype
)
SELECT c.oid::bigint AS relation, a.attname AS name, s.inherited, s.null_frac AS nulls, s.avg_width AS width,
       s.n_distinct AS distinct_, s.correlation, s.most_common_freqs[1] AS top,
       s.attname IS NULL AS is_unknown,
       NOT has_column_privilege(c.oid, a.attnum, 'SELECT') AS is_unreadable,
       CASE WHEN a.atttypid IN (SELECT id FROM listed)
            THEN array_to_json(s.most_common_vals::text::text[]) END AS values_,
       CASE WHEN a.atttypid IN (SELECT id FROM listed)
            THEN array_to_json(s.most_common_freqs) END AS shares
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_stats AS s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
WHERE c.oid = ANY (ARRAY[:relations]::oid[])
ORDER BY c.oid, a.attnum
