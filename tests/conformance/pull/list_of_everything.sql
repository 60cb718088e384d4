CREATE TABLE lists (
  id int PRIMARY KEY,
  a bigint[] DEFAULT ARRAY[1, 2], b text[] DEFAULT ARRAY[]::text[], c text[] DEFAULT '{"a b","c\"d","NULL",NULL}',
  d bool[] DEFAULT ARRAY[true], e numeric[] DEFAULT '{1.5}', f date[] DEFAULT '{2020-01-01}', g uuid[] DEFAULT ARRAY[gen_random_uuid()],
  h timestamptz[] DEFAULT ARRAY[now()], i varchar(3)[] DEFAULT '{ab}', j float8[] DEFAULT ARRAY[1.5, -2], k char(2)[], l text[] DEFAULT '{}',
  m jsonb[] DEFAULT ARRAY['{"a":1}'::jsonb], n int[] DEFAULT ARRAY[-1], o text[] DEFAULT ARRAY['it''s', E'a\\b'], p text[] DEFAULT string_to_array('a,b', ',')
);
