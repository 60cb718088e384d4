-- Comments on what is not PostgreSQL's own, and on the schema public.
SELECT d.classoid::regclass, d.objoid, d.objsubid, d.description
FROM pg_description d
WHERE (d.objoid >= 16384 OR (d.objoid = 2200 AND d.classoid = 'pg_namespace'::regclass))
  AND d.classoid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass,
                     'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_namespace'::regclass,
                     'pg_extension'::regclass, 'pg_event_trigger'::regclass)
