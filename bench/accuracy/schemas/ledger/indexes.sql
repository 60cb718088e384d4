-- set: keys
-- set: foreign
CREATE INDEX ON accounts (client_id);
CREATE INDEX ON invoices (client_id);
CREATE INDEX ON payments (invoice_id);
CREATE INDEX ON payments (account_id);
CREATE INDEX ON transactions (account_id);
CREATE INDEX ON transactions (invoice_id);
CREATE INDEX ON invoices (status);
CREATE INDEX ON transactions (booked_at);
-- set: wrong
CREATE INDEX ON accounts (currency, client_id);
CREATE INDEX ON invoices (issued_at, client_id);
CREATE INDEX ON invoices (issued_at, status);
CREATE INDEX ON invoice_lines (sku);
CREATE INDEX ON payments (received_at);
CREATE INDEX ON payments (method, invoice_id);
CREATE INDEX ON transactions (kind);
CREATE INDEX ON transactions (booked_at, account_id);
CREATE INDEX ON transactions (kind, account_id);
CREATE INDEX ON clients (email);
CREATE INDEX ON invoices (due_on) WHERE status = 'draft';
-- set: ideal
CREATE INDEX ON clients (lower(email));
CREATE INDEX ON clients (parent_id);
CREATE INDEX ON clients (name text_pattern_ops);
CREATE INDEX ON accounts (client_id, currency);
CREATE INDEX ON invoices (client_id, issued_at DESC, id DESC);
CREATE INDEX ON invoices (status, issued_at DESC, id DESC);
CREATE INDEX ON invoices (client_id, status, issued_at DESC);
CREATE INDEX ON invoices (due_on) WHERE status IN ('sent', 'overdue');
CREATE INDEX ON invoices (paid_at DESC NULLS LAST);
CREATE INDEX ON invoice_lines (sku, invoice_id);
CREATE INDEX ON payments (invoice_id);
CREATE INDEX ON payments (account_id, received_at DESC);
CREATE INDEX ON payments (reference) WHERE reference IS NOT NULL;
CREATE INDEX ON transactions (account_id, booked_at DESC, id DESC);
CREATE INDEX ON transactions (kind, booked_at DESC);
CREATE INDEX ON transactions (invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX ON transactions (booked_at DESC, id DESC);
