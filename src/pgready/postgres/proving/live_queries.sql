SELECT s.queryid, s.calls, s.total_exec_time, s.query, s.search_path, s.entries
FROM (
  SELECT p.queryid, p.query, sum(p.calls) AS calls, sum(p.total_exec_time) AS total_exec_time,
         count(*) AS entries,
         (SELECT pg_catalog.substr(word, 13) FROM pg_catalog.pg_db_role_setting r, pg_catalog.unnest(r.setconfig) word
          WHERE word LIKE 'search\_path=%' AND r.setrole IN (p.userid, 0) AND r.setdatabase IN (p.dbid, 0)
          ORDER BY r.setrole = 0, r.setdatabase = 0 LIMIT 1) AS search_path
  FROM @schema@.pg_stat_statements p
  WHERE p.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  GROUP BY p.queryid, p.query, p.userid, p.dbid
) s
ORDER BY s.total_exec_time DESC, s.queryid
LIMIT @count@
