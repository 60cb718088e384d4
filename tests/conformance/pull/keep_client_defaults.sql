CREATE TABLE t (id text PRIMARY KEY, a text NOT NULL, b text, c varchar(30), d uuid, e text DEFAULT 'x', f timestamp(3), g int, h char(26));
