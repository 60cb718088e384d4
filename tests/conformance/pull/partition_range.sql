CREATE TABLE log (id int, at date NOT NULL, t text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE log_rest PARTITION OF log DEFAULT;
CREATE INDEX ON log (t);
CREATE TABLE empty_parts (id int PRIMARY KEY) PARTITION BY HASH (id);
CREATE TABLE refers (id int PRIMARY KEY, log_id int, log_at date, FOREIGN KEY (log_id, log_at) REFERENCES log);
