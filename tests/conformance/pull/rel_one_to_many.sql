CREATE TABLE author (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE book (id serial PRIMARY KEY, author_id int NOT NULL REFERENCES author ON DELETE CASCADE, title text);
CREATE TABLE review (id serial PRIMARY KEY, book_id int REFERENCES book ON DELETE SET NULL ON UPDATE CASCADE);
