-- preview: views
CREATE TABLE was_view (id int PRIMARY KEY); CREATE VIEW was_table AS SELECT 1 AS id;
