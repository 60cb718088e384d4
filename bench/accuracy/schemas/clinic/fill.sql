INSERT INTO wards SELECT i, 'ward ' || i, i % 6 FROM generate_series(1, 40) i;
INSERT INTO patients
SELECT i, 'M' || i * 7, 'Family' || floor(20000 * power(random(), 3))::int, 'Given' || floor(900 * power(random(), 2))::int, date '1925-01-01' + (36000 * sqrt(random()))::int,
       CASE WHEN random() < 0.9 THEN 'City' || floor(800 * power(random(), 4))::int END, CASE WHEN random() < 0.7 THEN array['+49' || i, '+1' || (i * 13 % 90000)] ELSE '{}' END,
       jsonb_build_object('vip', i % 211 = 0, 'lang', (array['de', 'en', 'fr', 'pl'])[1 + i % 4], 'tags', jsonb_build_array('t' || i % 50, 't' || i % 33)),
       random() < 0.93, CASE WHEN random() < 0.01 AND i > 1 THEN 1 + floor((i - 1) * random())::int END
FROM generate_series(1, 120000) i;
INSERT INTO visits
SELECT i, 1 + floor(120000 * power(random(), 2))::int, 1 + floor(40 * power(random(), 2))::int, 1 + floor(600 * power(random(), 1.5))::int,
       tstzrange(at, at + len), at, CASE WHEN i < 395000 OR random() < 0.3 THEN at + len END,
       CASE WHEN r < 0.85 THEN 'home' WHEN r < 0.95 THEN 'moved' WHEN r < 0.99 THEN 'died' END, (100 + 9000 * power(random(), 5))::numeric(12, 2), CASE WHEN random() < 0.4 THEN repeat(md5(i::text), 4) END
FROM (SELECT i, random() AS r, timestamptz '2019-01-01 UTC' + i * interval '7 minutes' AS at, (1 + 400 * power(random(), 4)) * interval '1 hour' AS len FROM generate_series(1, 400000) i) x;
INSERT INTO results
SELECT 1 + floor(120000 * power(random(), 2.5))::int, i, 'C' || floor(300 * power(random(), 3))::int, CASE WHEN random() < 0.9 THEN 100 * random() END,
       CASE WHEN r < 0.8 THEN 'info' WHEN r < 0.92 THEN 'low' WHEN r < 0.98 THEN 'medium' WHEN r < 0.999 THEN 'high' ELSE 'critical' END::severity,
       timestamptz '2019-06-01 UTC' + i * interval '3 minutes', CASE WHEN i < 790000 AND random() < 0.95 THEN 1 + floor(600 * random())::int END
FROM (SELECT i, random() AS r FROM generate_series(1, 900000) i) x;
INSERT INTO orders
SELECT i, (array['north', 'north', 'south', 'south', 'south', 'east', 'west', 'arctic'])[1 + (7.99 * random())::int % 8], CASE WHEN random() < 0.7 THEN 1 + floor(400000 * random())::bigint END,
       'item' || floor(4000 * power(random(), 3))::int, timestamptz '2020-01-01 UTC' + i * interval '8 minutes', (1 + 30 * power(random(), 3))::int
FROM generate_series(1, 350000) i;
INSERT INTO jobs
SELECT i, (array['mail', 'mail', 'mail', 'mail', 'report', 'sync', 'purge'])[1 + (6.99 * random())::int % 7], timestamptz '2024-01-01 UTC' + i * interval '1 minute', (3 * power(random(), 6))::int,
       CASE WHEN i > 229900 THEN 'worker' || i % 9 END, CASE WHEN i < 227000 THEN timestamptz '2024-01-01 UTC' + i * interval '61 seconds' END, jsonb_build_object('n', i)
FROM generate_series(1, 230000) i;
REFRESH MATERIALIZED VIEW ward_days;
