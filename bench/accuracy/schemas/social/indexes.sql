-- set: keys
-- set: plain
CREATE INDEX ON posts (author_id);
CREATE INDEX ON posts (created_at);
CREATE INDEX ON posts (reply_to);
CREATE INDEX ON taggings (tag_id);
CREATE INDEX ON follows (followee_id);
CREATE INDEX ON notifications (user_id);
CREATE INDEX ON posts (title);
-- set: wrong
CREATE INDEX ON posts (created_at, author_id);
CREATE INDEX ON posts (visibility, created_at);
CREATE INDEX ON posts (likes);
CREATE INDEX ON taggings (tagged_at, tag_id);
CREATE INDEX ON follows (since);
CREATE INDEX ON notifications (is_read, user_id);
CREATE INDEX ON notifications (created_at) WHERE is_read;
CREATE INDEX ON users (bio);
CREATE INDEX ON posts USING brin (created_at);
-- set: ideal
CREATE INDEX ON posts (author_id, created_at DESC, id DESC);
CREATE INDEX ON posts (created_at DESC, id DESC) WHERE visibility = 'public';
CREATE INDEX ON posts (reply_to, created_at) WHERE reply_to IS NOT NULL;
CREATE INDEX ON posts (likes DESC, id DESC);
CREATE INDEX ON posts (lower(title) text_pattern_ops);
CREATE INDEX ON posts (edited_at DESC NULLS LAST);
CREATE INDEX ON posts ((meta ->> 'client'), created_at DESC);
CREATE INDEX ON posts USING gin (labels);
CREATE INDEX ON posts USING gin (meta jsonb_path_ops);
CREATE INDEX ON posts USING gin (search);
CREATE INDEX ON taggings (tag_id, post_id DESC);
CREATE INDEX ON follows (followee_id, since DESC);
CREATE INDEX ON notifications (user_id, created_at DESC) WHERE NOT is_read;
CREATE INDEX ON notifications (user_id, created_at DESC, id DESC);
CREATE INDEX ON notifications (post_id);
CREATE INDEX ON users ((settings ->> 'lang'));
