CREATE TABLE sale (region text NOT NULL, day int NOT NULL, n int, PRIMARY KEY (region, day)) PARTITION BY LIST (region);
CREATE TABLE sale_eu PARTITION OF sale FOR VALUES IN ('eu') PARTITION BY RANGE (day);
CREATE TABLE sale_eu_1 PARTITION OF sale_eu FOR VALUES FROM (0) TO (10);
CREATE TABLE sale_us PARTITION OF sale FOR VALUES IN ('us');
CREATE TABLE agent (id int PRIMARY KEY);
ALTER TABLE sale ADD agent_id int REFERENCES agent;
