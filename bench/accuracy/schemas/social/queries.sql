-- name: user_by_handle
-- types: text
-- common: user_4711
SELECT * FROM users WHERE handle = $1;
-- name: user_by_handle_ilike
-- types: text
-- common: USER_4711
SELECT * FROM users WHERE handle ILIKE $1;
-- name: users_of_language
-- types: text
-- common: en
-- rare: xx
SELECT id, handle FROM users WHERE settings ->> 'lang' = $1 ORDER BY id LIMIT 50;
-- name: banned_users
SELECT id, handle FROM users WHERE banned_at IS NOT NULL ORDER BY banned_at DESC LIMIT 50;
-- name: posts_by_author
-- types: int
-- common: 1
-- typical: 8800
-- rare: 45000
SELECT id, title, created_at FROM posts WHERE author_id = $1 ORDER BY created_at DESC, id DESC LIMIT 20;
-- name: posts_by_author_keyset
-- types: int, timestamptz, bigint
-- common: 1 | 2022-06-01 | 200000
-- typical: 8800 | 2022-06-01 | 200000
-- rare: 45000 | 2022-06-01 | 200000
SELECT id, title, created_at FROM posts WHERE author_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT 20;
-- name: posts_public_latest
SELECT id, author_id, title FROM posts WHERE visibility = 'public' ORDER BY created_at DESC, id DESC LIMIT 50;
-- name: posts_visibility_latest
-- types: visibility
-- common: public
-- rare: private
SELECT id, author_id, title FROM posts WHERE visibility = $1 ORDER BY created_at DESC, id DESC LIMIT 50;
-- name: posts_private_old
SELECT id, title FROM posts WHERE visibility = 'private' ORDER BY created_at LIMIT 50;
-- name: posts_between
-- types: timestamptz, timestamptz
-- common: 2022-06-01 | 2022-06-08
-- typical: 2022-06-01 | 2022-06-04
-- rare: 2022-06-01 | 2022-06-02
SELECT id, title, likes FROM posts WHERE created_at BETWEEN $1 AND $2 ORDER BY created_at;
-- name: posts_year_count
-- types: timestamptz, timestamptz
-- common: 2022-01-01 | 2023-01-01
SELECT date_trunc('day', created_at) AS d, count(*) FROM posts WHERE created_at >= $1 AND created_at < $2 GROUP BY 1 ORDER BY 1;
-- name: posts_on_day_function
-- types: date
-- common: 2022-06-01
SELECT id, title FROM posts WHERE (created_at AT TIME ZONE 'UTC')::date = $1;
-- name: posts_top_likes
SELECT id, title, likes FROM posts ORDER BY likes DESC, id DESC LIMIT 20;
-- name: posts_top_likes_of_author
-- types: int
-- common: 1
-- typical: 8800
-- rare: 40000
SELECT id, title, likes FROM posts WHERE author_id = $1 ORDER BY likes DESC LIMIT 10;
-- name: posts_title_prefix
-- types: text
-- common: title w1 %
-- typical: title w750 %
-- rare: title w2999 n12%
SELECT id, title FROM posts WHERE lower(title) LIKE $1 ORDER BY lower(title) LIMIT 20;
-- name: posts_title_contains
-- types: text
-- common: %w17 %
-- typical: %w750 %
-- rare: %n399999%
SELECT id, title FROM posts WHERE title ILIKE $1 LIMIT 20;
-- name: posts_label_contains
-- types: text[]
-- common: {l0}
-- typical: {l100}
-- rare: {l399}
SELECT id, title FROM posts WHERE labels @> $1 ORDER BY created_at DESC LIMIT 20;
-- name: posts_label_overlap
-- types: text[]
-- common: {l1,l2,l3}
-- typical: {l100,l150}
-- rare: {l397,l398}
SELECT id FROM posts WHERE labels && $1;
-- name: posts_label_any
-- types: text
-- common: l5
-- typical: l100
-- rare: l395
SELECT id FROM posts WHERE $1 = ANY(labels) LIMIT 20;
-- name: posts_meta_contains
-- types: jsonb
-- common: {"client": "ios"}
-- typical: {"client": "ios", "spam": true}
-- rare: {"client": "ios", "score": 17}
SELECT id, title FROM posts WHERE meta @> $1 LIMIT 50;
-- name: posts_meta_client
-- types: text
-- common: web
-- rare: telnet
SELECT id, title FROM posts WHERE meta ->> 'client' = $1 ORDER BY created_at DESC LIMIT 50;
-- name: posts_search
-- types: text
-- common: w7
-- typical: w750
-- rare: w2990 & w2980
SELECT id, title FROM posts WHERE search @@ to_tsquery('simple', $1) LIMIT 20;
-- name: posts_search_ranked
-- types: text
-- common: w3
-- typical: w750
-- rare: w2995
SELECT id, title, ts_rank(search, to_tsquery('simple', $1)) AS r FROM posts WHERE search @@ to_tsquery('simple', $1) ORDER BY r DESC LIMIT 20;
-- name: replies
-- types: bigint
-- common: 20
-- typical: 150000
-- rare: 300000
SELECT id, author_id, body FROM posts WHERE reply_to = $1 ORDER BY created_at LIMIT 50;
-- name: thread
-- types: bigint
-- common: 390000
WITH RECURSIVE up AS (SELECT id, reply_to, 1 AS n FROM posts WHERE id = $1 UNION ALL SELECT p.id, p.reply_to, n + 1 FROM posts p JOIN up ON p.id = up.reply_to WHERE n < 30) SELECT * FROM up;
-- name: posts_of_tag
-- types: int
-- common: 1
-- typical: 300
-- rare: 4900
SELECT p.id, p.title FROM taggings t JOIN posts p ON p.id = t.post_id WHERE t.tag_id = $1 ORDER BY t.post_id DESC LIMIT 20;
-- name: posts_of_tag_name
-- types: text
-- common: tag1
-- typical: tag300
-- rare: tag4900
SELECT p.id, p.title FROM tags g JOIN taggings t ON t.tag_id = g.id JOIN posts p ON p.id = t.post_id WHERE g.name = $1 ORDER BY p.created_at DESC LIMIT 20;
-- name: posts_with_both_tags
-- types: int, int
-- common: 1 | 2
-- typical: 300 | 500
-- rare: 4000 | 4500
SELECT a.post_id FROM taggings a JOIN taggings b USING (post_id) WHERE a.tag_id = $1 AND b.tag_id = $2 LIMIT 50;
-- name: tags_of_post
-- types: bigint
-- common: 123456
SELECT g.name FROM taggings t JOIN tags g ON g.id = t.tag_id WHERE t.post_id = $1;
-- name: tags_top
SELECT tag_id, count(*) AS n FROM taggings GROUP BY tag_id ORDER BY n DESC LIMIT 10;
-- name: timeline
-- types: int
-- common: 33
-- typical: 25000
-- rare: 49000
SELECT p.id, p.title FROM posts p WHERE p.author_id IN (SELECT followee_id FROM follows WHERE follower_id = $1) ORDER BY p.created_at DESC LIMIT 20;
-- name: followers
-- types: int
-- common: 1
-- typical: 6200
-- rare: 49999
SELECT follower_id, since FROM follows WHERE followee_id = $1 ORDER BY since DESC LIMIT 50;
-- name: follower_count
-- types: int
-- common: 1
-- typical: 6200
-- rare: 40000
SELECT count(*) FROM follows WHERE followee_id = $1;
-- name: mutual
-- types: int
-- common: 100
-- typical: 20000
-- rare: 30000
SELECT f.followee_id FROM follows f WHERE f.follower_id = $1 AND EXISTS (SELECT 1 FROM follows g WHERE g.follower_id = f.followee_id AND g.followee_id = $1);
-- name: notifications_unread
-- types: int
-- common: 1
-- typical: 15000
-- rare: 49000
SELECT id, kind, created_at FROM notifications WHERE user_id = $1 AND NOT is_read ORDER BY created_at DESC LIMIT 20;
-- name: notifications_list
-- types: int, int, int
-- limit: 2,3
-- common: 1 | 20 | 0
-- typical: 15000 | 20 | 0
-- rare: 48000 | 20 | 0
SELECT id, kind, created_at FROM notifications WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
-- name: notifications_of_kind
-- types: int, text
-- common: 1 | like
-- typical: 15000 | like
-- rare: 48000 | mention
SELECT id, created_at FROM notifications WHERE user_id = $1 AND kind = $2 ORDER BY created_at DESC LIMIT 20;
-- name: notifications_unread_count
-- types: int
-- common: 1
-- typical: 15000
-- rare: 49000
SELECT count(*) FROM notifications WHERE user_id = $1 AND is_read = false;
-- name: posts_edited_recently
SELECT id, edited_at FROM posts ORDER BY edited_at DESC NULLS LAST LIMIT 20;
-- name: posts_distinct_authors
-- types: timestamptz
-- common: 2024-07-01
SELECT DISTINCT author_id FROM posts WHERE created_at > $1;
-- name: last_post_per_author
-- types: int[]
-- common: {1,2,3,40000,45000}
SELECT DISTINCT ON (author_id) author_id, id, created_at FROM posts WHERE author_id = ANY($1) ORDER BY author_id, created_at DESC;
-- name: like_post
-- types: bigint
-- common: 4321
UPDATE posts SET likes = likes + 1 WHERE id = $1;
-- name: mark_read
-- types: int
-- common: 45000
UPDATE notifications SET is_read = true WHERE user_id = $1 AND NOT is_read;
-- name: untag
-- types: int
-- common: 4990
DELETE FROM taggings WHERE tag_id = $1;
