-- What every column has; what few have is in column_extras.
SELECT a.attrelid,
       a.attnum,
       a.attname,
       a.atttypid,
       a.atttypmod,
       a.attnotnull,
       NULLIF(a.attidentity, ''),
       NULLIF(a.attgenerated, ''),
       a.attislocal,
       CASE WHEN a.atthasdef THEN pg_get_expr(d.adbin, d.adrelid) END
FROM pg_attribute a
LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND a.attrelid IN (SELECT oid FROM pg_class
                     WHERE relkind IN ('r', 'p', 'v', 'm', 'c') AND relnamespace IN (:schemas))
