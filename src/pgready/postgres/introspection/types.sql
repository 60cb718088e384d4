-- Every type and modifier that a column, domain or range uses, an array by its element.
SELECT u.type,
       u.modifier,
       n.nspname,
       e.typname,
       format_type(e.oid, NULL),
       format_type(e.oid, u.modifier),
       e.oid <> t.oid,
       t.typcollation
FROM (SELECT DISTINCT atttypid AS type, atttypmod AS modifier FROM pg_attribute
      WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped
      UNION
      SELECT typbasetype, typtypmod FROM pg_type WHERE typtype = 'd' AND oid >= 16384
      UNION
      SELECT rngsubtype, -1 FROM pg_range WHERE rngtypid >= 16384) u
JOIN pg_type t ON t.oid = u.type
JOIN pg_type e ON e.oid = CASE WHEN EXISTS (SELECT FROM pg_type x WHERE x.oid = t.typelem AND x.typarray = t.oid)
                               THEN t.typelem ELSE t.oid END
JOIN pg_namespace n ON n.oid = e.typnamespace
