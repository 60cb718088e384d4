-- name: tenant_by_slug
-- types: text
-- common: tenant-17
SELECT * FROM app.tenants WHERE slug = $1;
-- name: member_login
-- types: text
-- common: member5000@example200.com
SELECT id, tenant_id, role FROM app.members WHERE lower(email) = $1 AND deleted_at IS NULL;
-- name: member_in_tenant
-- types: uuid, text
-- common: =md5('t1')::uuid | member5000@example200.com
-- typical: =md5('t530')::uuid | member5000@example200.com
SELECT id, role FROM app.members WHERE tenant_id = $1 AND lower(email) = lower($2) AND deleted_at IS NULL;
-- name: members_recent
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2900')::uuid
SELECT id, email, last_seen_at FROM app.members WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY last_seen_at DESC NULLS LAST LIMIT 25;
-- name: members_recent_nulls_first
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2900')::uuid
SELECT id, email, last_seen_at FROM app.members WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY last_seen_at DESC LIMIT 25;
-- name: members_with_role
-- types: uuid, text
-- common: =md5('t1')::uuid | member
-- typical: =md5('t530')::uuid | member
-- rare: =md5('t2900')::uuid | owner
SELECT id, email FROM app.members WHERE tenant_id = $1 AND role = $2 AND deleted_at IS NULL LIMIT 100;
-- name: members_count_by_role
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2900')::uuid
SELECT role, count(*) FROM app.members WHERE tenant_id = $1 GROUP BY role;
-- name: projects_of_tenant
-- types: uuid
-- common: =md5('t5')::uuid
SELECT id, name FROM app.projects WHERE tenant_id = $1 AND deleted_at IS NULL AND NOT is_archived ORDER BY created_at DESC LIMIT 20;
-- name: project_by_name
-- types: text
-- common: Project 555
SELECT id FROM app.projects WHERE name = $1;
-- name: ticket_by_id
-- types: uuid
-- common: =md5('k4711')::uuid
SELECT * FROM app.tickets WHERE id = $1;
-- name: ticket_by_number
-- types: uuid, int
-- common: =(SELECT tenant_id FROM app.tickets WHERE number = 1234) | 1234
SELECT * FROM app.tickets WHERE tenant_id = $1 AND number = $2;
-- name: ticket_by_number_only
-- types: int
-- common: 1234
SELECT * FROM app.tickets WHERE number = $1;
-- name: tickets_latest
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2950')::uuid
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 25;
-- name: tickets_latest_with_deleted
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2950')::uuid
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 25;
-- name: tickets_keyset
-- types: uuid, timestamptz, uuid
-- common: =md5('t1')::uuid | 2022-06-01 | =md5('k9')::uuid
-- typical: =md5('t530')::uuid | 2022-06-01 | =md5('k9')::uuid
-- rare: =md5('t2950')::uuid | 2022-06-01 | =md5('k9')::uuid
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 AND deleted_at IS NULL AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT 25;
-- name: tickets_or_keyset
-- types: uuid, timestamptz, uuid
-- common: =md5('t1')::uuid | 2022-06-01 | =md5('k9')::uuid
-- typical: =md5('t530')::uuid | 2022-06-01 | =md5('k9')::uuid
-- rare: =md5('t2950')::uuid | 2022-06-01 | =md5('k9')::uuid
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 AND deleted_at IS NULL AND (created_at < $2 OR created_at = $2 AND id < $3) ORDER BY created_at DESC, id DESC LIMIT 25;
-- name: tickets_page_five
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2000')::uuid
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 25 OFFSET 100;
-- name: tickets_page_deep
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 25 OFFSET 10000;
-- name: tickets_of_state
-- types: uuid, text
-- common: =md5('t1')::uuid | closed
-- typical: =md5('t530')::uuid | open
-- rare: =md5('t2000')::uuid | triage
SELECT id, number, priority FROM app.tickets WHERE tenant_id = $1 AND state = $2 AND deleted_at IS NULL ORDER BY priority DESC, created_at LIMIT 25;
-- name: tickets_of_states
-- types: uuid, text[]
-- common: =md5('t1')::uuid | {open,waiting}
-- typical: =md5('t530')::uuid | {open,waiting}
-- rare: =md5('t2000')::uuid | {open,triage}
SELECT id, number, priority FROM app.tickets WHERE tenant_id = $1 AND state = ANY($2) AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 25;
-- name: tickets_not_closed_count
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2950')::uuid
SELECT count(*) FROM app.tickets WHERE tenant_id = $1 AND state <> 'closed' AND deleted_at IS NULL;
-- name: tickets_all_of_state
-- types: text
-- common: closed
-- rare: triage
SELECT id, tenant_id FROM app.tickets WHERE state = $1 ORDER BY created_at DESC LIMIT 50;
-- name: tickets_updated_since
-- types: uuid, timestamptz
-- common: =md5('t1')::uuid | 2024-03-01
-- typical: =md5('t530')::uuid | 2024-03-01
-- rare: =md5('t2900')::uuid | 2024-03-01
SELECT id, updated_at FROM app.tickets WHERE tenant_id = $1 AND updated_at > $2 ORDER BY updated_at DESC, id LIMIT 100;
-- name: tickets_of_project
-- types: uuid
-- common: =(SELECT project_id FROM app.tickets GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)
-- rare: =md5('p17000')::uuid
SELECT id, number, title FROM app.tickets WHERE project_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 25;
-- name: tickets_of_assignee
-- types: uuid
-- common: =md5('m77')::uuid
SELECT id, number, due_at FROM app.tickets WHERE assignee_id = $1 AND state <> 'closed' AND deleted_at IS NULL ORDER BY due_at LIMIT 50;
-- name: tickets_unassigned
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2900')::uuid
SELECT id, number FROM app.tickets WHERE tenant_id = $1 AND assignee_id IS NULL AND state = 'open' AND deleted_at IS NULL ORDER BY created_at LIMIT 25;
-- name: tickets_overdue_everywhere
-- types: timestamptz
-- common: 2023-01-01
-- rare: 2020-08-01
SELECT id, tenant_id, due_at FROM app.tickets WHERE state <> 'closed' AND due_at < $1 ORDER BY due_at LIMIT 100;
-- name: tickets_of_region
-- types: text
-- common: r7
-- rare: r99
SELECT id, number FROM app.tickets WHERE custom ->> 'region' = $1 LIMIT 50;
-- name: tickets_of_region_tenant
-- types: uuid, text
-- common: =md5('t1')::uuid | r7
-- typical: =md5('t530')::uuid | r7
-- rare: =md5('t2800')::uuid | r8
SELECT id, number FROM app.tickets WHERE tenant_id = $1 AND custom ->> 'region' = $2 ORDER BY created_at DESC LIMIT 25;
-- name: tickets_custom_contains
-- types: jsonb
-- common: {"severity": 3}
-- rare: {"severity": 3, "region": "r13"}
SELECT id, number FROM app.tickets WHERE custom @> $1;
-- name: tickets_search
-- types: uuid, text
-- common: =md5('t1')::uuid | w5
-- typical: =md5('t530')::uuid | w500
-- rare: =md5('t2500')::uuid | w1990
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 AND to_tsvector('english', title) @@ plainto_tsquery('english', $2) LIMIT 25;
-- name: tickets_title_contains
-- types: uuid, text
-- common: =md5('t1')::uuid | %w170%
-- typical: =md5('t530')::uuid | %w170%
-- rare: =md5('t2900')::uuid | %w1700%
SELECT id, number, title FROM app.tickets WHERE tenant_id = $1 AND title ILIKE $2 ORDER BY created_at DESC LIMIT 25;
-- name: ticket_events
-- types: uuid
-- common: =md5('k99999')::uuid
SELECT id, kind, at FROM app.events WHERE ticket_id = $1 ORDER BY at DESC LIMIT 50;
-- name: tenant_feed
-- types: uuid, timestamptz, uuid
-- common: =md5('t1')::uuid | 2023-01-01 | =md5('e1')::uuid
-- typical: =md5('t530')::uuid | 2023-01-01 | =md5('e1')::uuid
-- rare: =md5('t2900')::uuid | 2023-01-01 | =md5('e1')::uuid
SELECT id, kind, at FROM app.events WHERE tenant_id = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT 50;
-- name: tenant_feed_of_kind
-- types: uuid, text
-- common: =md5('t1')::uuid | comment
-- typical: =md5('t530')::uuid | comment
-- rare: =md5('t2900')::uuid | mail
SELECT id, at FROM app.events WHERE tenant_id = $1 AND kind = $2 ORDER BY at DESC LIMIT 50;
-- name: events_joined
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2900')::uuid
SELECT e.id, e.at, k.title FROM app.events e JOIN app.tickets k ON k.id = e.ticket_id WHERE e.tenant_id = $1 AND k.deleted_at IS NULL ORDER BY e.at DESC LIMIT 50;
-- name: tickets_with_last_event
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2900')::uuid
WITH page AS (SELECT id, number, created_at FROM app.tickets WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 25) SELECT page.*, e.at FROM page LEFT JOIN LATERAL (SELECT at FROM app.events e WHERE e.ticket_id = page.id ORDER BY at DESC LIMIT 1) e ON true ORDER BY page.created_at DESC;
-- name: tickets_without_events
-- types: uuid
-- common: =md5('t1')::uuid
-- typical: =md5('t530')::uuid
-- rare: =md5('t2900')::uuid
SELECT id FROM app.tickets k WHERE tenant_id = $1 AND id NOT IN (SELECT ticket_id FROM app.events WHERE tenant_id = $1) LIMIT 25;
-- name: usage_of_tenant
-- types: uuid, date, date
-- common: =md5('t8')::uuid | 2024-01-10 | 2024-01-20
SELECT day, metric, amount FROM billing.usage WHERE tenant_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day, metric;
-- name: usage_top_of_day
-- types: text, date
-- common: api | 2024-01-15
SELECT tenant_id, amount FROM billing.usage WHERE metric = $1 AND day = $2 ORDER BY amount DESC LIMIT 20;
-- name: usage_of_day
-- types: date
-- common: 2024-01-15
SELECT metric, sum(amount) FROM billing.usage WHERE day = $1 GROUP BY metric;
-- name: revenue
SELECT t.plan, count(*), sum(p.monthly_cents) FROM app.tenants t JOIN billing.plans p ON p.code = t.plan GROUP BY t.plan;
-- name: close_ticket
-- types: uuid
-- common: =md5('k333')::uuid
UPDATE app.tickets SET state = 'closed', updated_at = now() WHERE id = $1;
-- name: soft_delete_member
-- types: uuid, text
-- common: =md5('t1')::uuid | member6000@example0.com
-- typical: =md5('t530')::uuid | member6000@example0.com
UPDATE app.members SET deleted_at = now() WHERE tenant_id = $1 AND lower(email) = $2 AND deleted_at IS NULL;
-- name: purge_events
-- types: uuid
-- common: =md5('k444')::uuid
DELETE FROM app.events WHERE ticket_id = $1;
