CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE posts (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users);
CREATE TABLE "UserProfiles" (id serial PRIMARY KEY, "UserId" int UNIQUE REFERENCES users, "postId" int REFERENCES posts);
