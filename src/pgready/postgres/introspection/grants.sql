-- Access lists that differ from an object's standard one, beside it; the standard of the schema public is what
-- initdb gives, as long as it is initdb's.
SELECT g.class, g.object, g.part,
       (SELECT json_agg(json_build_array(x.grantee, x.privilege_type, x.is_grantable)) FROM aclexplode(g.found) x),
       (SELECT json_agg(json_build_array(x.grantee, x.privilege_type, x.is_grantable)) FROM aclexplode(g.standard) x),
       g.owner
FROM (
    SELECT 'pg_class' AS class, oid AS object, 0 AS part, relacl AS found, relowner AS owner,
           acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner) AS standard
    FROM pg_class WHERE relacl IS NOT NULL AND relnamespace IN (:schemas)
    UNION ALL
    SELECT 'pg_class', a.attrelid, a.attnum, a.attacl, c.relowner, acldefault('c', c.relowner)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relnamespace IN (:schemas)
    UNION ALL
    SELECT 'pg_namespace', n.oid, 0, n.nspacl, n.nspowner,
           CASE WHEN n.oid = 2200 AND (n.nspowner = 10 OR pg_get_userbyid(n.nspowner) = 'pg_database_owner')
                THEN acldefault('n', n.nspowner)
                     || makeaclitem(0, n.nspowner, 'USAGE', false) -- since 15
                     || makeaclitem(0, n.nspowner, 'USAGE', false) || makeaclitem(0, n.nspowner, 'CREATE', false) -- before 15
                ELSE acldefault('n', n.nspowner) END
    FROM pg_namespace n
    WHERE n.nspacl IS NOT NULL AND n.oid IN (:schemas)
    UNION ALL
    SELECT 'pg_proc', oid, 0, proacl, proowner, acldefault('f', proowner)
    FROM pg_proc WHERE proacl IS NOT NULL AND pronamespace IN (:schemas)
    UNION ALL
    SELECT 'pg_type', oid, 0, typacl, typowner, acldefault('T', typowner)
    FROM pg_type WHERE typacl IS NOT NULL AND typnamespace IN (:schemas)
) g
