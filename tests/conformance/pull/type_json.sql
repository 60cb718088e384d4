CREATE TABLE documents (
  id int PRIMARY KEY,
  a json DEFAULT '{}',
  b jsonb NOT NULL DEFAULT '[]',
  c jsonb DEFAULT '{"a": {"b": [1, null, true, "x"]}}',
  d jsonb DEFAULT 'null',
  e jsonb DEFAULT '"text"',
  f jsonb[] DEFAULT '{}',
  g jsonb DEFAULT jsonb_build_object('a', 1),
  h json[] DEFAULT ARRAY['{"a":1}']::json[],
  i jsonpath
);
