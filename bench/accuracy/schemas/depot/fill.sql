INSERT INTO carriers SELECT i, 'carrier ' || i FROM generate_series(1, 12) i;
INSERT INTO places
SELECT 'P' || lpad(i::text, 6, '0'), CASE WHEN i > 1 THEN 'P' || lpad((i / 5)::text, 6, '0') END, (array['hub', 'depot', 'shop', 'locker'])[1 + least(3, floor(ln(i) / 2.5)::int)],
       '/' || i / 125 || '/' || i / 25 || '/' || i / 5 || '/' || i, point(random() * 360 - 180, random() * 180 - 90)
FROM generate_series(1, 15000) i;
INSERT INTO parcels
SELECT i, 'TRK' || lpad(((i::bigint * 7368787) % 900000)::text, 10, '0'), 1 + floor(12 * power(random(), 2.5))::int,
       'P' || lpad((1 + floor(15000 * power(random(), 4))::int)::text, 6, '0'), 'P' || lpad((1 + floor(15000 * power(random(), 1.3))::int)::text, 6, '0'),
       (100 + 20000 * power(random(), 4))::int, CASE WHEN random() < 0.5 THEN random() < 0.1 END, date '2023-01-01' + (i / 1000),
       CASE WHEN i < 590000 AND random() < 0.99 THEN timestamptz '2023-01-01 UTC' + i / 1000 * interval '1 day' + (random() - 0.8) * interval '3 days' END, 'Recipient ' || md5((i % 90000)::text)
FROM generate_series(1, 600000) i;
INSERT INTO scans
SELECT i, 1 + (i::bigint * 13 % 600000), 'P' || lpad((1 + floor(15000 * power(random(), 4))::int)::text, 6, '0'),
       timestamptz '2023-01-01 UTC' + i * interval '39 seconds', (9 * power(random(), 1.5))::int, CASE WHEN random() < 0.3 THEN 'dev' || floor(random() * 900)::int END
FROM generate_series(1, 1350000) i;
INSERT INTO claims
SELECT i, 1 + floor(600000 * random())::bigint, CASE WHEN random() < 0.93 THEN 'closed' WHEN random() < 0.8 THEN 'open' ELSE 'disputed' END, (random() * 900)::numeric(12, 2),
       timestamptz '2023-01-01 UTC' + i * interval '17 minutes', CASE WHEN random() < 0.9 THEN timestamptz '2023-02-01 UTC' + i * interval '17 minutes' END
FROM generate_series(1, 50000) i;
