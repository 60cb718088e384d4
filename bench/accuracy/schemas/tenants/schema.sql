-- A multi-tenant SaaS: tenant first everywhere, uuid keys, soft delete, two schemas.
CREATE SCHEMA app;
CREATE SCHEMA billing;
CREATE TABLE app.tenants (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    plan text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE app.members (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES app.tenants,
    email text NOT NULL,
    role text NOT NULL,
    last_seen_at timestamptz,
    deleted_at timestamptz
);
CREATE TABLE app.projects (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES app.tenants,
    name text NOT NULL,
    is_archived boolean NOT NULL,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE TABLE app.tickets (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES app.tenants,
    project_id uuid NOT NULL REFERENCES app.projects,
    assignee_id uuid REFERENCES app.members,
    number integer NOT NULL,
    state text NOT NULL,
    priority smallint NOT NULL,
    title text NOT NULL,
    custom jsonb,
    due_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    UNIQUE (tenant_id, number)
);
CREATE TABLE app.events (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL REFERENCES app.tickets,
    kind text NOT NULL,
    body text,
    at timestamptz NOT NULL
);
CREATE TABLE billing.usage (
    tenant_id uuid NOT NULL,
    day date NOT NULL,
    metric text NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (tenant_id, day, metric)
);
CREATE TABLE billing.plans (code text PRIMARY KEY, monthly_cents integer NOT NULL);
