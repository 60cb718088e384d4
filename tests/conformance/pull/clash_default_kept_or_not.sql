CREATE TABLE t (id text PRIMARY KEY DEFAULT gen_random_uuid(), a int DEFAULT 5, b timestamptz DEFAULT now(), c text, d int, e uuid DEFAULT gen_random_uuid(), f int[] DEFAULT '{}');
