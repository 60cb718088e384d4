-- Functions, procedures, aggregates; not those that a range type brings (deptype 'i') or an extension owns.
SELECT p.oid, p.pronamespace, p.proname, p.proowner, oidvectortypes(p.proargtypes), p.prokind,
       CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END,
       CASE WHEN p.prokind = 'a' THEN
           (SELECT json_build_object(
                'arguments', pg_get_function_arguments(p.oid),
                'kind', g.aggkind,
                'sfunc', g.aggtransfn::text,
                'stype', format_type(g.aggtranstype, NULL),
                'sspace', NULLIF(g.aggtransspace, 0),
                'finalfunc', NULLIF(g.aggfinalfn::text, '-'),
                'finalfunc_extra', g.aggfinalextra,
                'finalfunc_modify', g.aggfinalmodify,
                'combinefunc', NULLIF(g.aggcombinefn::text, '-'),
                'serialfunc', NULLIF(g.aggserialfn::text, '-'),
                'deserialfunc', NULLIF(g.aggdeserialfn::text, '-'),
                'initcond', g.agginitval,
                'msfunc', NULLIF(g.aggmtransfn::text, '-'),
                'minvfunc', NULLIF(g.aggminvtransfn::text, '-'),
                'mstype', CASE WHEN g.aggmtranstype <> 0 THEN format_type(g.aggmtranstype, NULL) END,
                'msspace', NULLIF(g.aggmtransspace, 0),
                'mfinalfunc', NULLIF(g.aggmfinalfn::text, '-'),
                'mfinalfunc_extra', g.aggmfinalextra,
                'mfinalfunc_modify', g.aggmfinalmodify,
                'minitcond', g.aggminitval,
                'sortop', (SELECT 'OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')' FROM pg_operator o
                           JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = g.aggsortop),
                'parallel', p.proparallel)
            FROM pg_aggregate g WHERE g.aggfnoid = p.oid) END
FROM pg_proc p
WHERE p.pronamespace IN (:schemas)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                                            AND d.deptype IN ('e', 'i'))
