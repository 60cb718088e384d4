DO $$ DECLARE r record; n int := 0; BEGIN
FOR r IN SELECT a.amname, o.opcname, format_type(o.opcintype, NULL) AS t, n.nspname FROM pg_opclass o JOIN pg_am a ON a.oid = o.opcmethod JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_type t ON t.oid = o.opcintype WHERE t.typtype IN ('b','r','m') ORDER BY 1,2,3 LOOP
 n := n + 1;
 BEGIN EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, c %s)', lpad(n::text,3,'0'), r.t); EXECUTE format('CREATE INDEX ON t%s USING %s (c %s)', lpad(n::text,3,'0'), r.amname, r.opcname); EXCEPTION WHEN others THEN NULL; END;
END LOOP; END $$;