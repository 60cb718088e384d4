SELECT t.oid, t.evtname, t.evtevent, t.evttags, n.nspname, p.proname, t.evtenabled, t.evtowner
FROM pg_event_trigger t
JOIN pg_proc p ON p.oid = t.evtfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE t.oid NOT IN (SELECT objid FROM pg_depend
                    WHERE refclassid = 'pg_extension'::regclass AND classid = 'pg_event_trigger'::regclass
                      AND deptype = 'e')
