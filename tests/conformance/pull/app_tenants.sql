-- schemas: auth, core, audit
CREATE SCHEMA auth; CREATE SCHEMA core; CREATE SCHEMA audit;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text UNIQUE); CREATE TABLE auth.sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, expires timestamptz);
CREATE TABLE core.tenants (id int PRIMARY KEY, owner_id uuid REFERENCES auth.users, name text); CREATE TABLE core.users (tenant_id int REFERENCES core.tenants, user_id uuid REFERENCES auth.users, role text DEFAULT 'member', PRIMARY KEY (tenant_id, user_id));
CREATE TABLE audit.users (id bigserial PRIMARY KEY, tenant_id int, user_id uuid, at timestamptz DEFAULT now(), FOREIGN KEY (tenant_id, user_id) REFERENCES core.users); ALTER TABLE core.tenants ENABLE ROW LEVEL SECURITY;
