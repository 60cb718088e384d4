SELECT i.indexrelid,
       i.indrelid,
       c.relname,
       c.relam,
       i.indkey::text,
       i.indnkeyatts,
       i.indclass::text,
       i.indcollation::text,
       i.indoption::text,
       CASE WHEN i.indexprs IS NOT NULL THEN
           (SELECT json_agg(pg_get_indexdef(i.indexrelid, k.at, false) ORDER BY k.at)
            FROM generate_series(1, i.indnkeyatts::int) AS k(at) WHERE i.indkey[k.at - 1] = 0) END,
       pg_get_expr(i.indpred, i.indrelid),
       i.indisunique,
       i.indnullsnotdistinct, -- since 15
       false, -- before 15
       i.indisvalid,
       c.reloptions,
       s.spcname,
       CASE WHEN c.relispartition THEN
           (SELECT json_build_array(n.nspname, p.relname) FROM pg_inherits h
            JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
            WHERE h.inhrelid = i.indexrelid) END,
       i.indisclustered,
       i.indisreplident
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
WHERE c.relnamespace IN (:schemas) AND c.relkind IN ('i', 'I')
