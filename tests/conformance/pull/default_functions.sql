CREATE FUNCTION own_id() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE SCHEMA other;
CREATE FUNCTION other.made() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TABLE defaults (
  id text PRIMARY KEY DEFAULT own_id(),
  a int DEFAULT other.made(),
  b text DEFAULT public.own_id(),
  c text DEFAULT md5(random()::text),
  d int DEFAULT length('abc'),
  e int DEFAULT 1 + 2 * 3,
  f text DEFAULT concat('a', 'b', 1),
  g text DEFAULT CASE WHEN true THEN 'x' ELSE 'y' END,
  h text DEFAULT coalesce(NULL, 'z'),
  i text DEFAULT current_setting('search_path'),
  j timestamptz DEFAULT date_trunc('day', now()),
  k int DEFAULT EXTRACT(year FROM now()),
  l text DEFAULT SESSION_USER,
  m text DEFAULT upper('a') || '-' || lower('B')
);
