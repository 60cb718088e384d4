-- A social network with tags: many-to-many, jsonb, arrays, full text.
CREATE TYPE visibility AS ENUM ('public', 'followers', 'private');
CREATE TABLE users (
    id integer PRIMARY KEY,
    handle text NOT NULL UNIQUE,
    bio text,
    settings jsonb NOT NULL DEFAULT '{}',
    joined_at timestamptz NOT NULL,
    banned_at timestamptz
);
CREATE TABLE posts (
    id bigint PRIMARY KEY,
    author_id integer NOT NULL REFERENCES users,
    reply_to bigint REFERENCES posts,
    visibility visibility NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    labels text[] NOT NULL DEFAULT '{}',
    meta jsonb NOT NULL DEFAULT '{}',
    likes integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    search tsvector NOT NULL
);
CREATE TABLE tags (id integer PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE taggings (
    post_id bigint NOT NULL REFERENCES posts,
    tag_id integer NOT NULL REFERENCES tags,
    tagged_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, tag_id)
);
CREATE TABLE follows (
    follower_id integer NOT NULL REFERENCES users,
    followee_id integer NOT NULL REFERENCES users,
    since timestamptz NOT NULL,
    PRIMARY KEY (follower_id, followee_id)
);
CREATE TABLE notifications (
    id bigint PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users,
    kind text NOT NULL,
    post_id bigint REFERENCES posts,
    is_read boolean NOT NULL,
    payload jsonb,
    created_at timestamptz NOT NULL
);
