CREATE TABLE texts (
  id varchar PRIMARY KEY,
  a varchar(1),
  b varchar(10485760),
  c char,
  d char(255),
  e bpchar,
  f text,
  g character varying(40)[] DEFAULT ARRAY['a', 'b']::varchar[],
  h "char",
  i name,
  j text[][] DEFAULT '{{a,b},{c,d}}'
);
