INSERT INTO clients SELECT n, 'client' || n || '@example.com', (ARRAY['EU', 'US', 'ASIA', 'AFRICA'])[1 + n % 4], n % 50,
    'note ' || n % 1000, 'calm', n % 100, timestamp '2024-01-01' + n * interval '1 minute',
    timestamptz '2024-01-01 00:00:00+00' + n * interval '1 minute', n % 1000, '{"a": 1}' FROM generate_series(1, 1000000) n;
INSERT INTO invoices SELECT n, 1 + (n * 7919::bigint) % 1000000, 'R-' || n, n % 500, 'note ' || n % 1000,
    date '2024-01-01' + n % 700 FROM generate_series(1, 1000000) n;
SELECT setval(pg_get_serial_sequence('invoices', 'id'), 1000000);
INSERT INTO events SELECT n, date '2024-01-01' + n % 730, n % 20, 'note ' || n % 1000 FROM generate_series(1, 2000000) n;
INSERT INTO events_c SELECT n, date '2026-01-01' + n % 360, n % 20, 'note ' || n % 1000
    FROM generate_series(2000001, 3000000) n;
INSERT INTO options VALUES ('theme', 'dark'), ('page', '50'), ('motd', 'hello');
REFRESH MATERIALIZED VIEW balances;
VACUUM ANALYZE;
CHECKPOINT;
