-- What few columns (and keys of indexes) have, where it is not the type's own.
SELECT a.attrelid,
       a.attnum,
       NULLIF(a.attcollation, t.typcollation),
       NULLIF(a.attstorage, t.typstorage),
       NULLIF(a.attcompression, ''),
       NULLIF(a.attstattarget, -1),
       a.attoptions
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid >= 16384
  AND a.attnum > 0
  AND NOT a.attisdropped
  AND (a.attcollation <> t.typcollation OR a.attstorage <> t.typstorage OR a.attcompression <> ''
       OR a.attstattarget >= 0 OR a.attoptions IS NOT NULL)
  AND a.attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'c', 'i', 'I')
                                                AND relnamespace IN (:schemas))
