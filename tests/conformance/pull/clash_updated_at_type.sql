CREATE TABLE t (id int PRIMARY KEY, a timestamp(3), b text, c timestamptz NOT NULL DEFAULT now());
