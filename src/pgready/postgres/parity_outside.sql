-- Objects of a database that its catalog does not hold: what makes each, what takes it away, what it stands on.
-- Run with an empty search_path, so that every name is whole. `printed`: the text is an expression as this version has it.
WITH found (kind, class, id, schema, names, made, altered, dropped, relations, printed) AS (
SELECT 'rule', 'pg_rewrite'::regclass, r.oid, n.nspname,
       json_build_array(n.nspname, c.relname, r.rulename),
       pg_get_ruledef(r.oid)
           || CASE r.ev_enabled WHEN 'O' THEN '' ELSE
              format(E'\nALTER TABLE %I.%I %s RULE %I;', n.nspname, c.relname,
                     CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
                     r.rulename) END,
       NULL::text,
       format('DROP RULE %I ON %I.%I;', r.rulename, n.nspname, c.relname),
       json_build_array(json_build_array(n.nspname, c.relname)), true
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'statistics', 'pg_statistic_ext'::regclass, s.oid, n.nspname,
       json_build_array(n.nspname, s.stxname),
       -- The server gives the columns in the table's order, which no statement can change and which means nothing here.
       format('CREATE STATISTICS %I.%I%s ON %s FROM %I.%I;', n.nspname, s.stxname,
              substring(pg_get_statisticsobjdef(s.oid) FROM '^CREATE STATISTICS .+?( \([a-z, ]+\)) ON '),
              concat_ws(', ',
                  (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[])),
                  (SELECT string_agg('(' || e || ')', ', ' ORDER BY e)
                   FROM unnest(pg_get_statisticsobjdef_expressions(s.oid)) AS e)),
              cn.nspname, c.relname)
           || CASE WHEN COALESCE(s.stxstattarget, -1) >= 0
                   THEN format(E'\nALTER STATISTICS %I.%I SET STATISTICS %s;', n.nspname, s.stxname, s.stxstattarget)
                   ELSE '' END,
       NULL,
       format('DROP STATISTICS %I.%I;', n.nspname, s.stxname),
       json_build_array(json_build_array(cn.nspname, c.relname)), true
FROM pg_catalog.pg_statistic_ext s
JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
UNION ALL
SELECT 'typed table', 'pg_class'::regclass, c.oid, n.nspname, json_build_array(n.nspname, c.relname),
       format('ALTER TABLE %I.%I OF %s;', n.nspname, c.relname, format_type(c.reloftype, NULL)), NULL,
       format('ALTER TABLE %I.%I NOT OF;', n.nspname, c.relname),
       json_build_array(json_build_array(n.nspname, c.relname)), false
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.reloftype <> 0
UNION ALL
SELECT 'publication', 'pg_publication'::regclass, p.oid, NULL,
       json_build_array(p.pubname),
       format('CREATE PUBLICATION %I%s WITH (%s);', p.pubname,
              CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END, o.options),
       -- What is made FOR ALL TABLES cannot become one that is not, or the other way round.
       format('ALTER PUBLICATION %I SET (%s);', p.pubname, o.options),
       format('DROP PUBLICATION %I;', p.pubname), '[]', false
FROM pg_catalog.pg_publication p
CROSS JOIN LATERAL (SELECT format('publish = %L, publish_via_partition_root = %s%s',
    concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
              CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
    CASE WHEN p.pubviaroot THEN 'true' ELSE 'false' END,
    CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN ', publish_generated_columns = stored' ELSE '' END) AS options) o
UNION ALL
SELECT 'publication table', 'pg_publication_rel'::regclass, r.oid, NULL,
       json_build_array(p.pubname, n.nspname, c.relname),
       format('ALTER PUBLICATION %I ADD TABLE ONLY %I.%I', p.pubname, n.nspname, c.relname)
           || COALESCE((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) || ')' -- since 15
                        FROM pg_catalog.pg_attribute a -- since 15
                        WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])), '') -- since 15
           || COALESCE(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '') -- since 15
           || ';',
       NULL,
       format('ALTER PUBLICATION %I DROP TABLE ONLY %I.%I;', p.pubname, n.nspname, c.relname),
       json_build_array(json_build_array(n.nspname, c.relname)),
       r.prqual IS NOT NULL -- since 15
       false -- before 15
FROM pg_catalog.pg_publication_rel r
JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
UNION ALL -- since 15
SELECT 'publication schema', 'pg_publication_namespace'::regclass, r.oid, NULL, -- since 15
       json_build_array(p.pubname, n.nspname), -- since 15
       format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I;', p.pubname, n.nspname), NULL, -- since 15
       format('ALTER PUBLICATION %I DROP TABLES IN SCHEMA %I;', p.pubname, n.nspname), '[]', false -- since 15
FROM pg_catalog.pg_publication_namespace r -- since 15
JOIN pg_catalog.pg_publication p ON p.oid = r.pnpubid -- since 15
JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid -- since 15
UNION ALL
-- Its connection may hold a password, and is not read.
SELECT 'subscription', 'pg_subscription'::regclass, s.oid, NULL, json_build_array(s.subname),
       format('%s to %s, slot %s, synchronous_commit %s', CASE WHEN s.subenabled THEN 'enabled' ELSE 'disabled' END,
              (SELECT string_agg(quote_ident(one), ', ' ORDER BY one) FROM unnest(s.subpublications) AS one),
              s.subslotname, s.subsynccommit),
       NULL, NULL, '[]', false
FROM pg_catalog.pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
UNION ALL
SELECT 'cast', 'pg_cast'::regclass, c.oid, NULL,
       json_build_array(format_type(c.castsource, NULL), format_type(c.casttarget, NULL)),
       format('CREATE CAST (%s AS %s) %s%s;', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
              CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure
                                WHEN 'b' THEN 'WITHOUT FUNCTION' ELSE 'WITH INOUT' END,
              CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END),
       NULL,
       format('DROP CAST (%s AS %s);', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)), '[]', false
FROM pg_catalog.pg_cast c
UNION ALL
SELECT 'collation', 'pg_collation'::regclass, c.oid, n.nspname, json_build_array(n.nspname, c.collname),
       format('CREATE COLLATION %I.%I (provider = %s, %s%s%s);', n.nspname, c.collname,
              CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
              CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype
                   THEN format('lc_collate = %L, lc_ctype = %L', c.collcollate, c.collctype)
                   ELSE format('locale = %L', COALESCE(j.row ->> 'colllocale', j.row ->> 'colliculocale', c.collcollate))
                   END,
              CASE WHEN c.collisdeterministic THEN '' ELSE ', deterministic = false' END,
              COALESCE(', rules = ' || quote_literal(j.row ->> 'collicurules'), '')),
       NULL, format('DROP COLLATION %I.%I;', n.nspname, c.collname), '[]', false
FROM pg_catalog.pg_collation c
JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
CROSS JOIN LATERAL (SELECT jsonb_strip_nulls(to_jsonb(c)) AS row) j
UNION ALL
SELECT 'text search dictionary', 'pg_ts_dict'::regclass, d.oid, n.nspname, json_build_array(n.nspname, d.dictname),
       format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s);', n.nspname, d.dictname, tn.nspname,
              t.tmplname, COALESCE(', ' || d.dictinitoption, '')),
       NULL, format('DROP TEXT SEARCH DICTIONARY %I.%I;', n.nspname, d.dictname), '[]', false
FROM pg_catalog.pg_ts_dict d
JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace
JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
UNION ALL
SELECT 'text search configuration', 'pg_ts_config'::regclass, c.oid, n.nspname, json_build_array(n.nspname, c.cfgname),
       format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I);', n.nspname, c.cfgname, pn.nspname, p.prsname)
           || COALESCE((SELECT string_agg(E'\n' || m.made, '' ORDER BY m.made) FROM (
                SELECT format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s;', n.nspname, c.cfgname,
                              k.alias, string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno))
                FROM pg_catalog.pg_ts_config_map m
                JOIN pg_catalog.ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype
                JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict
                JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace
                WHERE m.mapcfg = c.oid
                GROUP BY k.alias) m(made)), ''),
       NULL, format('DROP TEXT SEARCH CONFIGURATION %I.%I;', n.nspname, c.cfgname), '[]', false
FROM pg_catalog.pg_ts_config c
JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
UNION ALL
SELECT 'text search template', 'pg_ts_template'::regclass, t.oid, n.nspname, json_build_array(n.nspname, t.tmplname),
       format('CREATE TEXT SEARCH TEMPLATE %I.%I (%sLEXIZE = %s);', n.nspname, t.tmplname,
              CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit || ', ' ELSE '' END, t.tmpllexize),
       NULL, format('DROP TEXT SEARCH TEMPLATE %I.%I;', n.nspname, t.tmplname), '[]', false
FROM pg_catalog.pg_ts_template t
JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
UNION ALL
SELECT 'text search parser', 'pg_ts_parser'::regclass, p.oid, n.nspname, json_build_array(n.nspname, p.prsname),
       format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s, LEXTYPES = %s%s);', n.nspname,
              p.prsname, p.prsstart, p.prstoken, p.prsend, p.prslextype,
              CASE WHEN p.prsheadline <> 0 THEN ', HEADLINE = ' || p.prsheadline ELSE '' END),
       NULL, format('DROP TEXT SEARCH PARSER %I.%I;', n.nspname, p.prsname), '[]', false
FROM pg_catalog.pg_ts_parser p
JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
UNION ALL
SELECT 'operator', 'pg_operator'::regclass, o.oid, n.nspname,
       json_build_array(n.nspname, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                        format_type(o.oprright, NULL)),
       format('CREATE OPERATOR %I.%s (FUNCTION = %s%s, RIGHTARG = %s%s%s%s%s%s%s);', n.nspname, o.oprname,
              regexp_replace(o.oprcode::regprocedure::text, '\(.*', ''),
              CASE WHEN o.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || format_type(o.oprleft, NULL) END,
              format_type(o.oprright, NULL),
              CASE WHEN o.oprcom = 0 THEN '' ELSE (SELECT format(', COMMUTATOR = OPERATOR(%I.%s)', xn.nspname, x.oprname)
                  FROM pg_catalog.pg_operator x JOIN pg_catalog.pg_namespace xn ON xn.oid = x.oprnamespace
                  WHERE x.oid = o.oprcom) END,
              CASE WHEN o.oprnegate = 0 THEN '' ELSE (SELECT format(', NEGATOR = OPERATOR(%I.%s)', xn.nspname, x.oprname)
                  FROM pg_catalog.pg_operator x JOIN pg_catalog.pg_namespace xn ON xn.oid = x.oprnamespace
                  WHERE x.oid = o.oprnegate) END,
              CASE WHEN o.oprrest = 0 THEN '' ELSE ', RESTRICT = ' || o.oprrest END,
              CASE WHEN o.oprjoin = 0 THEN '' ELSE ', JOIN = ' || o.oprjoin END,
              CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END,
              CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END),
       NULL,
       format('DROP OPERATOR %I.%s (%s, %s);', n.nspname, o.oprname,
              CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, format_type(o.oprright, NULL)),
       '[]', false
FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0
UNION ALL
SELECT 'operator family', 'pg_opfamily'::regclass, f.oid, n.nspname, json_build_array(n.nspname, f.opfname, m.amname),
       format('CREATE OPERATOR FAMILY %I.%I USING %I;', n.nspname, f.opfname, m.amname), NULL,
       format('DROP OPERATOR FAMILY %I.%I USING %I;', n.nspname, f.opfname, m.amname), '[]', false
FROM pg_catalog.pg_opfamily f
JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
UNION ALL
SELECT 'operator class', 'pg_opclass'::regclass, c.oid, n.nspname, json_build_array(n.nspname, c.opcname, m.amname),
       format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS %s;', n.nspname, c.opcname,
              CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END, format_type(c.opcintype, NULL), m.amname, fn.nspname,
              f.opfname,
              concat_ws(', ',
                  (SELECT string_agg(format('OPERATOR %s %s', a.amopstrategy, a.amopopr::regoperator)
                      || CASE WHEN a.amopsortfamily <> 0 THEN (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
                              FROM pg_catalog.pg_opfamily s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace
                              WHERE s.oid = a.amopsortfamily) ELSE '' END,
                      ', ' ORDER BY a.amopstrategy, a.amopopr::regoperator::text)
                   FROM pg_catalog.pg_amop a
                   JOIN pg_catalog.pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = a.oid
                                              AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid),
                  (SELECT string_agg(format('FUNCTION %s (%s, %s) %s', a.amprocnum, format_type(a.amproclefttype, NULL),
                                            format_type(a.amprocrighttype, NULL), a.amproc::regprocedure), ', '
                                     ORDER BY a.amprocnum, a.amproc::regprocedure::text)
                   FROM pg_catalog.pg_amproc a
                   JOIN pg_catalog.pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = a.oid
                                              AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid),
                  CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL) END)),
       NULL, format('DROP OPERATOR CLASS %I.%I USING %I;', n.nspname, c.opcname, m.amname), '[]', false
FROM pg_catalog.pg_opclass c
JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod
JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
UNION ALL
SELECT 'conversion', 'pg_conversion'::regclass, c.oid, n.nspname, json_build_array(n.nspname, c.conname),
       format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s;', CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END,
              n.nspname, c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding),
              regexp_replace(c.conproc::regprocedure::text, '\(.*', '')),
       NULL, format('DROP CONVERSION %I.%I;', n.nspname, c.conname), '[]', false
FROM pg_catalog.pg_conversion c
JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
UNION ALL
SELECT 'transform', 'pg_transform'::regclass, t.oid, NULL,
       json_build_array(format_type(t.trftype, NULL), l.lanname),
       format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s);', format_type(t.trftype, NULL), l.lanname,
              concat_ws(', ', CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::regprocedure END,
                              CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || t.trftosql::regprocedure END)),
       NULL, format('DROP TRANSFORM FOR %s LANGUAGE %I;', format_type(t.trftype, NULL), l.lanname), '[]', false
FROM pg_catalog.pg_transform t
JOIN pg_catalog.pg_language l ON l.oid = t.trflang
UNION ALL
SELECT 'language', 'pg_language'::regclass, l.oid, NULL, json_build_array(l.lanname),
       format('CREATE %sLANGUAGE %I HANDLER %s%s%s;', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END, l.lanname,
              regexp_replace(l.lanplcallfoid::regprocedure::text, '\(.*', ''),
              CASE WHEN l.laninline <> 0
                   THEN ' INLINE ' || regexp_replace(l.laninline::regprocedure::text, '\(.*', '') ELSE '' END,
              CASE WHEN l.lanvalidator <> 0
                   THEN ' VALIDATOR ' || regexp_replace(l.lanvalidator::regprocedure::text, '\(.*', '') ELSE '' END),
       NULL, format('DROP LANGUAGE %I;', l.lanname), '[]', false
FROM pg_catalog.pg_language l
WHERE l.lanispl
UNION ALL
SELECT 'access method', 'pg_am'::regclass, m.oid, NULL, json_build_array(m.amname),
       format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s;', m.amname,
              CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END,
              regexp_replace(m.amhandler::regprocedure::text, '\(.*', '')),
       NULL, format('DROP ACCESS METHOD %I;', m.amname), '[]', false
FROM pg_catalog.pg_am m
UNION ALL
SELECT 'foreign data wrapper', 'pg_foreign_data_wrapper'::regclass, w.oid, NULL, json_build_array(w.fdwname),
       format('CREATE FOREIGN DATA WRAPPER %I%s%s%s;', w.fdwname,
              CASE WHEN w.fdwhandler <> 0
                   THEN ' HANDLER ' || regexp_replace(w.fdwhandler::regprocedure::text, '\(.*', '') ELSE '' END,
              CASE WHEN w.fdwvalidator <> 0
                   THEN ' VALIDATOR ' || regexp_replace(w.fdwvalidator::regprocedure::text, '\(.*', '') ELSE '' END,
              COALESCE((SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                        ORDER BY o.option_name) || ')' FROM pg_options_to_table(w.fdwoptions) o), '')),
       NULL, format('DROP FOREIGN DATA WRAPPER %I;', w.fdwname), '[]', false
FROM pg_catalog.pg_foreign_data_wrapper w
UNION ALL
SELECT 'foreign server', 'pg_foreign_server'::regclass, s.oid, NULL, json_build_array(s.srvname),
       format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s;', s.srvname,
              COALESCE(' TYPE ' || quote_literal(s.srvtype), ''), COALESCE(' VERSION ' || quote_literal(s.srvversion), ''), w.fdwname,
              COALESCE((SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                        ORDER BY o.option_name) || ')' FROM pg_options_to_table(s.srvoptions) o), '')),
       NULL, format('DROP SERVER %I;', s.srvname), '[]', false
FROM pg_catalog.pg_foreign_server s
JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
UNION ALL
-- Its options hold a password: neither read nor written.
SELECT 'user mapping', NULL::regclass, u.umid, NULL, json_build_array(u.srvname, u.usename), 'a user mapping', NULL,
       format('DROP USER MAPPING FOR %s SERVER %I;',
              CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname), '[]', false
FROM pg_catalog.pg_user_mappings u
UNION ALL
SELECT 'foreign table', 'pg_class'::regclass, c.oid, n.nspname, json_build_array(n.nspname, c.relname),
       format('CREATE FOREIGN TABLE %I.%I (%s) SERVER %I%s;', n.nspname, c.relname,
              (SELECT string_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                          (SELECT 'OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                  ORDER BY o.option_name) || ')' FROM pg_options_to_table(a.attfdwoptions) o),
                          CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                          (SELECT 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
                           WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)), ', ' ORDER BY a.attnum)
               FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
              s.srvname,
              COALESCE((SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                        ORDER BY o.option_name) || ')' FROM pg_options_to_table(f.ftoptions) o), '')),
       NULL, format('DROP FOREIGN TABLE %I.%I;', n.nspname, c.relname), '[]', false
FROM pg_catalog.pg_foreign_table f
JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
UNION ALL
-- A database's own set replaces the standard rights of what a role makes, a schema's is added to it.
SELECT 'default privileges', 'pg_default_acl'::regclass, d.oid, n.nspname,
       json_build_array(r.rolname, COALESCE(n.nspname, ''), k.word, COALESCE(e.grantee, '')),
       format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s %s %s ON %s %s %s%s;', r.rolname,
              COALESCE(' IN SCHEMA ' || quote_ident(n.nspname), ''), e.verb, e.privileges, k.word,
              CASE e.verb WHEN 'GRANT' THEN 'TO' ELSE 'FROM' END, COALESCE(quote_ident(e.grantee), 'PUBLIC'),
              CASE WHEN e.grantable THEN ' WITH GRANT OPTION' ELSE '' END),
       NULL,
       format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s %s %s ON %s %s %s;', r.rolname,
              COALESCE(' IN SCHEMA ' || quote_ident(n.nspname), ''), CASE e.verb WHEN 'GRANT' THEN 'REVOKE' ELSE 'GRANT' END,
              e.privileges, k.word, CASE e.verb WHEN 'GRANT' THEN 'FROM' ELSE 'TO' END,
              COALESCE(quote_ident(e.grantee), 'PUBLIC')),
       '[]', false
FROM pg_catalog.pg_default_acl d
JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
JOIN (VALUES ('r', 'TABLES', 'r'), ('S', 'SEQUENCES', 's'), ('f', 'FUNCTIONS', 'f'), ('T', 'TYPES', 'T'),
             ('n', 'SCHEMAS', 'n')) AS k(type, word, standard) ON k.type = d.defaclobjtype::text
CROSS JOIN LATERAL (
    SELECT t.verb, g.rolname AS grantee, t.grantable, string_agg(t.privilege_type, ', ' ORDER BY t.privilege_type) AS privileges
    FROM (
        SELECT 'GRANT' AS verb, a.grantee, a.privilege_type, a.is_grantable AS grantable
        FROM aclexplode(d.defaclacl) a
        WHERE d.defaclnamespace <> 0 OR (a.grantee, a.privilege_type) NOT IN
            (SELECT s.grantee, s.privilege_type FROM aclexplode(acldefault(k.standard::"char", d.defaclrole)) s)
        UNION ALL
        SELECT 'REVOKE', s.grantee, s.privilege_type, false
        FROM aclexplode(acldefault(k.standard::"char", d.defaclrole)) s
        WHERE d.defaclnamespace = 0 AND (s.grantee, s.privilege_type) NOT IN
            (SELECT a.grantee, a.privilege_type FROM aclexplode(d.defaclacl) a)) t
    LEFT JOIN pg_catalog.pg_roles g ON g.oid = t.grantee
    GROUP BY t.verb, g.rolname, t.grantee, t.grantable) e
UNION ALL
SELECT 'security label', NULL, 0::oid, l.objnamespace_name, json_build_array(l.provider, l.objtype, l.objname),
       format('SECURITY LABEL FOR %I ON %s %s IS %L;', l.provider, upper(l.objtype), l.objname, l.label), NULL,
       format('SECURITY LABEL FOR %I ON %s %s IS NULL;', l.provider, upper(l.objtype), l.objname), '[]', false
FROM (SELECT s.*, NULL::name AS objnamespace_name FROM pg_catalog.pg_seclabels s
      WHERE s.objtype NOT IN ('database', 'role', 'tablespace')) l
)
SELECT f.kind, f.names::text, f.made, f.altered, f.dropped, f.relations::text, f.printed, f.schema
FROM found f
WHERE COALESCE(f.schema, '') !~ '^pg_' AND COALESCE(f.schema, '') <> 'information_schema'
  AND (f.class IS NULL OR f.id >= 16384)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = f.class AND d.objid = f.id
                    -- An extension's, or what came with another object, as the cast of a range to its multirange.
                    AND (d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass OR d.deptype = 'i' AND f.kind = 'cast'))
