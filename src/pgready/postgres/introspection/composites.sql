-- Composite types as types: who owns them; their attributes are the columns of their relation.
SELECT t.oid, t.typrelid, t.typowner
FROM pg_type t
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
WHERE t.typnamespace IN (:schemas)
