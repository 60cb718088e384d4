-- Columns of these tables and of their indexes (expressions have a type there), with the operators of their statistics.
WITH RECURSIVE wanted AS (
    SELECT unnest(ARRAY[:relations]::oid[]) AS id
    UNION SELECT i.indexrelid FROM pg_index AS i WHERE i.indrelid = ANY (ARRAY[:relations]::oid[])
), based AS (
    SELECT t.oid AS id, t.oid AS base, -1 AS modifier, t.typtype, t.typbasetype, t.typtypmod FROM pg_type AS t
    WHERE t.oid IN (SELECT a.atttypid FROM pg_attribute AS a JOIN wanted AS w ON w.id = a.attrelid)
    UNION ALL
    SELECT b.id, t.oid, b.typtypmod, t.typtype, t.typbasetype, t.typtypmod
    FROM based AS b JOIN pg_type AS t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
), compared AS (
    SELECT b.id, b.modifier, t.oid AS base, t.typname, t.typtype, t.typlen, t.typalign, t.typcategory, t.typelem,
           CASE WHEN t.typtype = 'e' THEN 'anyenum'::regtype
                WHEN t.typtype = 'r' THEN 'anyrange'::regtype
                WHEN t.typtype = 'm' THEN 'anymultirange'::regtype
                WHEN t.typtype = 'c' THEN 'record'::regtype
                WHEN t.typcategory = 'A' AND t.typlen = -1 THEN 'anyarray'::regtype
                WHEN t.typname = 'varchar' THEN 'text'::regtype
                WHEN t.typname = 'cidr' THEN 'inet'::regtype
                ELSE t.oid END AS input
    FROM based AS b JOIN pg_type AS t ON t.oid = b.base WHERE b.typtype <> 'd'
)
SELECT a.attrelid::bigint AS relation, a.attnum AS number, a.attname AS name, a.atttypid::bigint AS type_id,
       c.typname AS type, c.typtype AS type_kind, c.typlen AS length, c.typalign AS align,
       CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE c.modifier END AS modifier,
       a.attcollation::bigint AS collation, a.attnotnull AS not_null, a.attgenerated AS generated,
       a.attidentity <> '' AS is_identity, pg_get_expr(d.adbin, d.adrelid) AS default_,
       coalesce(eq.amopopr, 0)::bigint AS equals, coalesce(lt.amopopr, 0)::bigint AS less,
       (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = c.base) AS labels
FROM wanted AS w
JOIN pg_attribute AS a ON a.attrelid = w.id AND a.attnum > 0 AND NOT a.attisdropped
JOIN compared AS c ON c.id = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_opclass AS o ON o.opcmethod = 403 AND o.opcdefault AND o.opcintype = c.input
LEFT JOIN pg_amop AS eq ON eq.amopfamily = o.opcfamily AND eq.amopstrategy = 3
                       AND eq.amoplefttype = c.input AND eq.amoprighttype = c.input
LEFT JOIN pg_amop AS lt ON lt.amopfamily = o.opcfamily AND lt.amopstrategy = 1
                       AND lt.amoplefttype = c.input AND lt.amoprighttype = c.input
ORDER BY a.attrelid, a.attnum
