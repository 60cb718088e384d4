INSERT INTO billing.plans VALUES ('free', 0), ('team', 4900), ('business', 19900), ('enterprise', 99900);
INSERT INTO app.tenants
SELECT md5('t' || i)::uuid, 'tenant-' || i, (array['free', 'free', 'free', 'team', 'business'])[1 + i % 5], timestamptz '2020-01-01 UTC' + i * interval '10 hours'
FROM generate_series(1, 3000) i;
INSERT INTO app.members
SELECT md5('m' || i)::uuid, md5('t' || 1 + floor(3000 * power(random(), 2.2))::int)::uuid, 'Member' || i || '@Example' || i % 400 || '.com',
       CASE WHEN random() < 0.9 THEN 'member' WHEN random() < 0.9 THEN 'admin' ELSE 'owner' END,
       CASE WHEN random() < 0.8 THEN timestamptz '2024-06-01 UTC' - power(random(), 3) * interval '700 days' END,
       CASE WHEN random() < 0.1 THEN timestamptz '2024-01-01 UTC' END
FROM generate_series(1, 100000) i;
INSERT INTO app.projects
SELECT md5('p' || i)::uuid, md5('t' || 1 + (i % 3000))::uuid, 'Project ' || i, random() < 0.4, timestamptz '2020-06-01 UTC' + i * interval '1 hour',
       CASE WHEN random() < 0.05 THEN timestamptz '2024-01-01 UTC' END
FROM generate_series(1, 20000) i;
INSERT INTO app.tickets
SELECT md5('k' || i)::uuid, md5('t' || t)::uuid, md5('p' || CASE WHEN t = 3000 THEN 3000 ELSE t - 1 + 3000 * (i % 6) + CASE WHEN t = 1 THEN 3000 ELSE 0 END END)::uuid,
       CASE WHEN random() < 0.6 THEN md5('m' || 1 + floor(100000 * random())::int)::uuid END, i,
       CASE WHEN r < 0.88 THEN 'closed' WHEN r < 0.95 THEN 'open' WHEN r < 0.99 THEN 'waiting' ELSE 'triage' END, (4 * power(random(), 2))::int,
       'Ticket about w' || floor(2000 * power(random(), 2))::int || ' and w' || i % 1777, CASE WHEN random() < 0.2 THEN jsonb_build_object('severity', i % 5, 'region', 'r' || i % 30) END,
       CASE WHEN random() < 0.3 THEN at + random() * interval '60 days' END, at, at + power(random(), 4) * interval '100 days', CASE WHEN random() < 0.06 THEN at + interval '200 days' END
FROM (SELECT i, random() AS r, 1 + floor(3000 * power(random(), 2.5))::int AS t, timestamptz '2020-06-01 UTC' + i * interval '4 minutes' AS at FROM generate_series(1, 500000) i) x;
INSERT INTO app.events
SELECT md5('e' || i)::uuid, k.tenant_id, k.id, (array['comment', 'comment', 'state', 'assign', 'state', 'mail'])[1 + i % 6],
       CASE WHEN i % 6 < 2 THEN repeat(md5(i::text), 3) END, k.created_at + random() * interval '30 days'
FROM generate_series(1, 900000) i JOIN app.tickets k ON k.number = 1 + (i::bigint * 31 % 500000);
INSERT INTO billing.usage
SELECT md5('t' || i)::uuid, date '2024-01-01' + d, m, (random() * 1e6)::bigint
FROM generate_series(1, 3000) i, generate_series(0, 39) d, unnest(array['api', 'storage', 'seats', 'mail']) m;
