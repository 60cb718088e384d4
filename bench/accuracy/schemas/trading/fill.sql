INSERT INTO instruments
SELECT i, 'SYM' || i, (array['XNAS', 'XNYS', 'XNYS', 'XETR', 'XLON'])[1 + i % 5], CASE WHEN i % 7 <> 0 THEN 'sector' || i % 11 END,
       0.01, daterange(date '2000-01-01' + i, CASE WHEN i % 20 = 0 THEN date '2020-01-01' + i END)
FROM generate_series(1, 2000) i;
INSERT INTO ticks
SELECT 1 + floor(2000 * power(random(), 3))::int, timestamptz '2024-01-01 UTC' + i * interval '10.4 seconds', i, 100 + 20 * sin(i / 1e4) + random(),
       (1 + 1000 * power(random(), 4))::int
FROM generate_series(1, 1000000) i;
INSERT INTO orders
SELECT account, row_number() OVER (PARTITION BY account ORDER BY i), 1 + floor(2000 * power(random(), 2))::int, CASE WHEN random() < 0.5 THEN 1 ELSE -1 END,
       CASE WHEN r < 0.9 THEN 'filled' WHEN r < 0.98 THEN 'cancelled' WHEN r < 0.997 THEN 'rejected' ELSE 'open' END,
       100 + 50 * random(), (1 + 500 * random())::int, timestamp '2023-01-01' + i * interval '110 seconds',
       CASE WHEN r < 0.997 THEN timestamp '2023-01-01' + i * interval '110 seconds' + random() * interval '3 days' END
FROM (SELECT i, random() AS r, 1 + floor(8000 * power(random(), 2.5))::int AS account FROM generate_series(1, 350000) i) x;
INSERT INTO fills
SELECT account_id, order_no, n, price, 1 + quantity / 2, placed_at + n * interval '1 minute'
FROM orders, generate_series(1, 2) n WHERE status = 'filled' AND (n = 1 OR order_no % 3 = 0);
INSERT INTO quotes_valid
SELECT i, 1 + i % 2000, tstzrange(timestamptz '2024-01-01 UTC' + i * interval '1 minute', timestamptz '2024-01-01 UTC' + i * interval '1 minute' + (1 + 300 * power(random(), 3)) * interval '1 minute'), 100 * random()
FROM generate_series(1, 120000) i;
INSERT INTO audit
SELECT i, timestamptz '2023-01-01 UTC' + i * interval '3 minutes', ('10.' || i % 3 || '.' || i % 200 || '.' || floor(250 * power(random(), 2)))::inet,
       (array['login', 'login', 'login', 'login', 'export', 'change'])[1 + (random() * 5.99)::int % 6], CASE WHEN random() < 0.3 THEN md5(i::text) END
FROM generate_series(1, 200000) i;
