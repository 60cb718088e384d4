CREATE TABLE computed (
  id int PRIMARY KEY,
  first text NOT NULL, last text NOT NULL,
  whole text GENERATED ALWAYS AS (first || ' ' || last) STORED,
  size int GENERATED ALWAYS AS (length(first)) STORED NOT NULL,
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', first)) STORED,
  fixed int GENERATED ALWAYS AS (5) STORED,
  same text GENERATED ALWAYS AS (first) STORED UNIQUE
);
CREATE INDEX ON computed USING gin (search);
