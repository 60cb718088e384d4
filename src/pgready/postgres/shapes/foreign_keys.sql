-- Foreign keys, once each: those that partitions have from their parent are left out.
SELECT c.conrelid::bigint AS relation, c.confrelid::bigint AS target, to_json(c.conkey) AS columns,
       to_json(c.confkey) AS target_columns
FROM pg_constraint AS c
WHERE c.contype = 'f' AND c.conparentid = 0 AND c.conrelid = ANY (ARRAY[:relations]::oid[])
