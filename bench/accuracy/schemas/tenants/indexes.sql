-- set: keys
-- set: tenant
CREATE INDEX ON app.members (tenant_id);
CREATE INDEX ON app.projects (tenant_id);
CREATE INDEX ON app.tickets (tenant_id);
CREATE INDEX ON app.tickets (project_id);
CREATE INDEX ON app.tickets (assignee_id);
CREATE INDEX ON app.events (tenant_id);
CREATE INDEX ON app.events (ticket_id);
CREATE INDEX ON app.members (email);
-- set: wrong
CREATE INDEX ON app.members (deleted_at, tenant_id);
CREATE INDEX ON app.tickets (created_at, tenant_id);
CREATE INDEX ON app.tickets (state);
CREATE INDEX ON app.tickets (updated_at DESC);
CREATE INDEX ON app.tickets (tenant_id, state) WHERE deleted_at IS NOT NULL;
CREATE INDEX ON app.tickets (priority, tenant_id);
CREATE INDEX ON app.tickets (assignee_id) WHERE state = 'triage';
CREATE INDEX ON app.events (kind, tenant_id);
CREATE INDEX ON app.events (at);
CREATE INDEX ON billing.usage (metric);
CREATE INDEX ON app.projects (name);
-- set: ideal
CREATE UNIQUE INDEX ON app.members (tenant_id, lower(email)) WHERE deleted_at IS NULL;
CREATE INDEX ON app.members (lower(email));
CREATE INDEX ON app.members (tenant_id, last_seen_at DESC NULLS LAST) WHERE deleted_at IS NULL;
CREATE INDEX ON app.projects (tenant_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX ON app.tickets (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ON app.tickets (tenant_id, state, priority DESC, created_at) WHERE deleted_at IS NULL;
CREATE INDEX ON app.tickets (tenant_id, updated_at DESC, id);
CREATE INDEX ON app.tickets (project_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX ON app.tickets (assignee_id, due_at) WHERE state <> 'closed' AND deleted_at IS NULL;
CREATE INDEX ON app.tickets (due_at) WHERE state <> 'closed';
CREATE INDEX ON app.tickets ((custom ->> 'region'));
CREATE INDEX ON app.tickets USING gin (custom);
CREATE INDEX ON app.tickets USING gin (to_tsvector('english', title));
CREATE INDEX ON app.events (ticket_id, at DESC);
CREATE INDEX ON app.events (tenant_id, at DESC, id DESC);
CREATE INDEX ON billing.usage (metric, day, amount DESC);
