CREATE TABLE quotes (
  id int PRIMARY KEY,
  a text DEFAULT '"', b text DEFAULT '''', c text DEFAULT '\', d text DEFAULT '${x}', e text DEFAULT '''quoted''', f text DEFAULT '/* */ -- //',
  g text DEFAULT E'a\nb', h text DEFAULT '::text', i text DEFAULT 'a''::text', j text DEFAULT ')', k text DEFAULT '@default("x")', l text DEFAULT ' ', m text DEFAULT $$dollar$$
);
