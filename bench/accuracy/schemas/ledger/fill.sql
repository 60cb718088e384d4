INSERT INTO clients
SELECT i, 'Client ' || md5(i::text), 'user' || i || '@' || (array['example.com', 'mail.test', 'corp.example', 'post.test'])[1 + i % 4],
       (array['US', 'US', 'US', 'US', 'DE', 'DE', 'FR', 'GB', 'JP', 'NZ'])[1 + (random() * 9.99)::int % 10],
       CASE WHEN random() < 0.9 THEN 'free' WHEN random() < 0.9 THEN 'team' ELSE 'enterprise' END,
       random() < 0.95,
       CASE WHEN random() < 0.1 AND i > 1 THEN 1 + (random() * (i - 2))::bigint END,
       timestamptz '2019-01-01 UTC' + i * interval '3 hours'
FROM generate_series(1, 10000) i;
INSERT INTO accounts
SELECT i, 1 + floor(10000 * power(random(), 1.5)), (array['EUR', 'EUR', 'USD', 'USD', 'USD', 'GBP'])[1 + i % 6],
       (random() * 1e8)::bigint, date '2019-01-01' + (i / 20)::int,
       CASE WHEN random() < 0.07 THEN date '2023-01-01' + (random() * 600)::int END
FROM generate_series(1, 40000) i;
INSERT INTO invoices
SELECT i, 1 + floor(10000 * power(random(), 3)), 'INV-' || lpad(i::text, 9, '0'),
       CASE WHEN r < 0.86 THEN 'paid' WHEN r < 0.93 THEN 'sent' WHEN r < 0.97 THEN 'overdue' WHEN r < 0.995 THEN 'void' ELSE 'draft' END::invoice_status,
       (array['EUR', 'USD', 'USD', 'GBP'])[1 + i % 4], (exp(4 + 5 * random()) * 10)::bigint,
       at, at::date + 30, CASE WHEN r < 0.86 THEN at + random() * interval '40 days' END,
       CASE WHEN random() < 0.03 THEN 'note ' || md5(i::text) END
FROM (SELECT i, random() AS r, timestamptz '2021-01-01 UTC' + i * interval '7 minutes' + random() * interval '2 days' AS at
      FROM generate_series(1, 300000) i) x;
INSERT INTO invoice_lines
SELECT i, n, 'SKU-' || lpad(floor(5000 * power(random(), 2))::text, 5, '0'), 1 + (random() * 9)::int, (random() * 1e5)::bigint,
       CASE WHEN random() < 0.5 THEN 'line ' || md5((i * 10 + n)::text) END
FROM generate_series(1, 300000) i, generate_series(1, 1 + (i::bigint * 7919 % 4)::int) n WHERE n <= 2 OR i % 5 <> 0;
INSERT INTO payments
SELECT i, 1 + (i * 2) % 300000, 1 + floor(40000 * power(random(), 1.5)), (random() * 1e7)::bigint,
       (array['card', 'card', 'card', 'sepa', 'wire'])[1 + (random() * 4.99)::int % 5],
       timestamptz '2021-01-05 UTC' + i * interval '14 minutes', CASE WHEN random() < 0.2 THEN 'REF' || i END
FROM generate_series(1, 150000) i;
INSERT INTO transactions
SELECT i, 1 + floor(40000 * power(random(), 2)),
       CASE WHEN r < 0.8 THEN 'charge' WHEN r < 0.95 THEN 'fee' WHEN r < 0.99 THEN 'payout' WHEN r < 0.9995 THEN 'refund' ELSE 'adjustment' END::tx_kind,
       (exp(3 + 6 * random()))::bigint, timestamptz '2021-01-01 UTC' + i * interval '2 minutes' + random() * interval '1 hour',
       CASE WHEN random() < 0.4 THEN 1 + (random() * 299999)::bigint END,
       CASE WHEN random() < 0.15 THEN 'memo ' || md5(i::text) END
FROM (SELECT i, random() AS r FROM generate_series(1, 850000) i) x;
