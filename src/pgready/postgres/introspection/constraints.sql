-- Constraints of tables and domains. Of the NOT NULL ones (18) only those that say more than the column does; of the
-- foreign keys not the rows that stand for single partitions of the target.
SELECT k.oid,
       k.conrelid,
       k.contypid,
       k.conname,
       k.contype,
       k.conindid,
       k.conkey,
       CASE WHEN k.contype = 'f' THEN
           (SELECT json_build_array(n.nspname, t.relname) FROM pg_class t
            JOIN pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = k.confrelid) END,
       CASE WHEN k.contype = 'f' THEN
           (SELECT json_agg(a.attname ORDER BY f.at) FROM unnest(k.confkey) WITH ORDINALITY AS f(number, at)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = f.number) END,
       k.confupdtype,
       k.confdeltype,
       k.confmatchtype,
       k.confdelsetcols, -- since 15
       NULL::int2[], -- before 15
       k.condeferrable,
       k.condeferred,
       k.convalidated,
       k.conenforced, -- since 18
       true, -- before 18
       k.connoinherit,
       k.conislocal AND k.conparentid = 0,
       k.conperiod, -- since 18
       false, -- before 18
       CASE WHEN k.contype = 'x' THEN
           (SELECT json_agg(json_build_array(n.nspname, o.oprname) ORDER BY x.at)
            FROM unnest(k.conexclop) WITH ORDINALITY AS x(operator, at)
            JOIN pg_operator o ON o.oid = x.operator JOIN pg_namespace n ON n.oid = o.oprnamespace) END,
       CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END
FROM pg_constraint k
LEFT JOIN pg_constraint p ON p.oid = k.conparentid
WHERE k.connamespace IN (:schemas)
  AND (k.contype IN ('p', 'u', 'c', 'x')
       OR (k.contype = 'f' AND (k.conparentid = 0 OR p.confrelid = k.confrelid))
       OR (k.contype = 'n' AND k.contypid = 0
           AND (k.connoinherit OR NOT k.convalidated OR k.conname !~ '_not_null[0-9]*$')))
