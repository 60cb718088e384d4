-- What services/statements sends, letter for letter as Prisma's client writes it (LOG_QUERIES=1 shows it): an update of
-- Prisma that asks in another way is seen by the test that compares them, and judged here.

-- name: statement_client
-- GET /statements/{client}: who it is.
-- allow: offset -- Prisma's client writes OFFSET everywhere; nothing here skips, so it is 0
SELECT "financial"."clients"."id", "financial"."clients"."name", "financial"."clients"."country", "financial"."clients"."email", "financial"."clients"."created_at", "financial"."clients"."updated_at" FROM "financial"."clients" WHERE ("financial"."clients"."id" = $1 AND 1=1) LIMIT $2 OFFSET $3;

-- name: statement_invoices
-- Its first page.
-- param 2 = 'DRAFT'
-- param 3 = 21
-- param 4 = 0
-- allow: offset, filter -- OFFSET is always 0; drafts are few, and soon issued
SELECT "financial"."invoices"."id", "financial"."invoices"."client_id", "financial"."invoices"."number", "financial"."invoices"."status"::text, "financial"."invoices"."currency", "financial"."invoices"."total", "financial"."invoices"."due_on", "financial"."invoices"."issued_at", "financial"."invoices"."created_at", "financial"."invoices"."updated_at" FROM "financial"."invoices" WHERE ("financial"."invoices"."client_id" = $1 AND "financial"."invoices"."status" <> CAST($2::text AS "financial"."InvoiceStatus")) ORDER BY "financial"."invoices"."created_at" DESC, "financial"."invoices"."id" DESC LIMIT $3 OFFSET $4;

-- name: statement_paid
-- What was paid of the invoices on the page: here of one.
-- param 2 = 0
-- allow: offset -- Prisma's client writes OFFSET everywhere; nothing here skips, so it is 0
SELECT SUM("financial"."payments"."amount") AS "_sum$amount", "financial"."payments"."invoice_id" FROM "financial"."payments" WHERE "financial"."payments"."invoice_id" IN ($1) GROUP BY "financial"."payments"."invoice_id" OFFSET $2;

-- name: statement_accounts
-- The accounts that say what it owes, one for each currency.
-- param 2 = 'RECEIVABLE'
-- param 3 = 100
-- param 4 = 0
-- allow: offset -- Prisma's client writes OFFSET everywhere; nothing here skips, so it is 0
SELECT "financial"."accounts"."id", "financial"."accounts"."client_id", "financial"."accounts"."kind"::text, "financial"."accounts"."currency", "financial"."accounts"."name", "financial"."accounts"."created_at" FROM "financial"."accounts" WHERE ("financial"."accounts"."client_id" = $1 AND "financial"."accounts"."kind" = CAST($2::text AS "financial"."AccountKind")) ORDER BY "financial"."accounts"."currency" ASC LIMIT $3 OFFSET $4;

-- name: statement_balances
-- What it owes; here in one currency.
-- param 2 = 0
-- allow: offset -- Prisma's client writes OFFSET everywhere; nothing here skips, so it is 0
SELECT "financial"."account_balances"."account_id", "financial"."account_balances"."kind"::text, "financial"."account_balances"."currency", "financial"."account_balances"."balance" FROM "financial"."account_balances" WHERE "financial"."account_balances"."account_id" IN ($1) ORDER BY "financial"."account_balances"."currency" ASC OFFSET $2;

-- name: statement_after
-- The invoice that a page begins after.
-- param 2 = 1
-- param 3 = 0
-- allow: offset -- Prisma's client writes OFFSET everywhere; nothing here skips, so it is 0
SELECT "financial"."invoices"."id", "financial"."invoices"."client_id", "financial"."invoices"."created_at" FROM "financial"."invoices" WHERE ("financial"."invoices"."id" = $1 AND 1=1) LIMIT $2 OFFSET $3;

-- name: statement_invoices_after
-- Every other page.
-- param 2 = 'DRAFT'
-- param 7 = 21
-- param 8 = 0
-- allow: offset, filter -- OFFSET is always 0; drafts are few, and soon issued
SELECT "financial"."invoices"."id", "financial"."invoices"."client_id", "financial"."invoices"."number", "financial"."invoices"."status"::text, "financial"."invoices"."currency", "financial"."invoices"."total", "financial"."invoices"."due_on", "financial"."invoices"."issued_at", "financial"."invoices"."created_at", "financial"."invoices"."updated_at" FROM "financial"."invoices" WHERE ("financial"."invoices"."client_id" = $1 AND "financial"."invoices"."status" <> CAST($2::text AS "financial"."InvoiceStatus") AND "financial"."invoices"."created_at" <= $3 AND ("financial"."invoices"."created_at" < $4 OR ("financial"."invoices"."created_at" = $5 AND "financial"."invoices"."id" < $6))) ORDER BY "financial"."invoices"."created_at" DESC, "financial"."invoices"."id" DESC LIMIT $7 OFFSET $8;

-- name: statement_ready
-- GET /readyz.
SELECT FROM financial.clients LIMIT 1;
