CREATE TABLE "user" (id int PRIMARY KEY, post text);
CREATE TABLE post (id int PRIMARY KEY, "user" int REFERENCES "user", comments int);
CREATE TABLE comment (id int PRIMARY KEY, post int REFERENCES post, "user" int REFERENCES "user", author int REFERENCES "user");
