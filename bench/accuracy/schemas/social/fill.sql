INSERT INTO users
SELECT i, 'user_' || i, CASE WHEN random() < 0.4 THEN 'I am ' || md5(i::text) END,
       jsonb_build_object('theme', (array['dark', 'light', 'light', 'auto'])[1 + i % 4], 'lang', (array['en', 'en', 'en', 'de', 'fr'])[1 + i % 5]),
       timestamptz '2018-01-01 UTC' + i * interval '1 hour', CASE WHEN random() < 0.01 THEN timestamptz '2024-01-01 UTC' END
FROM generate_series(1, 50000) i;
INSERT INTO tags SELECT i, 'tag' || i FROM generate_series(1, 5000) i;
INSERT INTO posts
SELECT i, author, reply, vis::visibility, title, body, labels,
       jsonb_build_object('client', (array['web', 'web', 'web', 'ios', 'android', 'api'])[1 + i % 6], 'spam', i % 97 = 0, 'score', i % 1000),
       (1000 * power(random(), 8))::int, timestamptz '2020-01-01 UTC' + i * interval '6 minutes',
       CASE WHEN random() < 0.08 THEN timestamptz '2020-01-01 UTC' + i * interval '6 minutes' + random() * interval '5 days' END,
       to_tsvector('simple', title || ' ' || body)
FROM (SELECT i, 1 + floor(50000 * power(random(), 2.5))::int AS author,
             CASE WHEN random() < 0.5 AND i > 10 THEN 1 + floor((i - 2) * random())::bigint END AS reply,
             CASE WHEN random() < 0.9 THEN 'public' WHEN random() < 0.8 THEN 'followers' ELSE 'private' END AS vis,
             'Title w' || floor(3000 * power(random(), 2))::int || ' n' || i AS title,
             'lorem w' || floor(3000 * power(random(), 2))::int || ' w' || floor(3000 * power(random(), 2))::int || ' w' || floor(3000 * power(random(), 2))::int || ' ipsum dolor' AS body,
             CASE WHEN random() < 0.3 THEN '{}'::text[] ELSE array['l' || floor(400 * power(random(), 2))::int, 'l' || floor(400 * power(random(), 2))::int] END AS labels
      FROM generate_series(1, 400000) i) x;
INSERT INTO taggings
SELECT DISTINCT ON (post, tag) post, tag, timestamptz '2020-01-01 UTC' + post * interval '6 minutes'
FROM (SELECT 1 + (i % 400000)::bigint AS post, 1 + floor(5000 * power(random(), 4))::int AS tag FROM generate_series(1, 700000) i) x;
INSERT INTO follows
SELECT DISTINCT ON (a, b) a, b, timestamptz '2019-01-01 UTC' + random() * interval '1500 days'
FROM (SELECT 1 + floor(50000 * random())::int AS a, 1 + floor(50000 * power(random(), 3))::int AS b FROM generate_series(1, 430000) i) x WHERE a <> b;
INSERT INTO notifications
SELECT i, 1 + floor(50000 * power(random(), 1.7))::int, (array['like', 'like', 'like', 'like', 'reply', 'follow', 'mention'])[1 + (random() * 6.99)::int % 7],
       CASE WHEN random() < 0.8 THEN 1 + floor(400000 * random())::bigint END, random() < 0.97 OR i < 400000,
       CASE WHEN random() < 0.2 THEN jsonb_build_object('n', i % 50) END, timestamptz '2022-01-01 UTC' + i * interval '2 minutes'
FROM generate_series(1, 450000) i;
