CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL, b text, c int[], d varchar(9) NOT NULL, e timestamptz, f boolean DEFAULT true);
