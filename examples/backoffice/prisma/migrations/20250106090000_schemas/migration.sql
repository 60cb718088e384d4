-- Every schema of the platform. Those that are there already are left as they are: an administrator may have made them.
CREATE SCHEMA IF NOT EXISTS "financial";
CREATE SCHEMA IF NOT EXISTS "public";
CREATE SCHEMA IF NOT EXISTS "tagging";
CREATE SCHEMA IF NOT EXISTS "trading";
