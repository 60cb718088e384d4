-- What the planner is told beside statistics, where somebody changed it.
SELECT s.name, current_setting(s.name) AS value
FROM pg_settings AS s
WHERE (s.category LIKE 'Query Tuning / Planner%'
       OR s.category = 'Query Tuning / Other Planner Options'
       OR s.name IN ('work_mem', 'hash_mem_multiplier', 'max_parallel_workers_per_gather'))
  AND s.name NOT LIKE 'jit%' AND s.name NOT IN ('plan_cache_mode', 'default_statistics_target', 'recursive_worktable_factor')
  AND s.setting IS DISTINCT FROM s.boot_val AND s.context = 'user'
ORDER BY s.name
