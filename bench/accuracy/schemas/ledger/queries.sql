-- name: client_by_id
-- types: bigint
-- common: 1
SELECT * FROM clients WHERE id = $1;
-- name: client_by_email_lower
-- types: text
-- common: user77@mail.test
SELECT id, name FROM clients WHERE lower(email) = lower($1);
-- name: client_by_name_prefix
-- types: text
-- common: Client 0a%
-- typical: Client 0a5%
-- rare: Client 0a5bcd%
SELECT id, name FROM clients WHERE name LIKE $1 ORDER BY name LIMIT 20;
-- name: invoice_by_number
-- types: text
-- common: INV-000123456
SELECT * FROM invoices WHERE number = $1;
-- name: invoices_of_client_latest
-- types: bigint
-- common: 1
-- typical: 1250
-- rare: 9000
SELECT id, number, status, total_cents, issued_at FROM invoices WHERE client_id = $1 ORDER BY issued_at DESC, id DESC LIMIT 20;
-- name: invoices_of_client_keyset
-- types: bigint, timestamptz, bigint
-- common: 1 | 2023-06-01 | 180000
-- typical: 1250 | 2023-06-01 | 180000
-- rare: 9000 | 2023-06-01 | 180000
SELECT id, number, issued_at FROM invoices WHERE client_id = $1 AND (issued_at, id) < ($2, $3) ORDER BY issued_at DESC, id DESC LIMIT 20;
-- name: invoices_of_client_or_keyset
-- types: bigint, timestamptz, bigint
-- common: 1 | 2023-06-01 | 180000
-- typical: 1250 | 2023-06-01 | 180000
-- rare: 9000 | 2023-06-01 | 180000
SELECT id, number, issued_at FROM invoices WHERE client_id = $1 AND (issued_at < $2 OR (issued_at = $2 AND id < $3)) ORDER BY issued_at DESC, id DESC LIMIT 20;
-- name: invoices_offset_shallow
-- types: bigint
-- common: 1
-- typical: 1250
-- rare: 7000
SELECT id, number FROM invoices WHERE client_id = $1 ORDER BY issued_at DESC, id DESC LIMIT 20 OFFSET 20;
-- name: transactions_offset_deep
SELECT id, account_id, amount_cents FROM transactions ORDER BY booked_at DESC, id DESC LIMIT 50 OFFSET 100000;
-- name: transactions_offset_parameter
-- types: int, int
-- limit: 1,2
-- common: 50 | 100
-- typical: 50 | 1000
-- deep: 50 | 200000
SELECT id, account_id, amount_cents FROM transactions ORDER BY booked_at DESC, id DESC LIMIT $1 OFFSET $2;
-- name: transactions_latest
SELECT id, account_id, amount_cents, booked_at FROM transactions ORDER BY booked_at DESC, id DESC LIMIT 50;
-- name: transactions_keyset
-- types: timestamptz, bigint
-- common: 2023-01-15 | 500000
SELECT id, account_id, booked_at FROM transactions WHERE (booked_at, id) < ($1, $2) ORDER BY booked_at DESC, id DESC LIMIT 50;
-- name: transactions_of_account
-- types: bigint, int
-- limit: 2
-- common: 1 | 50
-- typical: 10000 | 50
-- rare: 39000 | 50
SELECT id, kind, amount_cents, booked_at FROM transactions WHERE account_id = $1 ORDER BY booked_at DESC, id DESC LIMIT $2;
-- name: transactions_of_kind
-- types: tx_kind
-- common: charge
-- rare: adjustment
SELECT id, account_id, amount_cents FROM transactions WHERE kind = $1 ORDER BY booked_at DESC LIMIT 50;
-- name: transactions_of_kind_account
-- types: tx_kind, bigint
-- common: charge | 3
-- typical: charge | 10000
-- rare: refund | 20000
SELECT id, amount_cents, booked_at FROM transactions WHERE kind = $1 AND account_id = $2 ORDER BY booked_at DESC LIMIT 50;
-- name: transactions_of_client
-- types: bigint
-- common: 1
-- typical: 3500
-- rare: 9500
SELECT t.id, t.amount_cents, t.booked_at FROM transactions t JOIN accounts a ON a.id = t.account_id WHERE a.client_id = $1 ORDER BY t.booked_at DESC LIMIT 50;
-- name: invoices_by_status
-- types: invoice_status
-- common: paid
-- rare: draft
SELECT id, client_id, total_cents, issued_at FROM invoices WHERE status = $1 ORDER BY issued_at DESC, id DESC LIMIT 50;
-- name: invoices_status_in
-- types: bigint
-- common: 1
-- typical: 1250
-- rare: 6000
SELECT id, number, issued_at FROM invoices WHERE client_id = $1 AND status IN ('sent', 'overdue') ORDER BY issued_at DESC LIMIT 20;
-- name: invoices_overdue_due
-- types: date
-- common: 2023-06-01
-- typical: 2022-06-01
-- rare: 2021-01-20
SELECT id, client_id, due_on FROM invoices WHERE status IN ('sent', 'overdue') AND due_on < $1 ORDER BY due_on LIMIT 100;
-- name: drafts_due
-- types: date
-- common: 2024-06-01
-- typical: 2022-06-01
-- rare: 2021-03-01
SELECT id, client_id, due_on FROM invoices WHERE status = 'draft' AND due_on < $1 ORDER BY due_on LIMIT 100;
-- name: invoices_paid_nulls_last
SELECT id, paid_at FROM invoices ORDER BY paid_at DESC NULLS LAST LIMIT 25;
-- name: invoices_paid_nulls_first
SELECT id, paid_at FROM invoices ORDER BY paid_at DESC LIMIT 25;
-- name: invoices_mixed_directions
-- types: bigint
-- common: 1
-- typical: 1250
-- rare: 8000
SELECT id, issued_at FROM invoices WHERE client_id = $1 ORDER BY issued_at ASC, id DESC LIMIT 20;
-- name: invoices_sorted_by_total
-- types: bigint
-- common: 1
-- typical: 1250
-- rare: 8000
SELECT id, total_cents FROM invoices WHERE client_id = $1 ORDER BY total_cents DESC LIMIT 10;
-- name: invoices_unpaid_count
SELECT count(*) FROM invoices WHERE paid_at IS NULL;
-- name: invoices_count_of_client
-- types: bigint
-- common: 1
-- typical: 1250
-- rare: 9000
SELECT count(*) FROM invoices WHERE client_id = $1;
-- name: transactions_count
SELECT count(*) FROM transactions;
-- name: lines_of_invoice
-- types: bigint
-- common: 150000
SELECT * FROM invoice_lines WHERE invoice_id = $1 ORDER BY line_no;
-- name: lines_of_sku
-- types: text
-- common: SKU-00000
-- typical: SKU-01250
-- rare: SKU-04900
SELECT l.invoice_id, l.quantity FROM invoice_lines l WHERE l.sku = $1 ORDER BY l.invoice_id LIMIT 50;
-- name: invoices_with_sku
-- types: text, bigint
-- common: SKU-00001 | 1
-- typical: SKU-01250 | 1250
-- rare: SKU-04000 | 9000
SELECT i.id, i.number FROM invoices i WHERE i.client_id = $2 AND EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.id AND l.sku = $1) ORDER BY i.issued_at DESC LIMIT 20;
-- name: invoices_without_payment
-- types: bigint
-- common: 1
-- typical: 1250
-- rare: 9000
SELECT i.id FROM invoices i WHERE i.client_id = $1 AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.invoice_id = i.id) ORDER BY i.issued_at DESC LIMIT 20;
-- name: payments_of_invoices
-- types: bigint[]
-- common: {1,3,5,7,9,100001,200001}
SELECT invoice_id, sum(amount_cents) FROM payments WHERE invoice_id = ANY($1) GROUP BY invoice_id;
-- name: payments_month
-- types: timestamptz, timestamptz
-- common: 2023-03-01 | 2023-04-01
-- typical: 2023-03-01 | 2023-03-08
-- rare: 2023-03-01 | 2023-03-02
SELECT method, count(*), sum(amount_cents) FROM payments WHERE received_at >= $1 AND received_at < $2 GROUP BY method;
-- name: payment_by_reference
-- types: text
-- common: REF500
SELECT id, amount_cents FROM payments WHERE reference = $1;
-- name: latest_payment_per_account
-- types: bigint
-- common: 1
-- typical: 3500
-- rare: 9900
SELECT a.id, p.received_at FROM accounts a LEFT JOIN LATERAL (SELECT received_at FROM payments p WHERE p.account_id = a.id ORDER BY received_at DESC LIMIT 1) p ON true WHERE a.client_id = $1;
-- name: subsidiaries
-- types: bigint
-- common: 5
WITH RECURSIVE tree AS (SELECT id, 0 AS depth FROM clients WHERE id = $1 UNION ALL SELECT c.id, depth + 1 FROM clients c JOIN tree t ON c.parent_id = t.id WHERE depth < 4) SELECT * FROM tree;
-- name: activity_union
-- types: bigint
-- common: 1
-- typical: 12000
-- rare: 35000
SELECT 'payment' AS what, received_at AS at, amount_cents FROM payments WHERE account_id = $1 UNION ALL SELECT 'transaction', booked_at, amount_cents FROM transactions WHERE account_id = $1 ORDER BY at DESC LIMIT 30;
-- name: running_balance
-- types: bigint
-- common: 2
-- typical: 10000
-- rare: 39500
SELECT id, sum(amount_cents) OVER (ORDER BY booked_at, id) FROM transactions WHERE account_id = $1 ORDER BY booked_at, id;
-- name: revenue_by_client_top
SELECT client_id, sum(total_cents) AS s FROM invoices WHERE status = 'paid' GROUP BY client_id ORDER BY s DESC LIMIT 10;
-- name: mark_invoice_paid
-- types: bigint
-- common: 42
UPDATE invoices SET status = 'paid', paid_at = now() WHERE id = $1;
-- name: delete_lines_of_invoice
-- types: bigint
-- common: 4242
DELETE FROM invoice_lines WHERE invoice_id = $1;
-- name: update_transaction_by_invoice
-- types: bigint
-- common: 777
UPDATE transactions SET memo = 'x' WHERE invoice_id = $1;
