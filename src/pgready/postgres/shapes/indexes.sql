-- Indexes of these tables, with their files as they are now; an expression's key is 0.
SELECT i.indexrelid::bigint AS id, i.indrelid::bigint AS relation, n.nspname AS schema, c.relname AS name,
       am.amname AS method, i.indisunique AS is_unique, i.indnkeyatts AS key_count, i.indkey::text AS keys,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       pg_relation_filepath(c.oid) AS path, coalesce(pg_relation_size(c.oid), 0) / 8192 AS blocks,
       coalesce((SELECT o.option_value::int FROM pg_options_to_table(c.reloptions) AS o
                 WHERE o.option_name = 'fillfactor'), CASE am.amname WHEN 'hash' THEN 75 ELSE 90 END) AS fillfactor,
       coalesce((SELECT o.option_value::int FROM pg_options_to_table(c.reloptions) AS o
                 WHERE o.option_name = 'pages_per_range'), 128) AS pages_per_range,
       (SELECT json_agg(CASE WHEN i.indkey[k - 1] = 0 THEN pg_get_indexdef(i.indexrelid, k, true) END ORDER BY k)
        FROM generate_series(1, i.indnatts) AS k) AS expressions
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_am AS am ON am.oid = c.relam
WHERE c.relkind = 'i' AND i.indrelid = ANY (ARRAY[:relations]::oid[])
