CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE settings (account_id int PRIMARY KEY REFERENCES account);
CREATE TABLE avatar (id int PRIMARY KEY, account_id int UNIQUE NOT NULL REFERENCES account);
CREATE TABLE plan (id int PRIMARY KEY, account_id int REFERENCES account, CONSTRAINT "only" UNIQUE (account_id));
CREATE TABLE token (id int PRIMARY KEY, account_id int REFERENCES account);
CREATE UNIQUE INDEX token_partial ON token (account_id) WHERE id > 5;
