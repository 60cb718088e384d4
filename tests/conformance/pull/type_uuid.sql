CREATE TABLE keyed (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  parent uuid REFERENCES keyed,
  many uuid[] DEFAULT '{}',
  nil uuid DEFAULT '00000000-0000-0000-0000-000000000000'
);
