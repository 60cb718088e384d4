-- What is there of what a readiness contract names: a fact a line, as pgready.parity.contract spells it. One query; no
-- expression is printed, so every server version says the same. Names come as JSON, and more than was asked may be told.
-- A part of `facts` whose kinds (`-- :KIND, KIND`) the contract does not hold is left out: it costs planning, too.
WITH spaces AS MATERIALIZED (
    SELECT n.oid, n.nspname::text AS name FROM pg_namespace n
    WHERE n.nspname = ANY (ARRAY(SELECT json_array_elements_text(:schemas))::name[])
), relations AS MATERIALIZED (
    SELECT c.oid, n.name AS space, c.relname::text AS name,
           to_json(n.name)::text || ', ' || to_json(c.relname) || ', ' AS place, c.relkind, c.relpersistence, c.relrowsecurity,
           c.relforcerowsecurity, c.relispartition, c.relispopulated
    FROM (SELECT json_array_elements_text(:relations)::name AS name) w
    JOIN pg_class c ON c.relname = w.name
    JOIN spaces n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c')
), named AS MATERIALIZED (
    SELECT r.place || to_json(a.attname) || ', ' AS place, r.relkind, r.relispartition, a.attrelid, a.attnum,
           a.attname AS name, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef, a.attidentity, a.attgenerated, a.attcollation
    FROM relations r
    JOIN pg_attribute a ON a.attrelid = r.oid
    WHERE r.relkind <> 'S' AND a.attnum > 0 AND NOT a.attisdropped
), domains AS MATERIALIZED (
    SELECT t.oid, n.name AS space, t.typname::text AS name, t.typbasetype, t.typtypmod, t.typnotnull,
           t.typdefault IS NOT NULL AS has_default
    FROM pg_type t JOIN spaces n ON n.oid = t.typnamespace WHERE t.typtype = 'd'
), ranges AS MATERIALIZED (
    SELECT n.name AS space, t.typname::text AS name, r.rngsubtype
    FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN spaces n ON n.oid = t.typnamespace
), types AS MATERIALIZED (
    SELECT u.type, u.modifier, t.typcollation,
           json_build_array(n.nspname, e.typname,
               CASE WHEN u.modifier = -1 THEN ''
                    WHEN n.nspname = 'pg_catalog' AND e.typname <> 'interval'
                    THEN split_part(split_part(format_type(e.oid, u.modifier), '(', 2), ')', 1)
                    ELSE regexp_replace(btrim(substr(format_type(e.oid, u.modifier),
                                                     length(format_type(e.oid, NULL)) + 1)), '^\((.*)\)$', '\1') END,
               (e.oid <> t.oid)::int)::text AS shown
    FROM (SELECT atttypid AS type, atttypmod AS modifier FROM named
          UNION SELECT typbasetype, typtypmod FROM domains
          UNION SELECT rngsubtype, -1 FROM ranges) u
    JOIN pg_type t ON t.oid = u.type
    LEFT JOIN pg_type x ON x.oid = t.typelem AND x.typarray = t.oid
    JOIN pg_type e ON e.oid = COALESCE(x.oid, t.oid)
    JOIN pg_namespace n ON n.oid = e.typnamespace
), indexes AS MATERIALIZED (
    SELECT r.space, r.name AS relation, c.relname::text AS name, m.amname, i.indexrelid, i.indrelid, i.indkey,
           i.indoption, i.indclass, i.indnkeyatts, i.indisunique, i.indpred IS NOT NULL AS is_partial, i.indisvalid,
           i.indnullsnotdistinct AS nulls_alike -- since 15
           false AS nulls_alike -- before 15
    FROM relations r
    JOIN pg_index i ON i.indrelid = r.oid
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am m ON m.oid = c.relam
), key_parts AS MATERIALIZED (
    SELECT i.indexrelid, i.indrelid, k.number, k.at, k.at <= i.indnkeyatts AS is_key, i.indoption[k.at - 1] AS option,
           i.indclass[k.at - 1] AS class
    FROM indexes i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, at)
), keyed AS (
    SELECT k.indexrelid,
           json_agg(json_build_array(a.name, k.option, CASE WHEN NOT o.opcdefault THEN o.opcname END) ORDER BY k.at)
               FILTER (WHERE k.is_key) AS keys,
           COALESCE(json_agg(a.name ORDER BY k.at) FILTER (WHERE NOT k.is_key), '[]') AS include
    FROM key_parts k
    LEFT JOIN named a ON a.attrelid = k.indrelid AND a.attnum = k.number
    LEFT JOIN pg_opclass o ON k.is_key AND o.oid = k.class
    GROUP BY k.indexrelid
), constraints AS MATERIALIZED (
    SELECT r.space, r.name AS relation, r.place, k.oid, k.conname::text AS name, k.contype, k.conrelid, k.conkey,
           k.confkey, k.confrelid, k.confupdtype, k.confdeltype, k.condeferrable, k.condeferred, k.convalidated,
           k.connoinherit, k.conindid,
           k.conenforced AS enforced -- since 18
           true AS enforced -- before 18
    FROM relations r
    JOIN pg_constraint k ON k.conrelid = r.oid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
), constrained AS MATERIALIZED (
    -- What stands before, between and behind the columns of a key or foreign key.
    SELECT k.oid, k.conrelid, k.confrelid, u.number, u.target, u.at,
           k.place || to_json(k.name)
               || CASE WHEN k.contype = 'f' THEN ', ' WHEN k.contype = 'p' THEN ', true, ' ELSE ', false, ' END AS head,
           ', ' || to_json(n.nspname) || ', ' || to_json(t.relname) || ', ' AS middle,
           CASE WHEN k.contype = 'f'
                THEN ', "' || k.confupdtype::text || '", "' || k.confdeltype::text || '", ' || k.condeferrable || ', '
                     || k.condeferred || ', ' || k.convalidated || ', ' || k.enforced || ']'
                ELSE ', ' || k.condeferrable || ', ' || k.condeferred || ', '
                     || i.indnullsnotdistinct || ']' END AS tail -- since 15
                     || 'false]' END AS tail -- before 15
    FROM constraints k
    LEFT JOIN pg_index i ON k.contype IN ('p', 'u') AND i.indexrelid = k.conindid
    LEFT JOIN pg_class t ON t.oid = k.confrelid
    LEFT JOIN pg_namespace n ON n.oid = t.relnamespace
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u(number, target, at)
    WHERE k.contype IN ('p', 'u', 'f')
), facts(fact) AS (
    -- :schema
    SELECT json_build_array('schema', name)::text FROM spaces
    UNION ALL
    -- :extension
    SELECT json_build_array('extension', e.extname, n.nspname)::text
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    UNION ALL
    -- :enum
    SELECT json_build_array('enum', n.name, t.typname,
               COALESCE(json_agg(e.enumlabel ORDER BY e.enumsortorder) FILTER (WHERE e.oid IS NOT NULL), '[]'))::text
    FROM pg_type t JOIN spaces n ON n.oid = t.typnamespace LEFT JOIN pg_enum e ON e.enumtypid = t.oid
    WHERE t.typtype = 'e' GROUP BY n.name, t.typname
    UNION ALL
    -- :domain
    SELECT json_build_array('domain', d.space, d.name, t.shown::json, d.typnotnull, d.has_default)::text
    FROM domains d JOIN types t ON t.type = d.typbasetype AND t.modifier = d.typtypmod
    UNION ALL
    -- :domain check
    SELECT json_build_array('domain check', d.space, d.name, k.conname, k.convalidated)::text
    FROM pg_constraint k JOIN domains d ON d.oid = k.contypid WHERE k.contype = 'c'
    UNION ALL
    -- :range
    SELECT json_build_array('range', r.space, r.name, t.shown::json)::text
    FROM ranges r JOIN types t ON t.type = r.rngsubtype AND t.modifier = -1
    UNION ALL
    -- :composite
    SELECT json_build_array('composite', space, name)::text FROM relations WHERE relkind = 'c'
    UNION ALL
    -- :sequence
    SELECT json_build_array('sequence', r.space, r.name, format_type(s.seqtypid, NULL), s.seqincrement, s.seqcycle)::text
    FROM relations r JOIN pg_sequence s ON s.seqrelid = r.oid WHERE r.relkind = 'S'
    UNION ALL
    -- :table
    SELECT json_build_array('table', space, name, relkind = 'p', relpersistence <> 'u', relrowsecurity,
                            relforcerowsecurity)::text
    FROM relations WHERE relkind IN ('r', 'p')
    UNION ALL
    -- :view
    SELECT json_build_array('view', space, name, relkind = 'm', relkind = 'm' AND relispopulated)::text
    FROM relations WHERE relkind IN ('v', 'm')
    UNION ALL
    -- :partition, inherits
    SELECT json_build_array(CASE WHEN r.relispartition THEN 'partition' ELSE 'inherits' END, r.space, r.name,
                            n.nspname, p.relname)::text
    FROM relations r JOIN pg_inherits h ON h.inhrelid = r.oid JOIN pg_class p ON p.oid = h.inhparent
    JOIN pg_namespace n ON n.oid = p.relnamespace
    UNION ALL
    -- :column, attribute, view column
    -- As text: an array made for every column takes longer than all the rest.
    SELECT CASE WHEN a.relkind IN ('r', 'p')
                THEN '["column", ' || a.place || t.shown || ', ' || a.attnotnull || ', '
                     || (a.atthasdef AND a.attgenerated = '')
                     || CASE WHEN a.attidentity = '' OR a.relispartition THEN ', null, '
                             ELSE ', "' || a.attidentity::text || '", ' END
                     || CASE WHEN a.attgenerated = '' THEN 'null, ' ELSE '"' || a.attgenerated::text || '", ' END
                     || CASE WHEN a.attcollation = t.typcollation THEN 'null'
                             ELSE (SELECT json_build_array(s.nspname, c.collname)::text FROM pg_collation c
                                   JOIN pg_namespace s ON s.oid = c.collnamespace WHERE c.oid = a.attcollation) END
                     || ']'
                WHEN a.relkind = 'c' THEN '["attribute", ' || a.place || t.shown || ']'
                ELSE '["view column", ' || a.place || t.shown || ']' END
    FROM named a
    JOIN types t ON t.type = a.atttypid AND t.modifier = a.atttypmod
    UNION ALL
    -- :index
    SELECT json_build_array('index', i.space, i.relation, i.name, i.amname, k.keys, k.include, i.indisunique,
                            i.nulls_alike, i.is_partial, i.indisvalid)::text
    FROM indexes i JOIN keyed k ON k.indexrelid = i.indexrelid
    UNION ALL
    -- :key, foreign key
    SELECT CASE WHEN min(u.middle) IS NULL THEN '["key", ' ELSE '["foreign key", ' END || min(u.head)
           || json_agg(a.name ORDER BY u.at)
           || COALESCE(min(u.middle) || json_agg(f.attname ORDER BY u.at), '') || min(u.tail)
    FROM constrained u
    JOIN named a ON a.attrelid = u.conrelid AND a.attnum = u.number
    LEFT JOIN pg_attribute f ON f.attrelid = u.confrelid AND f.attnum = u.target
    GROUP BY u.oid
    UNION ALL
    -- :check
    SELECT json_build_array('check', space, relation, name, convalidated, enforced, connoinherit)::text
    FROM constraints WHERE contype = 'c'
    UNION ALL
    -- :exclusion
    SELECT json_build_array('exclusion', space, relation, name, condeferrable, condeferred)::text
    FROM constraints WHERE contype = 'x'
    UNION ALL
    -- :trigger
    SELECT json_build_array('trigger', r.space, r.name, t.tgname, t.tgenabled::text)::text
    FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
    UNION ALL
    -- :policy
    SELECT json_build_array('policy', r.space, r.name, p.polname, p.polcmd::text, p.polpermissive,
                            p.polroles = '{0}'::oid[])::text
    FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
    UNION ALL
    -- :function
    SELECT json_build_array('function', n.name, p.proname, oidvectortypes(p.proargtypes), p.prokind::text,
                            CASE WHEN p.prokind IN ('f', 'w') THEN pg_get_function_result(p.oid) END)::text
    FROM pg_proc p JOIN spaces n ON n.oid = p.pronamespace
    WHERE p.proname = ANY (ARRAY(SELECT json_array_elements_text(:functions))::name[])
    UNION ALL
    -- :event trigger
    SELECT json_build_array('event trigger', evtname, evtevent, evtenabled::text)::text FROM pg_event_trigger
)
SELECT string_agg(fact, E'\n') FROM facts
